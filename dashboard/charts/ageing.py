"""How long the open files have been in their stage, by months, the median marked."""

from collections.abc import Mapping
from typing import Any

import altair as alt

from dashboard.charts.theme import CALM, INK, LATE, chart_of, spec_of
from models.text import Translator

MOST_BARS = 24
HEIGHT = 280  # px
Links = Mapping[int, str]


def step_of(months: Mapping[int, int]) -> int:
    """How many months one bar spans, so that at most 24 bars hold all of them."""
    return max(months, default=0) // MOST_BARS + 1


def ageing(months: Mapping[int, int], median: float | None, links: Links, t: Translator) -> dict[str, Any]:
    """Bars of files by whole months in the stage; `links` gives the address of the bar that begins at a month."""
    step = step_of(months)
    held: dict[int, int] = {}
    for month, files in months.items():
        held[month - month % step] = held.get(month - month % step, 0) + files
    rows = [
        {"from": first, "to": first + step, "files": files, "href": links.get(first, ""), "said": _span(first, step, t)}
        for first, files in sorted(held.items())
    ]
    end = max(held, default=0) + step
    scale = alt.Scale(domain=[0, end], nice=False)
    bars = (
        chart_of(rows)
        .mark_bar(color=CALM, stroke="white", strokeWidth=1, cursor="pointer")
        .encode(
            x=alt.X("from:Q", scale=scale, title=t("Months in the present stage"), axis=_whole(grid=False)),
            x2="to:Q",
            y=alt.Y("files:Q", title=t("Files"), axis=_whole()),
            y2=alt.datum(0),
            href=alt.Href("href:N"),
            tooltip=[alt.Tooltip("said:N", title=t("Months")), alt.Tooltip("files:Q", title=t("Files"))],
        )
    )
    if median is None:
        return spec_of(bars.properties(width="container", height=HEIGHT), t)
    return spec_of((bars + _median(median, end, t)).properties(width="container", height=HEIGHT), t)


def _median(median: float, end: int, t: Translator) -> alt.LayerChart:
    said = t("median {months} months", months=t.number(median, 1))
    at = chart_of([{"at": median, "said": said}]).encode(x="at:Q")
    rule = at.mark_rule(color=LATE, strokeDash=[5, 3], strokeWidth=2)
    if median < end / 2:
        text = at.mark_text(align="left", dx=6, y=8, color=INK, fontWeight="bold")
    else:
        text = at.mark_text(align="right", dx=-6, y=8, color=INK, fontWeight="bold")
    drawn: alt.LayerChart = rule + text.encode(text="said:N")
    return drawn


def _span(first: int, step: int, t: Translator) -> str:
    return t("{first} to less than {last}", first=first, last=first + step)


def _whole(*, grid: bool = True) -> alt.Axis:
    return alt.Axis(format="d", tickMinStep=1, tickCount=8, grid=grid)
