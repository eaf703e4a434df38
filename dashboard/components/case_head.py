"""The head of a file: what it is, where it stands, its next date and why."""

from collections.abc import Iterator

from dashboard.components.figures import article, days, due
from dashboard.components.file_table import file_link
from dashboard.components.markup import NOTHING, Html, el, join, link
from dashboard.components.record.links import form_address, history_link, may_record
from dashboard.components.trace import marks, sentences, trace
from dashboard.context import PageContext
from models.enums import Kind
from models.queries.cases import CaseFile
from models.rules.reasons import deciding_clock
from models.rules.versions import Subject


def case_head(ctx: PageContext, file: CaseFile, *, why_open: bool) -> Html:
    """Kind, categories, stage, agency, supervision on the left; the date that counts on the right."""
    facts = (join([el("dt", name), el("dd", value)]) for name, value in _facts(ctx, file))
    return el(
        "div", el("section", el("dl", *facts), _ways(ctx, file), class_="panel facts"), _next_date(ctx, file, why_open),
        class_="two head",
    )  # fmt: skip


def _ways(ctx: PageContext, file: CaseFile) -> Html:
    """To the correction of the description, for who may, and to its history."""
    ways = [link(form_address(ctx, file.code, "details"), ctx.t("Correct"))] if may_record(ctx) else []
    return el("p", join([*ways, history_link(ctx, file.code, Subject.DETAIL)], " · "), class_="ways")


def case_title(ctx: PageContext, file: CaseFile) -> str:
    """The title in the reader's language, as far as there is one."""
    return file.detail.title_en if ctx.language == "en" and file.detail.title_en else file.detail.title


def _facts(ctx: PageContext, file: CaseFile) -> Iterator[tuple[str, str]]:
    t, detail, verdict = ctx.t, file.detail, file.verdict
    kind = t("Criminal case") if verdict.kind is Kind.CASE else t.label(verdict.kind)
    categories = ", ".join(t.label(each) for each in file.categories)
    yield t("Kind"), " · ".join(part for part in (kind, categories) if part)
    yield t("Stage"), _stage(ctx, file)
    yield t("Whose move"), t.label(verdict.owner)
    yield t("Lead agency"), file.lead_agency or "–"
    since = t.date(detail.supervised_from) if detail.supervised_from else _placed(ctx, file)
    yield t("Supervised since"), " · ".join(part for part in (since, detail.supervised_by) if part)
    if detail.offence_articles:
        severity = f" ({t.label(detail.severity)})" if detail.severity else ""
        yield t("Offence"), f"{t.articles(detail.offence_articles)}{severity}"
    if detail.locality or detail.sector:
        yield t("Place, sector"), " · ".join(part for part in (detail.locality, detail.sector) if part)
    if file.responsible:
        yield t("Followed by"), file.responsible
    if file.origin:
        yield t("Grew from"), file_link(ctx, file.origin)
    if file.grew_into:
        yield t("Grew into"), join([file_link(ctx, code) for code in file.grew_into], ", ")


def _placed(ctx: PageContext, file: CaseFile) -> str:
    placed = [event.happened_on for event in file.events if event.kind.value == "placed_under_supervision"]
    return ctx.t.date(min(placed)) if placed else "–"


def _stage(ctx: PageContext, file: CaseFile) -> str:
    t, verdict = ctx.t, file.verdict
    said = [t.label(verdict.stage)]
    if verdict.round > 1:
        said.append(t("round {n}", n=verdict.round))
    if verdict.stage_since:
        said.append(t("since {day}", day=verdict.stage_since))
    return " · ".join(said) if verdict.is_open else f"{said[0]} · {t('ended')}"


def _next_date(ctx: PageContext, file: CaseFile, why_open: bool) -> Html:
    t, verdict = ctx.t, file.verdict
    if not verdict.is_open:
        return el("section", el("h2", t("Next date")), el("p", t("The file is no longer open.")), class_="panel next")
    if verdict.due_on is None:
        said = sentences(t, verdict.why)
        return el(
            "section", el("h2", t("Next date")), el("p", t.label(verdict.bucket), class_="big"), el("p", said),
            class_="panel next",
        )  # fmt: skip
    running = deciding_clock(file.clocks, verdict)
    notes = " · ".join(marks(t, verdict.due, doubtful=verdict.approximate))
    late = (verdict.days_late or 0) > 0
    return el(
        "section",
        el("h2", t("Limit that ended") if late else t("Next date")),
        el(
            "p", el("span", due(t, verdict.due_on, approximate=verdict.approximate), data_figure="case.due_on",
                    data_value=verdict.due_on.isoformat()),
            " ", el("b", days(t, verdict.days_late, verdict.bucket), class_="late" if late else None), class_="big",
        ),
        el("p", sentences(t, verdict.why[:1])),
        el("p", notes or article(t, verdict.article), class_="quiet"),
        trace(ctx, running, is_open=why_open) if running else NOTHING,
        class_="panel next alarm" if late else "panel next",
    )  # fmt: skip
