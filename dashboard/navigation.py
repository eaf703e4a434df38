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
    section: str = ""  # heading under which it stands once the bar is full


ROOM = 6  # pages that stand side by side on a tablet; with more, sections fold up

PAGES: tuple[PageEntry, ...] = (
    PageEntry("overview", "", ":material/monitoring:", N_("Overview"), Action.READ_FILES),
    PageEntry("cases", "cases", ":material/folder_open:", N_("Cases and incidents"), Action.READ_FILES),
    PageEntry("case", "case", ":material/description:", N_("File"), Action.READ_FILES, hidden=True),
    PageEntry("search", "search", ":material/search:", N_("Search"), Action.READ_FILES, hidden=True),
    PageEntry("deadlines", "deadlines", ":material/event_busy:", N_("Deadlines"), Action.READ_FILES),
    PageEntry("tasks", "tasks", ":material/task_alt:", N_("Tasks"), Action.READ_FILES),
    PageEntry("sessions", "sessions", ":material/groups:", N_("Sessions"), Action.READ_COMMITTEE),
    PageEntry("assets", "assets", ":material/account_balance:", N_("Asset recovery"), Action.READ_ALL),
    PageEntry(
        "coordination", "coordination", ":material/sync_alt:", N_("Coordination"), Action.READ_FILES, section=N_("Data")
    ),
    PageEntry("reports", "reports", ":material/article:", N_("Reports"), Action.REPORT),
    PageEntry("import_cases", "import", ":material/upload_file:", N_("Import"), Action.RECORD, section=N_("Data")),
    PageEntry("runs", "runs", ":material/schedule:", N_("Scheduled runs"), Action.READ_RUNS, section=N_("Data")),
    PageEntry(
        "settings", "settings", ":material/gavel:", N_("Rules and calendar"), Action.READ_REFERENCE, section=N_("Data")
    ),
    PageEntry("audit", "audit", ":material/policy:", N_("Audit"), Action.READ_AUDIT, section=N_("Data")),
    PageEntry("people", "people", ":material/group:", N_("Accounts"), Action.MANAGE_PEOPLE),
)


def pages_for(viewer: Viewer) -> tuple[PageEntry, ...]:
    """The pages `viewer` may open, in order; the first one is where a sign-in lands."""
    return tuple(entry for entry in PAGES if may(viewer, entry.needs))


def sections(offered: tuple[PageEntry, ...]) -> dict[str, list[PageEntry]]:
    """All pages by the heading of their section; without headings while there is room for those `offered`."""
    crowded = len([entry for entry in offered if not entry.hidden]) > ROOM
    by_heading: dict[str, list[PageEntry]] = {}
    for entry in PAGES:
        heading = entry.section if crowded and entry in offered else ""
        by_heading.setdefault(heading, []).append(entry)
    return by_heading
