"""The course of one file: a bar per stage and round, the statutory limits as marks, extensions, today."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import altair as alt

from dashboard.charts.theme import CALM, GREY, INK, LATE, QUIET, chart_of, spec_of
from models.text import Translator

ROW_HEIGHT = 30  # px
SHORT = timedelta(days=240)


class StageBar(NamedTuple):
    """A stage from its first day to the first day of what follows. `look`: past, present or paused."""

    name: str
    first: date
    last: date
    look: str
    said: str


class Mark(NamedTuple):
    """A day on a stage's row. `look`: met, missed, ahead (limits) or extension."""

    name: str
    on: date
    look: str
    said: str


LOOKS = {"past": CALM, "present": "#8f8577", "paused": QUIET}
LIMITS = {"met": GREY, "missed": LATE, "ahead": INK}


def timeline(bars: Sequence[StageBar], marks: Sequence[Mark], today: date, t: Translator) -> dict[str, Any]:
    """Stages downwards in time; a tick is the last day of a limit, red when it was missed; a diamond an extension."""
    names = list(dict.fromkeys(bar.name for bar in bars))
    y = alt.Y("name:N", sort=names, title=None, axis=_names())
    days = [day for bar in bars for day in (bar.first, bar.last)] + [mark.on for mark in marks] + [today]
    x = alt.X("on:T", title=None, scale=alt.Scale(domain=[_at(min(days)), _at(max(days) + timedelta(days=12))]),
              axis=alt.Axis(format=_format(days), tickCount=8, grid=True))  # fmt: skip
    drawn: list[Any] = [
        _bars(bars, x, y, t),
        _today(today, x, t),
        _ticks([mark for mark in marks if mark.look in LIMITS], x, y, t),
        _diamonds([mark for mark in marks if mark.look not in LIMITS], x, y, t),
    ]
    chart = (
        alt.layer(*drawn).resolve_scale(color="independent").properties(width="container", height=alt.Step(ROW_HEIGHT))
    )
    return spec_of(chart, t)


def _bars(bars: Sequence[StageBar], x: alt.X, y: alt.Y, t: Translator) -> alt.Chart:
    rows = [
        {"name": bar.name, "on": _at(bar.first), "to": _at(bar.last), "look": bar.look, "said": bar.said}
        for bar in bars
    ]
    said = alt.Tooltip("said:N", title=t("Stage"))
    drawn: alt.Chart = (
        chart_of(rows).mark_bar(height=14).encode(x=x, x2="to:T", y=y, color=_colour(LOOKS), tooltip=said)
    )
    return drawn


def _ticks(marks: Sequence[Mark], x: alt.X, y: alt.Y, t: Translator) -> alt.Chart:
    said = alt.Tooltip("said:N", title=t("Limit"))
    ticks = chart_of(_rows(marks)).mark_tick(thickness=3, size=24, opacity=1)
    drawn: alt.Chart = ticks.encode(x=x, y=y, color=_colour(LIMITS), tooltip=said)
    return drawn


def _diamonds(marks: Sequence[Mark], x: alt.X, y: alt.Y, t: Translator) -> alt.Chart:
    points = chart_of(_rows(marks)).mark_point(
        shape="diamond", size=90, filled=True, color="white", stroke=INK, strokeWidth=1.5, opacity=1
    )
    drawn: alt.Chart = points.encode(x=x, y=y, tooltip=alt.Tooltip("said:N", title=t("Extension")))
    return drawn


def _today(today: date, x: alt.X, t: Translator) -> alt.Chart:
    rule = chart_of([{"on": _at(today), "said": t.date(today)}]).mark_rule(color=GREY, strokeDash=[3, 3])
    drawn: alt.Chart = rule.encode(x=x, tooltip=alt.Tooltip("said:N", title=t("Day shown")))
    return drawn


def _colour(looks: dict[str, str]) -> alt.Color:
    return alt.Color("look:N", scale=alt.Scale(domain=list(looks), range=list(looks.values())), legend=None)


def _rows(marks: Sequence[Mark]) -> list[dict[str, str]]:
    return [{"name": mark.name, "on": _at(mark.on), "look": mark.look, "said": mark.said} for mark in marks]


def _format(days: Sequence[date]) -> str:
    """Months on a long axis, days on a short one, so that no two ticks say the same."""
    return "%m/%Y" if max(days) - min(days) > SHORT else "%d/%m/%Y"


def _at(day: date) -> str:
    """The day's midnight wherever the reader is, so that no zone moves it to the day before."""
    return f"{day.isoformat()}T00:00:00"


def _names() -> alt.Axis:
    return alt.Axis(domain=False, ticks=False, labelLimit=240, labelPadding=8)
