"""The parts of a file's page below its head, in the order they are read."""

from collections.abc import Iterable, Iterator, Sequence

from dashboard.components.address import address
from dashboard.components.figures import article, days, due, money
from dashboard.components.markup import NOTHING, Html, el, join, link
from dashboard.components.record.links import fact_links, form_address, may_record
from dashboard.components.trace import marks, trace
from dashboard.context import PageContext
from models.clock import local
from models.enums import AccusedStatus, Bucket, EntryKind, EventKind, QualityKind
from models.queries.cases import AccusedRow, CaseFile, EntryRow, EventRow, FlagRow
from models.queries.difficulties import DifficultyRow
from models.queries.tasks import TaskRow
from models.rules.clocks import FileClock
from models.rules.lengths import parse_length
from models.rules.quality import QualityPoint
from models.rules.versions import Subject
from models.rules.words import Refusal
from models.text import Translator

FIRST_POINTS = 4  # data-quality points shown at once


def panel(title: str, *body: str) -> Html:
    """A titled part of the page."""
    return el("section", el("h2", title), *body, class_="panel")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, label: str) -> Html:
    """A plain table of ready cells."""
    head = el("tr", *(el("th", heading, scope="col") for heading in headings))
    body = (el("tr", *(el("td", cell) for cell in row)) for row in rows)
    return el("table", el("thead", head), el("tbody", *body), class_="files", aria_label=label)


def quiet(said: str) -> Html:
    """A sentence in place of an empty table."""
    return el("p", said, class_="quiet")


def what_is_wrong(ctx: PageContext, file: CaseFile) -> Html:
    """Every flag as a sentence, since when it holds, what would clear it, and who has acknowledged it."""
    t = ctx.t
    if not file.flags:
        return panel(t("What is wrong"), quiet(t("Nothing is flagged on this day.")))
    noted = {(row.rule, row.subject, row.opened_on): row for row in file.flag_history}
    items = (
        el(
            "li", el("b", t.label(flag.rule), class_="late"), " ", t("since {day}", day=flag.since), ". ",
            t.words(flag.why), el("small", t("What clears it: {what}", what=t.words(flag.clears))),
            _acknowledged(ctx, noted.get((flag.rule, flag.subject, flag.since))), data_flag=flag.rule,
        )
        for flag in file.flags
    )  # fmt: skip
    return panel(t("What is wrong"), el("ul", *items))


def _acknowledged(ctx: PageContext, row: FlagRow | None) -> Html:
    """Who set the flag aside, until when and why, as far as the day shown knows of it."""
    t = ctx.t
    if row is None or row.acknowledged_at is None or local(row.acknowledged_at).date() > ctx.as_of:
        return NOTHING
    given = {"who": row.acknowledged_by or t("system"), "day": row.look_again_on, "reason": row.acknowledged_reason}
    if row.is_set_aside(ctx.as_of):
        said = t("Acknowledged by {who} until {day}: {reason}", **given)
    else:
        said = t("Acknowledged by {who} until {day}: {reason}. It is time to look again.", **given)
    return el("small", el("b", said), data_acknowledged=row.id)


def data_quality(ctx: PageContext, code: str, points: Sequence[QualityPoint], told: Html = NOTHING) -> Html:
    """What the records of the file leave open, with what to do, below what is `told` of them; nothing without both."""
    t = ctx.t
    if not points:
        return panel(t("Data-quality points"), told) if told else NOTHING
    items = (
        el(
            "li", el("b", t.label(point.kind)), ". ", t.words(point.why),
            el("small", t("What to do: {what}", what=t.words(point.fix)), " ", _mend(ctx, code, point)),
            data_quality=point.kind,
        )
        for point in points
    )  # fmt: skip
    shown = list(items)
    listed = el("ul", *shown[:FIRST_POINTS])
    if more := shown[FIRST_POINTS:]:
        said = t.n("{n} more point", "{n} more points", len(more))
        listed = join([listed, el("details", el("summary", said), el("ul", *more))])
    return panel(t("Data-quality points"), told, listed)


def _mend(ctx: PageContext, code: str, point: QualityPoint) -> Html:
    """The way to the form that puts it right."""
    if not may_record(ctx):
        return NOTHING
    if point.kind is QualityKind.MERGE_UNCLEAR:
        return link(form_address(ctx, code, "settle_merger", point.event_id), ctx.t("Say it"))
    if not point.event_id:
        return link(form_address(ctx, code, "details"), ctx.t("Correct the description"))
    return link(form_address(ctx, code, "correct_event", point.event_id), ctx.t("Correct"))


def events_list(ctx: PageContext, code: str, events: Sequence[EventRow]) -> Html:
    """The dated facts, newest first, with their documents and the ways to correct them."""
    t = ctx.t
    rows = (
        (
            t.date(event.happened_on, monthly=event.monthly),
            join([t.label(event.kind), el("small", event.detail) if event.detail else NOTHING]),
            join([event.document or "–", el("small", event.body) if event.body else NOTHING]),
            join(list(_event_more(t, event)), " "),
            fact_links(ctx, code, Subject.EVENT, event.id),
        )
        for event in events
    )
    headings = (t("Date"), t("Event"), t("Document"), t("Amount, length, accused"), "")
    return table(headings, rows, label=t("Events"))


def _event_more(t: Translator, event: EventRow) -> Iterator[str]:
    if event.amount_vnd is not None:
        yield money(t, event.amount_vnd)
    if event.length:
        yield _length(t, event.length)
    if event.accused:
        yield event.accused


def _length(t: Translator, text: str) -> str:
    try:
        return t.words(parse_length(text).words())
    except Refusal:
        return text


def clocks_table(ctx: PageContext, clocks: Sequence[FileClock]) -> Html:
    """Every limit of the file, the running one first."""
    t = ctx.t
    if not clocks:
        return panel(t("Time limits"), quiet(t("No statutory limit has run in this file yet.")))
    headings = (t("Limit of"), t("Start"), t("Limit"), t("Last day"), t("State"))
    head = el("tr", *(el("th", heading, scope="col") for heading in headings))
    body = (_clock(ctx, clock, len(headings)) for clock in reversed(clocks))
    drawn = el("table", el("thead", head), el("tbody", *body), class_="files", aria_label=t("Time limits"))
    return panel(t("Time limits"), drawn)


def _clock(ctx: PageContext, clock: FileClock, columns: int) -> Html:
    """The clock's own row, and under it the row with its reasons."""
    t = ctx.t
    name = t.words(clock.name)
    cells = (
        el("b", name) if clock.stopped is None else name, _start(t, clock), _limit(t, clock), _last_day(t, clock),
        _state(ctx, clock),
    )  # fmt: skip
    row = el("tr", *(el("td", cell) for cell in cells), data_clock=clock.rule)
    return join([row, el("tr", el("td", trace(ctx, clock), colspan=columns), class_="steps")])


def _start(t: Translator, clock: FileClock) -> Html:
    said = t.date(clock.start.on, monthly=clock.start.monthly)
    event = t.label(EventKind(clock.start.kind))
    return join([said, el("small", t("in place of: {event}", event=event) if clock.stand_in else event)])


def _limit(t: Translator, clock: FileClock) -> Html:
    if clock.due is None:
        return Html("–")
    parts = (clock.due.base, *clock.due.extensions)
    said = " + ".join(t.words(length.words()) for length in parts)
    return join([said, el("small", article(t, clock.due.article))])


def _last_day(t: Translator, clock: FileClock) -> Html:
    notes = " · ".join(marks(t, clock.due, doubtful=clock.stand_in))
    said = t.date(clock.due.due_on) if clock.due else "–"
    return join([said, el("small", notes) if notes else NOTHING])


def _state(ctx: PageContext, clock: FileClock) -> Html:
    t = ctx.t
    if clock.stopped is None:
        late = (ctx.as_of - clock.due.due_on).days if clock.due else None
        said = days(t, late, Bucket.CANNOT_TELL)
        return join([el("b", t("running")), el("small", said, class_="late" if (late or 0) > 0 else None)])
    ended = f"{t.date(clock.stopped.on, monthly=clock.stopped.monthly)} · {t.label(EventKind(clock.stopped.kind))}"
    return join([_outcome(t, clock), el("small", ended)])


def _outcome(t: Translator, clock: FileClock) -> Html:
    if clock.state == "missed" and clock.due and clock.stopped:
        late = (clock.stopped.on - clock.due.due_on).days
        return el("b", t.n("met {n} day late", "met {n} days late", late), class_="late")
    said = {"met": t("met in time"), "stopped": t("suspended")}.get(clock.state, t("cannot be told"))
    return el("span", said)


def accused_table(ctx: PageContext, code: str, accused: Sequence[AccusedRow], count: int | None) -> Html:
    """The accused by code, each with the own status."""
    t = ctx.t
    if not accused:
        said = t.n("{n} accused; not listed one by one.", "{n} accused; not listed one by one.", count or 0)
        return panel(t("Accused"), quiet(said if count else t("No accused is recorded.")))
    rows = (
        (
            el("b", row.code),
            join([t.label(AccusedStatus(row.status)), el("small", t("since {day}", day=row.status_on))]),
            article(t, f"{row.article}({row.paragraph})" if row.paragraph else row.article),
            row.official_level or "–",
            fact_links(ctx, code, Subject.ACCUSED, row.code),
        )
        for row in accused
    )
    headings = (t("Code"), t("Status"), t("Charged under"), t("Position"), "")
    return panel(t("Accused"), table(headings, rows, label=t("Accused")))


def entries_table(ctx: PageContext, code: str, entries: Sequence[EntryRow]) -> Html:
    """The ledger of the file, newest first."""
    t = ctx.t
    rows = (
        (
            t.date(row.happened_on, monthly=row.monthly),
            join([t.label(row.quantity), el("small", t.label(row.kind) if row.kind is EntryKind.MOVEMENT else "")]),
            _amount(t, row),
            row.document or row.source or "–",
            fact_links(ctx, code, Subject.MONEY, row.id),
        )
        for row in entries
    )
    headings = (t("Date"), t("Quantity"), t("Amount"), t("Document"), "")
    return table(headings, rows, label=t("Entries"))


def _amount(t: Translator, row: EntryRow) -> Html:
    if not row.asset_kind:
        return money(t, row.amount_vnd)
    units = " ".join(part for part in (row.units, row.unit) if part)
    worth = money(t, row.amount_vnd) if row.amount_vnd else NOTHING
    return join([" ".join(part for part in (row.asset_kind, units) if part), " ", worth])


def difficulties_table(ctx: PageContext, code: str, rows: Sequence[DifficultyRow]) -> Html:
    """What stands in the way and what was proposed, the open ones first."""
    t = ctx.t
    if not rows:
        return panel(t("Difficulties and proposals"), quiet(t("No difficulty or proposal is recorded.")))
    cells = (
        (
            t.date(row.raised_on),
            join([el("b", t.label(row.kind)), el("small", row.text)]),
            join(
                [
                    row.addressed_to or "–",
                    el("small", t("raised by {who}", who=row.raised_by)) if row.raised_by else NOTHING,
                ]
            ),
            _settled(t, row),
            fact_links(ctx, code, Subject.DIFFICULTY, row.id, *_ways_to_settle(t, row)),
        )
        for row in rows
    )
    headings = (t("Raised on"), t("Content"), t("Addressed to"), t("State"), "")
    return panel(t("Difficulties and proposals"), table(headings, cells, label=t("Difficulties and proposals")))


def _settled(t: Translator, row: DifficultyRow) -> Html:
    said = t("settled on {day}", day=row.settled_on) if row.settled_on else t("not settled")
    return join([el("b", said), el("small", row.answer) if row.answer else NOTHING])


def _ways_to_settle(t: Translator, row: DifficultyRow) -> tuple[tuple[str, str], ...]:
    return () if row.settled_on else (("settle_difficulty", t("Answer")),)


def tasks_table(ctx: PageContext, tasks: Sequence[TaskRow]) -> Html:
    """What the committee asked for in this file."""
    t = ctx.t
    if not tasks:
        return panel(t("Tasks"), quiet(t("The committee has given no task in this file.")))
    rows = (
        (
            link(address(ctx, "/tasks", task=row.code), row.code),
            row.content,
            row.agency_vi if ctx.language == "vi" else row.agency_en or row.agency_vi,
            due(t, row.due_on, approximate=False),
            join([t.label(row.status), _late_task(t, row)]),
        )
        for row in tasks
    )
    headings = (t("Code"), t("Task"), t("Agency"), t("Due"), t("State"))
    return panel(t("Tasks"), table(headings, rows, label=t("Tasks")))


def _late_task(t: Translator, row: TaskRow) -> Html:
    if not row.days_late:
        return NOTHING
    return el("small", t.n("{n} day late", "{n} days late", row.days_late), class_="late")


def history(ctx: PageContext, file: CaseFile) -> Html:
    """Who recorded what and when, newest first; closed until somebody asks."""
    t = ctx.t
    facts = [
        (event.recorded_at, event.recorded_by, t("{event} of {day}", event=event.kind, day=event.happened_on))
        for event in file.events
    ]
    rows = sorted(facts, key=lambda row: row[0], reverse=True)
    shown = ((t.time(at), by or t("import or system"), what) for at, by, what in rows)
    body = table((t("Recorded at"), t("By"), t("What")), shown, label=t("History"))
    said = t.n("{n} fact recorded", "{n} facts recorded", len(rows))
    return panel(t("History"), el("details", el("summary", said), body))
