"""How every chart looks: calm, one dark red for what is late, words and numbers of the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from models.text import Translator

LATE = "#9f1d20"
CALM = "#c8c0b4"
QUIET = "#e7e2da"
INK = "#1f2328"
GREY = "#57606a"
LINE = "#d5d0c8"
FONT = '"Source Sans", "Noto Sans", "Segoe UI", "DejaVu Sans", sans-serif'
GROUPS = {"vi": {"decimal": ",", "thousands": "."}, "en": {"decimal": ".", "thousands": ","}}


def chart_of(rows: Sequence[Mapping[str, object]]) -> alt.Chart:
    """A chart of these rows, which go with it."""
    return alt.Chart(alt.InlineData(values=[dict(row) for row in rows]))


def spec_of(chart: alt.Chart | alt.LayerChart, t: Translator) -> dict[str, Any]:
    """The finished chart as Vega-Lite, its data inside; drawn as SVG so that its links are links."""
    dressed = chart.configure(
        font=FONT,
        background="transparent",
        padding=2,
        locale=alt.Locale(number=_numbers(t)),
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelFontSize=13, titleFontSize=13, labelColor=INK, titleColor=GREY, titleFontWeight="normal",
            gridColor=LINE, domainColor=LINE, tickColor=LINE,
        ),
        text=alt.MarkConfig(fontSize=13, color=INK),
    )  # fmt: skip
    with alt.data_transformers.enable(consolidate_datasets=False):
        made: dict[str, Any] = dressed.to_dict()
    made["usermeta"] = {"embedOptions": {"renderer": "svg", "actions": False}}
    return made


def _numbers(t: Translator) -> alt.NumberLocale:
    signs = GROUPS[t.language]
    return alt.NumberLocale(
        decimal=signs["decimal"], thousands=signs["thousands"], grouping=[3], currency=["", " đồng"]
    )
