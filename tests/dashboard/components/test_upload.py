"""What was dropped into the box becomes one upload, or a sentence that says what to choose."""

import pytest

from dashboard.components.upload import upload_of
from models.rules.words import Refusal


def test_a_workbook_lies_on_disk_only_within_the_block():
    with upload_of([("danh mục.xlsx", b"content")]).on_disk() as path:
        assert path.read_bytes() == b"content" and path.suffix == ".xlsx"
    assert not path.exists() and not path.parent.exists()


def test_it_is_gone_after_an_error_too():
    with pytest.raises(RuntimeError), upload_of([("a.xlsx", b"")]).on_disk() as path:
        raise RuntimeError
    assert not path.parent.exists()


def test_tables_become_a_folder_whatever_the_order_and_case_of_their_names():
    upload = upload_of([("EVENTS.csv", b"e"), ("cases.CSV", b"c")])
    assert upload.name == "cases.csv + events.csv"
    with upload.on_disk() as folder:
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == {"cases.csv": b"c", "events.csv": b"e"}
    assert upload.sha256 == upload_of([("cases.csv", b"c"), ("events.csv", b"e")]).sha256


def test_one_table_alone_is_a_folder():
    with upload_of([("cases.csv", b"c")]).on_disk() as folder:
        assert [file.name for file in folder.iterdir()] == ["cases.csv"]


def test_a_name_from_outside_never_becomes_a_path():
    with upload_of([("../../etc/passwd", b"x")]).on_disk() as path:
        assert path.name == "workbook.xlsx"
    with pytest.raises(Refusal):
        upload_of([("../cases.csv", b"x")])


def test_another_content_is_another_upload():
    assert upload_of([("a.xlsx", b"1")]).sha256 != upload_of([("a.xlsx", b"2")]).sha256
