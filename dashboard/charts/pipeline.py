"""Open files per stage, in the order of proceedings, the late part darker."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt

from dashboard.charts.theme import CALM, GREY, INK, LATE, chart_of, spec_of
from models.text import Translator

ROW_HEIGHT = 26  # px


class StageBar(NamedTuple):
    """One stage: its name, its open files, how many of them are late, and where the bar leads."""

    stage: str
    files: int
    late: int
    href: str


def pipeline(bars: Sequence[StageBar], t: Translator) -> dict[str, Any]:
    """One bar per stage; at its end the number of files, and of late ones if there are any."""
    rows = [
        {"stage": bar.stage, "href": bar.href, "part": part, "from": first, "to": last, "said": said}
        for bar in bars
        for part, first, last, said in _parts(bar, t)
    ]
    base = chart_of(rows).encode(
        y=alt.Y("stage:N", sort=[bar.stage for bar in bars], title=None, axis=_names()),
        href=alt.Href("href:N"),
    )
    drawn = base.mark_bar(height=16, cursor="pointer").encode(
        x=alt.X("from:Q", title=None, axis=None),
        x2="to:Q",
        color=alt.Color("part:N", scale=alt.Scale(domain=["late", "other"], range=[LATE, CALM]), legend=None),
        tooltip=alt.Tooltip("said:N", title=t("Files")),
    )
    ends = base.transform_filter("datum.part == 'other'").encode(x=alt.X("to:Q", axis=None), text="said:N")
    numbers = ends.mark_text(align="left", dx=6, color=INK)
    height = alt.Step(ROW_HEIGHT)
    return spec_of((drawn + numbers).properties(width="container", height=height), t)


def _parts(bar: StageBar, t: Translator) -> list[tuple[str, int, int, str]]:
    """The late part at the left, then the others; both carry the same words."""
    said = t.number(bar.files)
    if bar.late:
        said = t("{files} ({late} late)", files=bar.files, late=bar.late)
    return [("late", 0, bar.late, said), ("other", bar.late, bar.files, said)]


def _names() -> alt.Axis:
    return alt.Axis(domain=False, ticks=False, labelLimit=220, labelPadding=8, titleColor=GREY)
