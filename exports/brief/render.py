"""The session brief on paper: one page, the same head, foot and proof as every paper; behind it why its dates."""

from docx.document import Document

from exports import paper, reasons, word
from exports.brief.data import NAMED, BriefReport
from exports.figure import Printer, unmarked
from exports.reasons import Dates
from models.text import Translator

LISTED = 6  # codes per list, so that the brief stays on one page
WITH_LIMITS = "newly_late"  # the list whose files are named with their limit, not only coded
TITLE = 50  # characters of a title


def render(brief: BriefReport, t: Translator) -> tuple[Document, Printer]:
    """The document, and the printer that knows which figures stand in it."""
    show, dates = Printer(brief.figures, t), Dates(brief.reasons, t)
    of = brief.paper
    abstract = t(
        "what changed between session {before} and session {number} of the Steering Committee of {province}",
        before=str(of.since),
        number=str(of.session),
        province=paper.province_name(of, t),
    )
    made = paper.begin(of, abstract, t)
    paper.notes(
        made,
        [_opening(brief, show, t), *_changes(brief, show, dates, t), _money(brief, show, t), _tasks(show, t)],
        "Brief Text",
    )
    if brief.corrected:
        paper.notes(made, [_corrected(show, t)], "Brief Text")
    paper.end(made, of)
    _reasons(made, brief, show, dates, t)
    return made, show


def _opening(brief: BriefReport, show: Printer, t: Translator) -> str:
    return t(
        "As of {as_of}: {open} under monitoring and direction, of which {late} past a statutory limit and {soon} due "
        "soon. "
        "Since the session of {since}:",
        as_of=brief.paper.as_of,
        since=brief.since_on,
        open=_files(show, t, "files.open"),
        late=_files(show, t, "files.late"),
        soon=_files(show, t, "bucket.due_soon"),
    )


def _changes(brief: BriefReport, show: Printer, dates: Dates, t: Translator) -> list[str]:
    headings = {
        "new": t("New"),
        "ended": t("Ended"),
        "moved": t("Moved to another stage"),
        "newly_late": t("Newly late"),
        "no_longer_late": t("No longer late"),
    }
    return [
        f"- {heading}: {show(f'brief.{name}')}{_named(brief, name, dates, t)}." for name, heading in headings.items()
    ]


def _named(brief: BriefReport, name: str, dates: Dates, t: Translator) -> str:
    files = brief.files[name]
    if not files:
        return ""
    named = name == WITH_LIMITS
    shown = files[: NAMED if named else LISTED]
    listed = [_with_limit(brief, code, title, dates, t) if named else code for code, title in shown]
    more = len(files) - len(shown)
    if more > 0:
        listed.append(t("{n} more", n=more))
    return ": " + "; ".join(listed)


def _with_limit(brief: BriefReport, code: str, title: str, dates: Dates, t: Translator) -> str:
    reason = brief.reasons.get(code)
    limit = dates.linked(code, t("limit {day}", day=reason.due_on)) if reason else ""
    said = ", ".join(part for part in (_short(title), limit) if part)
    return f"{code} ({said})" if said else code


def _reasons(made: Document, brief: BriefReport, show: Printer, dates: Dates, t: Translator) -> None:
    """Behind the one page: why the limits named in it ended on those days."""
    if not brief.reasons:
        return
    word.paragraph(made, t("ANNEX"), "Annex Number").paragraph_format.page_break_before = True
    word.paragraph(made, reasons.title(t), "Annex Title")
    word.paragraph(made, reasons.note(t), "Annex Note")
    reasons.draw(made, dates, dict(brief.files[WITH_LIMITS]), show)


def _short(title: str) -> str:
    kept = unmarked(title)
    return kept if len(kept) <= TITLE else kept[: TITLE - 1].rsplit(" ", 1)[0] + "…"


def _money(brief: BriefReport, show: Printer, t: Translator) -> str:
    if not show.value("money.must_recover"):
        return t(
            "- Recovered since: {amount}; recovered in all up to {as_of} {total}; no amount to be recovered is "
            "recorded.",
            amount=show("brief.recovered", "prose"),
            total=show("money.recovered", "prose"),
            as_of=brief.paper.as_of,
        )
    return t(
        "- Recovered since: {amount}; recovered in all up to {as_of} {total}, of which {part} in the files with an "
        "amount to be recovered, which is {rate} of {base} to be recovered.",
        amount=show("brief.recovered", "prose"),
        total=show("money.recovered", "prose"),
        part=show("money.recovered.against_must_recover", "prose"),
        rate=show("rate.strict", "prose"),
        base=show("money.must_recover", "prose"),
        as_of=brief.paper.as_of,
    )


def _tasks(show: Printer, t: Translator) -> str:
    if not show.value("brief.tasks_total"):
        return t(
            "- Conclusions of the session before: no task recorded; tasks late in all: {late}.", late=show("tasks.late")
        )
    return t(
        "- Conclusions of the session before: {done} of {total} tasks completed; tasks late in all: {late}.",
        done=show("brief.tasks_done"),
        total=show("brief.tasks_total"),
        late=show("tasks.late"),
    )


def _corrected(show: Printer, t: Translator) -> str:
    return t("- Figures of the session before that have since been corrected: {n}.", n=show("brief.corrected"))


def _files(show: Printer, t: Translator, figure: str) -> str:
    return t.n("{files} file", "{files} files", show.value(figure), files=show(figure))
