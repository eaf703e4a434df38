"""Hostile and broken files never reach the parser, and never stop the program."""

import io
import os
import pickle
import struct
import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter

from seed import read as reading
from seed.read import BROKEN, Unreadable, _Cells, digest, read_sheets
from tests.seed.books import SAMPLE, book, package, replace_part


def refusal(path) -> str:
    with pytest.raises(Unreadable) as caught:
        read_sheets(path)
    return str(caught.value)


def test_cells_keep_their_kind_and_their_row(tmp_path):
    made = openpyxl.Workbook()
    made.active.title = "Danh mục"
    made.active["B3"] = date(2026, 3, 2)
    made.active["C4"] = "x"
    made.active["D4"] = 1.5
    made.save(tmp_path / "a.xlsx")
    (sheet,) = read_sheets(tmp_path / "a.xlsx")
    assert sheet.name == "Danh mục"
    assert sheet.rows[2][1] == date(2026, 3, 2)
    assert sheet.rows[3][2:4] == ["x", 1.5]


def test_a_failed_formula_is_seen(tmp_path):
    made = openpyxl.Workbook()
    made.active.append(["a", "#REF!", "#REF!"])
    made.active["B1"].data_type = "e"
    made.save(tmp_path / "a.xlsx")
    (sheet,) = read_sheets(tmp_path / "a.xlsx")
    assert sheet.rows[0][1] == (BROKEN, "#REF!")


def test_a_formula_without_a_stored_result_is_not_a_blank(tmp_path):
    path = book(tmp_path / "a.xlsx", cases=[["a", "=1+1"]])
    (sheet,) = read_sheets(path)
    assert sheet.rows[0][1] == (BROKEN, "")


def test_a_formula_with_its_result_is_its_result(tmp_path):
    path = book(tmp_path / "a.xlsx", cases=[["a", "=1+1"]])
    replace_part(path, "xl/worksheets/sheet1.xml", (b"<v></v>", b"<v>2</v>"))
    (sheet,) = read_sheets(path)
    assert sheet.rows[0][1] == 2


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 not really", b"<html></html>"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert "not an Excel workbook" in refusal(tmp_path / "a.xlsx")


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as made:
        made.writestr("readme.txt", "hello")
    assert "not an Excel workbook" in refusal(tmp_path / "a.xlsx")


def test_an_old_or_protected_workbook_is_refused(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "password" in refusal(tmp_path / "a.xlsx")


def test_macros_are_refused(tmp_path):
    assert "macros" in refusal(package(tmp_path / "a.xlsx", xl__vbaProject__bin=b"x"))


def test_an_empty_package_is_damaged_and_says_so(tmp_path):
    assert "damaged" in refusal(package(tmp_path / "a.xlsx"))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_parsed", lambda path: pytest.fail("was unpacked"))
    bomb = package(tmp_path / "a.xlsx", xl__worksheets__sheet1=b"0" * (30 * 2**20))
    assert "200 MB" in refusal(bomb)


def test_a_workbook_may_unpack_to_200_mb_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "RATIO", 10**9)
    monkeypatch.setattr(reading, "UNPACKED_BYTES", 1_000_000)
    with_parts = len("<Types/>") + len("<workbook/>")
    reading.check_package(package(tmp_path / "a.xlsx", x=b"0" * (1_000_000 - with_parts)))
    with pytest.raises(Unreadable):
        reading.check_package(package(tmp_path / "b.xlsx", x=b"0" * (1_000_001 - with_parts)))


def test_a_lying_directory_does_not_help(tmp_path):
    path = package(tmp_path / "a.xlsx", xl__worksheets__sheet1=b"0" * (30 * 2**20))
    content = path.read_bytes()
    true, lie = struct.pack("<L", 30 * 2**20), struct.pack("<L", 100)
    path.write_bytes(content.replace(true, lie))
    assert refusal(path)


def test_cells_at_both_ends_of_a_sheet_are_refused_and_we_live_on(tmp_path):
    made = openpyxl.Workbook()
    made.active["A1"] = "x"
    made.active["XFD1048576"] = "y"
    made.save(tmp_path / "a.xlsx")
    assert "far away" in refusal(tmp_path / "a.xlsx")


def test_a_sheet_wider_than_any_list_is_refused(tmp_path):
    made = openpyxl.Workbook()
    made.active.cell(1, 2001).value = "y"
    made.active.cell(1, 1).value = "x"
    made.save(tmp_path / "a.xlsx")
    assert "far away" in refusal(tmp_path / "a.xlsx")


def test_an_entity_bomb_in_the_directory_is_refused(tmp_path):
    path = book(tmp_path / "a.xlsx", cases=[["x"]])
    replace_part(path, "xl/workbook.xml", (b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook'))
    assert "damaged" in refusal(path)


def test_one_long_text_in_very_many_cells_is_refused(tmp_path):
    made = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = made.add_worksheet()
    for row in range(12_000):
        page.write_string(row, 0, "x" * 32_000)
    made.close()
    assert (tmp_path / "a.xlsx").stat().st_size < 2**20
    assert "200 MB" in refusal(tmp_path / "a.xlsx")


def test_a_sheet_that_is_a_chart_is_passed_over(tmp_path):
    made = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = made.add_worksheet("Danh mục")
    page.write_row(0, 0, [1, 2])
    chart = made.add_chart({"type": "column"})
    chart.add_series({"values": "='Danh mục'!$A$1:$B$1"})
    made.add_chartsheet("Biểu đồ").set_chart(chart)
    made.close()
    assert [sheet.name for sheet in read_sheets(tmp_path / "a.xlsx")] == ["Danh mục"]


def test_the_csv_pair_is_read_with_or_without_a_mark_and_with_semicolons(tmp_path):
    (tmp_path / "cases.csv").write_bytes(b"\xef\xbb\xbf" + "case_code;title\nVA-1;Vụ án, A\n".encode())
    (tmp_path / "events.csv").write_text('case_code,date,event\nVA-1,2026-03-02,"a ""b"""\n', encoding="utf-8")
    cases, events = read_sheets(tmp_path)
    assert (cases.name, cases.rows[1]) == ("cases.csv", ["VA-1", "Vụ án, A"])
    assert events.rows[1] == ["VA-1", "2026-03-02", 'a "b"']


def test_a_csv_of_another_encoding_is_refused_by_name(tmp_path):
    (tmp_path / "cases.csv").write_bytes("case_code,title\nVA-1,Vụ án\n".encode("utf-16"))
    with pytest.raises(Unreadable) as caught:
        read_sheets(tmp_path)
    assert caught.value.file == "cases.csv"
    assert "UTF-8" in str(caught.value)


def test_the_digest_follows_the_content_not_the_name(tmp_path):
    first = book(tmp_path / "a.xlsx", cases=[["x"]])
    copy = tmp_path / "b.xlsx"
    copy.write_bytes(first.read_bytes())
    assert digest(first) == digest(copy)
    assert digest(first) != digest(SAMPLE / "danh_muc_vu_an.xlsx")
    assert digest(SAMPLE) == digest(SAMPLE)


def test_what_the_other_process_hands_over_makes_plain_values_and_nothing_that_runs():
    class Runs:
        def __reduce__(self):
            return (os.getcwd, ())

    plain = [["Danh sách", [["VA-1", 1.5, date(2026, 11, 21), None, True]]]]
    assert _Cells(io.BytesIO(pickle.dumps(plain))).load() == plain
    with pytest.raises(pickle.UnpicklingError):
        _Cells(io.BytesIO(pickle.dumps(Runs()))).load()
