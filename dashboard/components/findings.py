"""What an import would do: cells that were refused, warnings, and what happens to each file."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import TypeVar

import streamlit as st

from dashboard.components.rows_table import Cell, rows_table
from models.changes.drafts import Finding
from models.changes.imports import CaseChange
from models.text import Translator
from seed.load import ImportResult

Row = TypeVar("Row")
PAGE_ROWS = 50
SHOWN_FIELDS = 6  # of a changed file; the rest is counted


def findings_table(t: Translator, findings: Sequence[Finding], *, key: str, mark: str = "") -> None:
    """Every finding with its sheet, row, column, value and reason; `mark` "bad" shows the value in red."""
    headings = (t("Sheet"), t("Row"), t("Column"), t("Value"), t("Reason"))
    rows_table(headings, [_finding(t, finding, mark) for finding in _page(findings, key)], key=key)
    _turn(t, len(findings), key)


def _finding(t: Translator, finding: Finding, mark: str) -> tuple[Cell | str, ...]:
    row = "–" if finding.row is None else str(finding.row)
    value = finding.value or t("(empty)")
    return (
        finding.sheet or "–",
        row,
        finding.column or "–",
        Cell(value, mark=f"{mark} long".strip()),
        t.words(finding.reason),
    )


def changes_table(t: Translator, changes: Sequence[CaseChange], *, key: str) -> None:
    """The files that are new or get something new; what stays as it is is only counted."""
    headings = (t("File"), t("What happens"), t("Changes"), t("New events"), t("New amounts"))
    rows_table(headings, [_change(t, change) for change in _page(changes, key)], key=key, right=(3, 4))
    _turn(t, len(changes), key)


def moving(result: ImportResult) -> list[CaseChange]:
    """The files of the workbook for which something is new or changed."""
    return [
        change
        for change in result.changes
        if change.state in ("new", "changed") or change.new_events or change.new_entries
    ]


def _change(t: Translator, change: CaseChange) -> tuple[Cell | str, ...]:
    said = {"new": t("new file"), "changed": t("changed")}.get(change.state, t("known file"))
    fields = [
        t("{field}: {before} → {after}", field=each.field, before=_value(each.before), after=_value(each.after))
        for each in change.fields[:SHOWN_FIELDS]
    ]
    if (more := len(change.fields) - SHOWN_FIELDS) > 0:
        fields.append(t.n("and {n} more field", "and {n} more fields", more))
    return (
        Cell(change.code, note=change.title),
        Cell(said, mark="good" if change.state == "new" else ""),
        "; ".join(fields),
        t.number(change.new_events) if change.new_events else "–",
        t.number(change.new_entries) if change.new_entries else "–",
    )


def _value(value: object) -> object:
    return None if value == "" else value


def _page(rows: Sequence[Row], key: str) -> Iterable[Row]:
    page = int(st.session_state.get(f"{key}_page", 1))
    first = (min(page, max(1, ceil(len(rows) / PAGE_ROWS))) - 1) * PAGE_ROWS
    return rows[first : first + PAGE_ROWS]


def _turn(t: Translator, total: int, key: str) -> None:
    if total > PAGE_ROWS:
        st.caption(t("{n} in all, {size} on a page", n=total, size=PAGE_ROWS))
        st.pagination(ceil(total / PAGE_ROWS), key=f"{key}_page")
