"""The money of one file: damage, what is to be recovered, what is secured, what is recovered and what is not."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt

from dashboard.charts.theme import CALM, INK, LATE, QUIET, chart_of, spec_of
from models.text import Translator

ROW_HEIGHT = 30  # px
LOOKS = {"plain": CALM, "secured": QUIET, "recovered": "#4c6b57", "outstanding": LATE}


class MoneyBar(NamedTuple):
    """An amount from one sum to another, in whole đồng; `said` is how people read it. `look`: a key of LOOKS."""

    name: str
    first_vnd: int
    last_vnd: int
    look: str
    said: str


def recovery(bars: Sequence[MoneyBar], t: Translator) -> dict[str, Any]:
    """One bar per amount; what is outstanding begins where the recovered ends."""
    rows = [{"name": bar.name, "from": bar.first_vnd, "to": bar.last_vnd, "look": bar.look, "said": bar.said}
            for bar in bars]  # fmt: skip
    y = alt.Y("name:N", sort=[bar.name for bar in bars], title=None,
              axis=alt.Axis(domain=False, ticks=False, labelLimit=240, labelPadding=8))  # fmt: skip
    most = max((bar.last_vnd for bar in bars), default=1) or 1
    scale = alt.Scale(domain=[0, most * 1.35], nice=False)
    colour = alt.Color("look:N", scale=alt.Scale(domain=list(LOOKS), range=list(LOOKS.values())), legend=None)
    base = chart_of(rows).encode(y=y, tooltip=alt.Tooltip("said:N", title=t("Amount")))
    drawn = base.mark_bar(height=16, stroke="#b8b0a4", strokeWidth=0.5).encode(
        x=alt.X("from:Q", title=None, axis=None, scale=scale), x2="to:Q", color=colour
    )
    ends = base.mark_text(align="left", dx=6, color=INK).encode(x=alt.X("to:Q", axis=None, scale=scale), text="said:N")
    return spec_of((drawn + ends).properties(width="container", height=alt.Step(ROW_HEIGHT)), t)
