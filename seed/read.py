"""Files of other people → rows of cells. Knows Excel and CSV, nothing else.

A file is distrusted: the directory of the package is checked before anything is unpacked, and the cells are read by a
process of its own with limits on memory and time (seed/sheets.py).
"""

import csv
import hashlib
import io
import pickle
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models.rules.words import Words, words
from seed.sheets import BROKEN, TOO_LARGE

__all__ = ["BROKEN", "Cell", "RawSheet", "Unreadable", "digest", "read_sheets"]

UNPACKED_BYTES = 200 * 2**20
PARTS = 10_000
RATIO, RATIO_FROM = 200, 10 * 2**20  # a part above RATIO_FROM that shrank more than this is a bomb
SECONDS = 120
CSV_SHEETS = ("cases", "events", "assets", "tasks", "requests")

Cell = Any  # None, str, int, float, bool, date, datetime, time, timedelta, or (BROKEN, text)

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
NO_WORKBOOK = words("The file is not an Excel workbook (.xlsx). Open it in Excel and save it as .xlsx.")
PROTECTED = words("The file is an old .xls workbook or protected by a password. Save it as .xlsx without a password.")
DAMAGED = words("The workbook is damaged and cannot be read. Open it in Excel, save it again and try once more.")
TOO_BIG = words(
    "The workbook unpacks to more than 200 MB, or has cells far away from its list. Delete the empty rows and columns "
    "after the list, or split the workbook."
)
MACROS = words("The workbook contains macros. Save it as .xlsx without macros.")
NOT_UTF8 = words("The file is not in UTF-8. Save it as “CSV UTF-8”.")
BAD_CSV = words("The file is not a CSV table.")


class Unreadable(Exception):
    """A file, or one file of a folder, that is no table we can read."""

    def __init__(self, reason: Words, file: str = "") -> None:
        super().__init__(reason.english())
        self.reason, self.file = reason, file


@dataclass(frozen=True)
class RawSheet:
    """One sheet: its name and its rows from row 1 on; blank cells are None or an empty text."""

    name: str
    rows: list[list[Cell]]


def read_sheets(path: Path) -> list[RawSheet]:
    """Every sheet of the workbook at `path`, or of the folder with cases.csv and events.csv. Raises Unreadable."""
    if path.is_dir():
        return [RawSheet(file.name, _csv_rows(file)) for file in csv_files(path)]
    check_package(path)
    return _parsed(path)


def read_csv(path: Path) -> RawSheet:
    """One CSV table by itself. Raises Unreadable."""
    return RawSheet(path.name, _csv_rows(path))


def csv_files(folder: Path) -> list[Path]:
    """The tables of a CSV folder that are there, in the order they are read."""
    return [file for name in CSV_SHEETS if (file := folder / f"{name}.csv").is_file()]


def digest(path: Path) -> str:
    """SHA-256 of the file; of a folder: of its tables one after the other, each with its name before it."""
    total = hashlib.sha256()
    for file in csv_files(path) if path.is_dir() else [path]:
        if path.is_dir():
            total.update(file.name.encode() + b"\0")
        with file.open("rb") as stream:
            while block := stream.read(2**20):
                total.update(block)
    return total.hexdigest()


def check_package(path: Path) -> None:
    """Refuse what the directory of the package already gives away. Raises Unreadable."""
    with path.open("rb") as stream:
        if stream.read(4) == OLD_EXCEL:
            raise Unreadable(PROTECTED)
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise Unreadable(NO_WORKBOOK) from error
    names = {part.filename.lower() for part in parts}
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise Unreadable(MACROS)
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise Unreadable(NO_WORKBOOK)
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES or any(map(_bomb, parts)):
        raise Unreadable(TOO_BIG)
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(PROTECTED)


def _bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > RATIO_FROM and part.file_size > RATIO * max(part.compress_size, 1)


def _parsed(path: Path) -> list[RawSheet]:
    """The sheets as the separate process reads them."""
    program = Path(__file__).with_name("sheets.py")
    with tempfile.TemporaryDirectory(prefix="liem-import-") as folder:
        out = Path(folder) / "cells"
        command = [sys.executable, "-I", str(program), str(path.resolve()), str(out)]
        try:
            ended = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise Unreadable(TOO_BIG) from error
        if ended.returncode or not out.exists():
            raise Unreadable(TOO_BIG if _gave_up(ended) else DAMAGED)
        with out.open("rb") as stream:
            return [RawSheet(str(name), rows) for name, rows in _Cells(stream).load()]


def _gave_up(ended: "subprocess.CompletedProcess[bytes]") -> bool:
    """Whether the reader died of the file's size: killed, aborted, out of memory, or a sheet too wide."""
    return ended.returncode < 0 or ended.returncode == TOO_LARGE or b"MemoryError" in ended.stderr


class _Cells(pickle.Unpickler):
    """Unpickles plain values, dates and times, and nothing that could run."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in ("date", "datetime", "time", "timedelta"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def _csv_rows(file: Path) -> list[list[Cell]]:
    if file.stat().st_size > UNPACKED_BYTES:
        raise Unreadable(TOO_BIG, file.name)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(NOT_UTF8, file.name) from error
    try:
        return list(_csv_reader(text))
    except csv.Error as error:
        raise Unreadable(BAD_CSV, file.name) from error


def _csv_reader(text: str) -> Iterator[list[Cell]]:
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)  # Vietnamese Excel writes semicolons
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def is_day(value: Cell) -> bool:
    """Whether a cell is a date, with or without a time."""
    return isinstance(value, date | datetime)
