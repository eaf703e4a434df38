"""A file is there whole or not at all, and what had its name before stays until then."""

import pytest

from models.errors import BadUsage
from models.whole_file import whole


def test_what_was_there_before_stays_until_the_new_file_is_whole(tmp_path):
    path = tmp_path / "danh mục.xlsx"
    path.write_text("cũ")
    path.chmod(0o600)
    with whole(path) as made:
        made.write_text("mới")
        assert path.read_text() == "cũ" and made.parent != path.parent
    assert path.read_text() == "mới" and path.stat().st_mode & 0o777 == 0o600, "still nobody else's to read"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), ValueError("x")])
def test_nothing_of_what_failed_is_left(tmp_path, fault):
    path = tmp_path / "báo cáo.docx"
    path.write_text("cũ")
    with pytest.raises((BadUsage, ValueError)), whole(path) as made:
        made.write_text("nửa")
        raise fault
    assert path.read_text() == "cũ" and list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_is_told_with_its_name(tmp_path):
    for path in (tmp_path / "không có" / "a.xlsx", tmp_path):
        with pytest.raises(BadUsage) as told, whole(path) as made:
            made.write_text("x")
        assert str(path) in told.value.words.english()
