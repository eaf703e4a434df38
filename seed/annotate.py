"""The uploaded workbook again, with each refused cell in red and the reason beside it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from models.changes.drafts import Finding
from models.text import Translator
from seed.columns import FINDINGS_SHEET

LARGEST_BYTES = 5 * 2**20  # of a workbook that is marked in place; a larger one gets the list of findings only
RED = PatternFill("solid", start_color="FFC7CE", end_color="FFC7CE")


def annotate_workbook(path: Path, findings: Iterable[Finding], out: Path, t: Translator) -> None:
    """Write to `out` a copy of `path` with the cells of `findings` marked and a first sheet that lists them all.

    What cannot be marked in place (a CSV folder, a very large workbook, a file that is none) gives the list alone.
    """
    listed = [_words(finding, t) for finding in findings]
    if path.is_dir() or path.stat().st_size > LARGEST_BYTES or all(finding.row is None for finding in findings):
        _write_list(out, listed, t)
        return
    book = openpyxl.load_workbook(path)
    for finding in findings:
        if finding.row is not None and finding.sheet in book.sheetnames:
            _mark(book[finding.sheet].cell(finding.row, (finding.index or 0) + 1), t.words(finding.reason))
    page = book.create_sheet(FINDINGS_SHEET, 0)
    for row in (_headings(t), *listed):
        page.append([None] * len(row))
        for index, text in enumerate(row, start=1):
            cell = page.cell(page.max_row, index)
            cell.value, cell.data_type = text, "s"  # a text, even one that looks like a formula
    book.active = 0
    book.save(out)


def _mark(cell: Any, reason: str) -> None:
    if not hasattr(cell, "fill") or cell.__class__.__name__ == "MergedCell":
        return
    cell.fill = RED
    before = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = Comment(before + reason, "Liêm", width=320, height=120)


def _headings(t: Translator) -> tuple[str, ...]:
    return t("Sheet"), t("Row"), t("Column"), t("Value"), t("Reason")


def _words(finding: Finding, t: Translator) -> tuple[str, ...]:
    row = "" if finding.row is None else str(finding.row)
    return finding.sheet, row, finding.column, finding.value, t.words(finding.reason)


def _write_list(out: Path, listed: list[tuple[str, ...]], t: Translator) -> None:
    book = xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(FINDINGS_SHEET)
    page.set_column(0, 3, 20)
    page.set_column(4, 4, 90)
    for number, row in enumerate((_headings(t), *listed)):
        for index, text in enumerate(row):
            page.write_string(number, index, text)
    book.close()
