"""Little workbooks for tests: good ones, broken ones, hostile ones."""

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from models.db import Engine
from models.rules.access import SYSTEM, Viewer
from seed.load import ImportResult, import_file

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SAMPLE = Path(__file__).parents[2] / "seed" / "public"

CASES, EVENTS, MONEY, TASKS = "Danh mục", "Diễn biến", "Tài sản", "Nhiệm vụ"
Rows = list[list[Any]]


def book(path: Path, **sheets: Rows) -> Path:
    """A workbook at `path`; each keyword is one of cases, events, money, tasks, or a sheet's own name."""
    names = {"cases": CASES, "events": EVENTS, "money": MONEY, "tasks": TASKS}
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(names.get(name, name))
        for row in rows:
            page.append(row)
    made.save(path)
    return path


def one_case(path: Path, heading: str, value: Any, **more: Rows) -> Path:
    """A workbook whose list has one file, VA-1, with one more column."""
    return book(path, cases=[["Mã vụ", "Tên vụ án", heading], ["VA-1", "Vụ án A", value]], **more)


def one_event(path: Path, heading: str = "Nội dung", value: Any = None, *, day: Any = "02/03/2026") -> Path:
    """A workbook with the file VA-1 and one event of it."""
    events = [["Mã vụ", "Ngày", "Sự kiện", heading], ["VA-1", day, "Khởi tố vụ án", value]]
    return book(path, cases=[["Mã vụ", "Tên vụ án"], ["VA-1", "Vụ án A"]], events=events)


def load(
    engine: Engine,
    path: Path,
    *,
    viewer: Viewer = SYSTEM,
    now: datetime = NOW,
    today: date = TODAY,
    dry_run: bool = False,
) -> ImportResult:
    """Import `path` into `engine`."""
    return import_file(path, viewer, now=now, today=today, dry_run=dry_run, engine=engine)


def package(path: Path, **parts: bytes) -> Path:
    """A zip file with the two parts that every workbook has, and more; `__` in a name stands for `/`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return path


def replace_part(path: Path, name: str, change: tuple[bytes, bytes]) -> Path:
    """The package with the first of the two texts replaced by the second in one of its parts."""
    with zipfile.ZipFile(path) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    assert change[0] in parts[name]
    parts[name] = parts[name].replace(*change)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for part, content in parts.items():
            made.writestr(part, content)
    return path
