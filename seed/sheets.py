"""Run as `python -I sheets.py FILE OUT` in a process of its own: the cells of a workbook, pickled into OUT.

A hostile file may abort or exhaust this process; the one that started it (seed/read.py) lives on. The limits are set
here, before the file is opened. OUT holds [[sheet name, rows], …]: a cell is None, text, number, boolean, date or
datetime; a cell whose formula failed, or has no stored result, is the pair (BROKEN, what it shows).
"""

import pickle
import re
import resource
import sys
import zipfile
from typing import Any
from xml.etree import ElementTree

MEMORY_BYTES = 1_500_000_000
PROCESSOR_SECONDS = 60
OUT_BYTES = 300_000_000  # of the cells together; few texts that stand in many cells may be far more than the file
WIDEST = 2_000  # columns of the widest sheet that is still a list and not an accident
TALLEST = 1_048_576  # rows of any sheet
MOST_CELLS = 20_000_000  # of one sheet, blanks included

BROKEN = "broken"
TOO_LARGE, HOSTILE = 3, 4  # exit codes
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_VALUE = re.compile(rb"<(?:\w+:)?v[^>/]*>([^<]+)</")


def main(path: str, out: str) -> None:
    """Read every sheet of the workbook at `path` into `out`."""
    _limit()
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    book = CalamineWorkbook.from_path(path)
    lists = {sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet}
    sheets = []
    for name, part in _parts(path).items():
        if name not in lists:
            continue
        sheet = book.get_sheet_by_name(name)
        height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        if width > WIDEST or width * height > MOST_CELLS:
            sys.exit(TOO_LARGE)
        rows = sheet.to_python(skip_empty_area=False)
        _mark_broken(rows, path, part)
        sheets.append([name, rows])
    try:
        with open(out, "wb") as stream:
            pickle.dump(sheets, stream, protocol=5)
    except OSError:
        sys.exit(TOO_LARGE)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUT_BYTES, OUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _parts(path: str) -> dict[str, str]:
    """The name of each sheet in order, and the part of the package that holds it."""
    with zipfile.ZipFile(path) as package:
        book = _xml(package.read("xl/workbook.xml"))
        links = _xml(package.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for element in book.iter():
        if element.tag.endswith("}sheet") and (target := targets.get(_relation(element))):
            found[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _relation(element: ElementTree.Element) -> str | None:
    """The id of the part of a sheet; the name before it differs between the two forms of the standard."""
    return next((value for key, value in element.items() if key.endswith("}id")), None)


def _xml(text: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        sys.exit(HOSTILE)
    return ElementTree.fromstring(text)


def _mark_broken(rows: list[list[Any]], path: str, part: str) -> None:
    """Put the pair (BROKEN, text) where the reader shows failed formulas, and formulas without a result, as blanks."""
    with zipfile.ZipFile(path) as package:
        if part not in package.namelist():
            return
        text = package.read(part)
    if b't="e"' not in text and b"<f" not in text and b":f" not in text:
        return
    for cell in _CELL.finditer(text):
        at, shown = _REFERENCE.search(cell[1]), _VALUE.search(cell[2])
        failed = b't="e"' in cell[1]
        if at is None or not (failed or (shown is None and re.search(rb"<(?:\w+:)?f[\s>/]", cell[2]))):
            continue
        value = shown[1].decode("utf-8", "replace") if shown else ""
        row, column = int(at[2]) - 1, _column(at[1])
        if b't="str"' in cell[1] and not failed and b"<v></v>" in cell[2]:
            continue  # the formula's result is an empty text
        if row >= TALLEST or column >= WIDEST:
            sys.exit(TOO_LARGE)
        _put(rows, row, column, (BROKEN, value))


def _put(rows: list[list[Any]], row: int, column: int, value: Any) -> None:
    """Write a cell, also one beyond the rows and columns that the reader gives."""
    rows.extend([] for _ in range(row + 1 - len(rows)))
    rows[row].extend([None] * (column + 1 - len(rows[row])))
    rows[row][column] = value


def _column(letters: bytes) -> int:
    """0 for A, 27 for AB."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
