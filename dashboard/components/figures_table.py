"""The figures of a report before it is printed: what they are, how much, how they are defined, how many records."""

from collections.abc import Iterable, Sequence

import streamlit as st

from dashboard.components.figure_cards import exactly, shown
from dashboard.components.rows_table import Cell, rows_table
from models.enums import N_
from models.queries.figures import Figure, Figures
from models.text import Translator

# title of each group and the beginnings of the ids it holds; a figure stands in the first group that fits
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Files"), ("files.", "accused.")),
    (N_("Money"), ("money.", "rate.")),
    (N_("Tasks and sessions"), ("tasks.", "sessions.")),
    (N_("Deadlines"), ("bucket.",)),
    (N_("Stages"), ("stage.",)),
    (N_("What happened in the period"), ("events.",)),
    (N_("Proceedings: carried in, new, done, remaining"), ("pl3.",)),
)
MOST_CODES = 40  # record codes named on hover


def figures_by_group(figures: Figures, t: Translator, *, with_zeros: bool) -> None:
    """A fold-out table per group; without `with_zeros` only what is not zero, and the count says so."""
    for at, (title, starts) in enumerate(GROUPS):
        group = [figure for name, figure in figures.items() if name.startswith(starts)]
        listed = [figure for figure in group if with_zeros or _says_something(figure)]
        counted = t("{n} of {total} figures", n=len(listed), total=len(group))
        with st.expander(f"{t(title)} · {counted}", expanded=at == 0):
            if listed:
                figures_table(listed, t, key=f"figures_{at}")
            else:
                st.caption(t("All of them are zero."))


def figures_table(figures: Iterable[Figure], t: Translator, *, key: str) -> None:
    """One row per figure; the exact sum and the codes counted show on hover."""
    headings = (t("Figure"), t("Value"), t("Records"), t("Definition"))
    rows_table(headings, [_row(figure, t) for figure in figures], key=key, right=(1, 2))


def _row(figure: Figure, t: Translator) -> Sequence[Cell | str]:
    note = exactly(figure, t) if figure.unit == "percent" else ""
    return (
        Cell(t.words(figure.title), note=figure.id),
        Cell(shown(figure, t), hint=exactly(figure, t), note=note),
        Cell(t.number(len(figure.records)), hint=_codes(figure.records, t)),
        t.words(figure.definition),
    )


def _codes(records: tuple[str, ...], t: Translator) -> str:
    said = ", ".join(records[:MOST_CODES])
    more = t("and {n} more", n=len(records) - MOST_CODES)
    return f"{said}, {more}" if len(records) > MOST_CODES else said


def _says_something(figure: Figure) -> bool:
    return bool(figure.value or figure.numerator or figure.denominator)
