"""The course of a file as rows for its chart."""

from collections.abc import Iterator, Sequence

from dashboard.charts.timeline import Mark, StageBar
from dashboard.context import PageContext
from models.enums import EventKind
from models.queries.cases import CaseFile
from models.rules.clocks import FileClock
from models.rules.spans import Span

EXTENSIONS = (
    EventKind.INVESTIGATION_EXTENDED, EventKind.PROSECUTION_EXTENDED, EventKind.TRIAL_PREP_EXTENDED,
    EventKind.DETENTION_EXTENDED, EventKind.VERIFICATION_EXTENDED, EventKind.FILE_DELIVERY_EXTENDED,
    EventKind.TRIAL_OPENING_EXTENDED, EventKind.INSPECTION_EXTENDED,
)  # fmt: skip


def stage_bars(ctx: PageContext, spans: Sequence[Span]) -> list[StageBar]:
    """A bar per span; the last one reaches to the day shown."""
    return [
        StageBar(_name(ctx, span), span.first, span.last or ctx.as_of, _look(span), _said(ctx, span)) for span in spans
    ]


def marks_of(ctx: PageContext, file: CaseFile) -> list[Mark]:
    """The last days of the limits, and the extensions, each on the row of the stage it belongs to."""
    return [*_limits(ctx, file), *_extensions(ctx, file)]


def _limits(ctx: PageContext, file: CaseFile) -> Iterator[Mark]:
    for clock in file.clocks:
        span = _span_on(file.spans, clock)
        if clock.due and span:
            said = f"{ctx.t.words(clock.name)}: {ctx.t.date(clock.due.due_on)}"
            yield Mark(_name(ctx, span), clock.due.due_on, _fate(ctx, clock), said)


def _extensions(ctx: PageContext, file: CaseFile) -> Iterator[Mark]:
    for event in file.events:
        span = next((each for each in reversed(file.spans) if each.first <= event.happened_on), None)
        if event.kind in EXTENSIONS and span:
            said = f"{ctx.t.label(event.kind)}: {ctx.t.date(event.happened_on)}"
            yield Mark(_name(ctx, span), event.happened_on, "extension", said)


def _span_on(spans: Sequence[Span], clock: FileClock) -> Span | None:
    return next((span for span in reversed(spans) if span.first <= clock.start.on), None)


def _fate(ctx: PageContext, clock: FileClock) -> str:
    assert clock.due is not None
    if clock.stopped is None:
        return "missed" if ctx.as_of > clock.due.due_on else "ahead"
    return "missed" if clock.state == "missed" else "met"


def _name(ctx: PageContext, span: Span) -> str:
    stage = ctx.t.label(span.stage)
    return f"{stage} ({ctx.t('round {n}', n=span.round)})" if span.round > 1 else stage


def _look(span: Span) -> str:
    if span.paused:
        return "paused"
    return "present" if span.last is None else "past"


def _said(ctx: PageContext, span: Span) -> str:
    t = ctx.t
    ends = t.date(span.last) if span.last else t("today") if ctx.as_of == ctx.today else t.date(ctx.as_of)
    said = f"{_name(ctx, span)}: {t.date(span.first)} – {ends}"
    return f"{said} ({t('suspended')})" if span.paused else said
