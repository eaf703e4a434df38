"""The table of pages: key, address, icon, words, and what a viewer must be allowed to do to see it."""

from dataclasses import dataclass

from models.enums import N_
from models.rules.access import Action, Viewer, may


@dataclass(frozen=True)
class PageEntry:
    """One page: `dashboard/pages/<key>.py` with its `render(ctx)`."""

    key: str
    url: str
    icon: str
    title: str
    needs: Action
    hidden: bool = False


PAGES: tuple[PageEntry, ...] = (
    PageEntry("overview", "", ":material/monitoring:", N_("Overview"), Action.READ_FILES),
    PageEntry("cases", "cases", ":material/folder_open:", N_("Cases and incidents"), Action.READ_FILES),
    PageEntry("case", "case", ":material/description:", N_("File"), Action.READ_FILES, hidden=True),
    PageEntry("deadlines", "deadlines", ":material/event_busy:", N_("Deadlines"), Action.READ_FILES),
    PageEntry("tasks", "tasks", ":material/task_alt:", N_("Tasks"), Action.READ_FILES),
    PageEntry("assets", "assets", ":material/account_balance:", N_("Asset recovery"), Action.READ_FILES),
    PageEntry("reports", "reports", ":material/article:", N_("Reports"), Action.REPORT),
    PageEntry("import_cases", "import", ":material/upload_file:", N_("Import"), Action.RECORD),
    PageEntry("runs", "runs", ":material/schedule:", N_("Scheduled runs"), Action.READ_RUNS),
    PageEntry("people", "people", ":material/group:", N_("Accounts"), Action.MANAGE_PEOPLE),
)


def pages_for(viewer: Viewer) -> tuple[PageEntry, ...]:
    """The pages `viewer` may open, in order; the first one is where a sign-in lands."""
    return tuple(entry for entry in PAGES if may(viewer, entry.needs))
