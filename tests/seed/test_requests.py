"""Coordination requests come in by a sheet of the workbook, with the checks of their form, and go back with an undo."""

from datetime import date

import pytest
from sqlmodel import col, select

from models.changes.import_undo import undo_import
from models.db import read_session, transaction
from models.rules.access import SYSTEM
from models.tables import CoordinationRequest
from tests import make
from tests.seed.books import NOW, book, load

HEAD = ("Mã yêu cầu", "Mã vụ", "Nội dung yêu cầu", "Loại yêu cầu", "Cơ quan yêu cầu", "Cơ quan phải trả lời", "Khẩn",
        "Ngày gửi", "Ngày trả lời", "Văn bản trả lời")  # fmt: skip
ROW = ("PH-1", "VA-1", "Sao kê tài khoản", "Tài liệu", "CA-MC", "STC", "x", "02/03/2026", None, None)


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(engine):
    with transaction(engine) as session:
        make.case(session, code="VA-1")
        make.agency(session, code="CA-MC", name_vi="Công an tỉnh Minh Châu")
        make.agency(session, code="STC", name_vi="Sở Tài chính Minh Châu")
    return engine


def sheet(tmp_path, *rows):
    return book(tmp_path / "requests.xlsx", **{"Phối hợp": [HEAD, *rows]})


def current(engine):
    with read_session(engine) as session:
        asked = select(CoordinationRequest).where(col(CoordinationRequest.retracted_at).is_(None))
        return {row.code: row for row in session.exec(asked)}


def changed(**more):
    return tuple(more.get(name, value) for name, value in zip(HEAD, ROW, strict=True))


def test_a_request_is_new_unchanged_changed_and_taken_back(office, tmp_path):
    first = load(office, sheet(tmp_path, ROW))
    assert (first.errors, first.counts["requests"]) == ((), {"new": 1, "changed": 0, "unchanged": 0})
    row = current(office)["PH-1"]
    assert (row.subject, row.urgent, row.sent_on, row.case_id) == ("Sao kê tài khoản", True, date(2026, 3, 2), 1)
    assert load(office, sheet(tmp_path, ROW)).batch_id is None
    reply = {"Ngày trả lời": "10/03/2026", "Văn bản trả lời": "Số 5/STC", "Khẩn": "không"}
    second = load(office, sheet(tmp_path, changed(**reply)))
    assert second.counts["requests"] == {"new": 0, "changed": 1, "unchanged": 0}
    row = current(office)["PH-1"]
    assert (row.replied_on, row.reply_document, row.urgent) == (date(2026, 3, 10), "Số 5/STC", False)
    with transaction(office) as session:
        undo_import(session, SYSTEM, second.batch_id, reason="Nhầm", now=NOW)
    assert (current(office)["PH-1"].replied_on, current(office)["PH-1"].urgent) == (None, True)


@pytest.mark.parametrize(
    ("wrong", "column", "said"),
    [
        ({"Mã vụ": "VA-9"}, "Mã vụ", "No file has this code"),
        ({"Cơ quan yêu cầu": "Sở Không có"}, "Cơ quan yêu cầu", ""),
        ({"Cơ quan phải trả lời": "CA-MC"}, "Cơ quan phải trả lời", "does not ask itself"),
        ({"Khẩn": "có thể"}, "Khẩn", "Có"),
        ({"Loại yêu cầu": "Khác lạ"}, "Loại yêu cầu", ""),
        ({"Ngày gửi": None}, "Ngày gửi", "blank"),
        ({"Ngày trả lời": "01/03/2026"}, "Ngày trả lời", "before the request was sent"),
        ({"Văn bản trả lời": "Số 5"}, "Ngày trả lời", "the day on which the reply came"),
    ],
)  # fmt: skip
def test_what_a_form_refuses_is_refused_at_its_cell_and_nothing_is_written(office, tmp_path, wrong, column, said):
    result = load(office, sheet(tmp_path, changed(**wrong), changed(**{"Mã yêu cầu": "PH-2"})))
    assert [(each.sheet, each.row, each.column) for each in result.errors] == [("Phối hợp", 2, column)]
    assert said in result.errors[0].reason.english()
    assert current(office) == {}
