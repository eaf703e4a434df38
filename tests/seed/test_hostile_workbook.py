"""A workbook full of hostile texts: each cell is refused with its place, or stored clean."""

from pathlib import Path

import pytest
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from sqlmodel import select

from models.base import Base
from models.db import read_session
from tests import hostile
from tests.seed.books import book, load

CASES = ["Mã vụ", "Tên vụ án", "Địa bàn", "Lĩnh vực", "Cấp", "Cơ quan thụ lý", "Diện theo dõi", "Nguồn", "Ghi chú"]
EVENTS = ["Mã vụ", "Ngày", "Sự kiện", "Nội dung", "Số văn bản"]
WRITTEN = ("agency", "case_file", "case_detail", "case_event", "import_batch", "search_entry")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a cell may hold is decided before the database is asked."""
    return sqlite_url


@pytest.mark.parametrize("kind", sorted(set(hostile.EVERYTHING) - {"surrogate"}))  # no workbook can hold one
def test_every_text_of_a_workbook_is_refused_at_its_place_or_stored_clean(engine, tmp_path: Path, kind: str) -> None:
    text = ILLEGAL_CHARACTERS_RE.sub("", hostile.EVERYTHING[kind])[:32_000]  # more fits in no cell
    for at in range(1, len(CASES)):
        row = ["VA-1", "Vụ án A", *[""] * (len(CASES) - 2)]
        row[at] = f"'{text}" if text.startswith("=") else text  # typed as text, as a person would
        _refused_or_clean(engine, book(tmp_path / "c.xlsx", cases=[CASES, row]), f"case {CASES[at]}")
    for at in (3, 4):
        row = ["VA-1", "02/03/2026", "Khởi tố vụ án", "", ""]
        row[at] = f"'{text}" if text.startswith("=") else text
        made = book(tmp_path / "e.xlsx", cases=[CASES[:2], ["VA-1", "Vụ án A"]], events=[EVENTS, row])
        _refused_or_clean(engine, made, f"event {EVENTS[at]}")


def _refused_or_clean(engine, path: Path, what: str) -> None:
    result = load(engine, path)
    for error in result.errors:
        assert error.sheet and error.row and error.column, (what, error)
        assert len(str(error.reason)) < 2000, what
    with read_session(engine) as session:
        for table in (Base.metadata.tables[name] for name in WRITTEN):
            for row in session.connection().execute(select(table)).mappings():
                for name, value in row.items():
                    if isinstance(value, str):
                        assert not hostile.impurities(value), (what, table.name, name)
                        longest = getattr(table.c[name].type, "length", None)
                        assert longest is None or len(value) <= longest, (what, table.name, name)
