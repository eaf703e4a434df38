"""The page Import: nothing is written before the third step, every refused cell is named, and twice is once."""

import pytest

from dashboard.components import applying
from dashboard.components.upload import Upload
from models.changes.import_undo import undo_import
from models.db import read_session, transaction
from models.queries.imports import import_batches
from models.queries.judged import data_version, scan_state
from models.queries.workbook import known_files
from models.rules.access import SYSTEM
from models.settings import ROOT, settings
from seed.columns import Sheet
from tests import cast
from tests.dashboard.pages.opening import DAY, NOON, opened, pieces, said, table
from tests.seed.books import book

SAMPLE = ROOT / "seed" / "public" / "danh_muc_vu_an.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CASES = [["Mã vụ", "Tên vụ án", "Số bị can", "Thiệt hại (đồng)"], ["VA-1", "Vụ án thứ nhất", 3, 1_000_000]]
EVENTS = [["Mã vụ", "Ngày", "Sự kiện"], ["VA-1", "02/03/2020", "Khởi tố vụ án"]]


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def workbook(tmp_path):
    """`workbook(sheet=rows, …)` → what the box to drop a file into receives."""

    def made(name: str = "danh mục.xlsx", **sheets):
        path = book(tmp_path / "made.xlsx", **sheets)
        return (name, path.read_bytes(), XLSX)

    return made


def known() -> list[str]:
    with read_session() as session:
        return sorted(file.code for file in known_files(session, SYSTEM).values())


def dropped(*files, viewer=cast.SECRETARIAT, **more):
    app = opened("import_cases", viewer, **more)
    app.file_uploader[0].set_value(list(files)).run()
    assert not app.exception
    return app


def keys(app) -> set[str]:
    return {button.key for button in [*app.button, *app.get("download_button")]}


def test_an_empty_page_offers_the_forms_and_asks_for_a_file(installation):
    app = opened("import_cases", cast.SECRETARIAT)
    assert keys(app) == {"import_template", "import_export"}
    assert "No workbook was imported yet" in said(app)


@pytest.mark.parametrize("viewer", [cast.MEMBER, *cast.OUTSIDERS], ids=lambda viewer: viewer.name)
def test_who_may_not_record_is_refused(installation, viewer):
    app = opened("import_cases", viewer)
    assert "not part of your role" in app.warning[0].value
    assert not app.file_uploader and not keys(app)


def test_every_refused_cell_is_named_and_nothing_is_written(installation, workbook):
    bad = [CASES[0], ["VA-1", "Vụ án thứ nhất", -3, "một triệu"]]
    app = dropped(workbook(cases=bad, events=[EVENTS[0], ["VA-9", "32/13/2024", "Khởi tố vụ án"]]))
    assert "cells are refused" in app.error[0].value
    found = table(app, "Sheet")
    assert [(row[1], row[2], row[3]) for row in found if row[0] == "Danh mục"] == [
        ("2", "Số bị can", "-3"),
        ("2", "Thiệt hại (đồng)", "một triệu"),
    ]
    assert ("2", "Ngày", "32/13/2024") in [(row[1], row[2], row[3]) for row in found]
    assert all(row[4] for row in found)
    assert 'class="bad long"' in "".join(pieces(app))
    assert "import_annotated" in keys(app) and "import_apply" not in keys(app)
    assert known() == []


def test_a_trial_says_what_is_new_and_writes_nothing(installation, workbook):
    with read_session() as session:
        before = data_version(session)
    app = dropped(workbook(cases=CASES, events=EVENTS))
    assert table(app, "In the file") == [
        ["Files", "1", "0", "0"],
        ["Events", "1", "–", "0"],
        ["Amounts", "1", "–", "0"],
    ]
    assert table(app, "File") == [["VA-1 Vụ án thứ nhất", "new file", "", "1", "1"]]
    assert "import_apply" in keys(app)
    assert known() == []
    with read_session() as session:
        assert data_version(session) == before


def test_applied_once_with_a_receipt_and_the_files_judged(installation, workbook):
    app = dropped(workbook(cases=CASES, events=EVENTS))
    app.button(key="import_apply").click().run()
    assert not app.exception
    assert "Import 1 is applied" in app.success[0].value
    assert "Judged afresh: 1 of 1 open files are late." in said(app)
    assert 'href="/deadlines"' in "".join(pieces(app))
    assert known() == ["VA-1"]
    with read_session() as session:
        assert scan_state(session).as_of == DAY
        (batch,) = import_batches(session, SYSTEM)
    assert batch.file_name == "danh mục.xlsx"
    assert [row[0] for row in table(app, "Number")] == ["1"]

    app.button(key="import_again").click().run()
    app.file_uploader[0].set_value([workbook(cases=CASES, events=EVENTS)]).run()
    assert "Nothing new" in app.info[0].value and "import_apply" not in keys(app)
    with read_session() as session:
        assert len(import_batches(session, SYSTEM)) == 1


def test_a_change_shows_what_was_known_and_what_is_stated(installation, workbook):
    app = dropped(workbook(cases=CASES))
    app.button(key="import_apply").click().run()
    app.button(key="import_again").click().run()
    changed = [CASES[0], ["VA-1", "Vụ án thứ nhất", 5, 1_000_000]]
    app.file_uploader[0].set_value([workbook(cases=changed)]).run()
    (row,) = table(app, "File")
    assert row[1] == "changed" and row[2].endswith(": 3 → 5")


def test_an_import_under_way_is_shown_to_its_end_wherever_it_was_started(installation, workbook):
    name, content, _ = workbook(cases=CASES)
    upload = Upload(name, (("workbook.xlsx", content),))
    first = applying.start(cast.SECRETARIAT, upload, now=NOON, today=DAY)
    assert applying.start(cast.SECRETARIAT, upload, now=NOON, today=DAY) is first
    app = opened("import_cases", cast.SECRETARIAT)
    assert "Import 1 is applied" in app.success[0].value
    assert applying.under_way(cast.SECRETARIAT) is None
    with read_session() as session:
        assert len(import_batches(session, SYSTEM)) == 1


def test_an_import_that_breaks_off_says_so_and_leaves_the_page_usable(installation, workbook):
    broken = Upload("gone", (("no folder/workbook.xlsx", b""),))
    applying.start(cast.SECRETARIAT, broken, now=NOON, today=DAY)
    app = opened("import_cases", cast.SECRETARIAT)
    assert "could not be shown" in app.error[0].value
    assert opened("import_cases", cast.SECRETARIAT).file_uploader


def test_the_csv_pair_is_one_import(installation):
    cases, events = ("\n".join(",".join(map(str, row)) for row in rows).encode() for rows in (CASES, EVENTS))
    app = dropped(("Events.csv", events, "text/csv"), ("cases.csv", cases, "text/csv"))
    assert [row[1] for row in table(app, "In the file")] == ["1", "1", "1"]
    app.button(key="import_apply").click().run()
    assert "cases.csv + events.csv" in app.success[0].value.replace("\\", "")


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["a.xlsx", "b.xlsx"], "one workbook at a time"),
        (["a.xlsx", "cases.csv"], "not both"),
        (["list.csv"], "The table list.csv is not known"),
        (["cases.csv", "CASES.csv"], "is not known"),
    ],
)
def test_a_choice_that_cannot_be_read_is_refused_in_a_sentence(installation, names, sentence):
    app = dropped(*[(name, b"x", "") for name in names])
    assert sentence in app.error[0].value.replace("\\", "")
    assert "import_apply" not in keys(app)


@pytest.mark.parametrize("content", [b"", b"no workbook", b"\xd0\xcf\x11\xe0old excel"])
def test_a_file_that_is_no_workbook_is_refused(installation, content):
    app = dropped(("list.xlsx", content, XLSX))
    (row,) = table(app, "Sheet")
    assert row[:4] == ["–", "–", "–", "list.xlsx"] and ".xlsx" in row[4]


def test_the_public_sample_goes_in_whole(installation):
    app = dropped(("danh_muc_vu_an.xlsx", SAMPLE.read_bytes(), XLSX))
    assert not app.error
    app.button(key="import_apply").click().run()
    assert len(known()) == 50 and app.success


def test_a_file_above_the_limit_is_refused(installation, monkeypatch):
    monkeypatch.setenv("LIEM_MAX_UPLOAD_MB", "1")
    settings.cache_clear()
    largest = b"x" * 2**20
    assert "larger than 1 MB" in dropped(("list.xlsx", largest + b"x", XLSX)).error[0].value
    assert "larger than" not in said(dropped(("list.xlsx", largest, XLSX)))


def test_in_vietnamese_no_english_word_of_ours_is_left(installation, workbook):
    bad = [CASES[0], ["VA-1", "Vụ án thứ nhất", -3, 1]]
    words = said(dropped(workbook(cases=bad), language="vi"))
    for english in ("Import", "Choose", "refused", "Sheet", "Reason"):
        assert english not in words


# --- taking an import back ---------------------------------------------------------------------------------------


def imported(workbook, viewer=cast.SECRETARIAT):
    """The page after an import was applied and its receipt left."""
    app = dropped(workbook(cases=CASES, events=EVENTS), viewer=viewer)
    app.button(key="import_apply").click().run()
    app.button(key="import_again").click().run()
    assert not app.exception
    return app


def test_an_import_is_taken_back_after_a_reason_and_a_tick(installation, workbook):
    app = imported(workbook)
    app.text_input(key="take_back_1_reason").set_value("Nhập nhầm tệp")
    app.checkbox(key="take_back_1_sure").check()
    take_back(app)
    assert "taken back" in said(app)
    assert table(app, "Number")[0][1].startswith("danh mục.xlsx") and "Nhập nhầm tệp" in said(app)
    with read_session() as session:
        assert not known_files(session, SYSTEM)["VA-1"].described
    assert not app.checkbox  # nothing is left to take back


def test_without_the_tick_or_a_reason_nothing_is_taken_back(installation, workbook):
    app = imported(workbook)
    app.text_input(key="take_back_1_reason").set_value("Nhập nhầm tệp")
    take_back(app)
    assert [error.value for error in app.error] == ["Tick the box to confirm."]
    app.text_input(key="take_back_1_reason").set_value("  ")
    app.checkbox(key="take_back_1_sure").check()
    take_back(app)
    assert [error.value for error in app.error] == ["Say why the import is taken back\\."]
    with read_session() as session:
        assert known_files(session, SYSTEM)["VA-1"].described


def test_a_click_meant_for_one_import_never_takes_another_back(installation, workbook):
    app = imported(workbook)
    app = dropped(workbook("hai.xlsx", cases=[CASES[0], ["VA-2", "Vụ án thứ hai", 1, 1]]))
    app.button(key="import_apply").click().run()
    app.button(key="import_again").click().run()
    app.text_input(key="take_back_2_1_reason").set_value("Nhập nhầm tệp")
    app.checkbox(key="take_back_2_1_sure").check()
    with transaction() as session:
        undo_import(session, cast.SECRETARIAT, 2, reason="Nhầm", now=NOON)
    take_back(app)
    assert "please choose again" in said(app).replace("\\", "")
    with read_session() as session:
        assert [batch.undone_at is None for batch in import_batches(session, SYSTEM)] == [False, True]


def take_back(app) -> None:
    next(button for button in app.button if button.label == "Take back").click().run()
    assert not app.exception


# --- headings that differ from ours --------------------------------------------------------------------------------

SENT = [["Số hồ sơ", "Trích yếu"], ["VA-9", "Vụ án của cơ quan khác"]]


def choose(app, label: str, value) -> None:
    next(box for box in app.selectbox if box.label.startswith(label)).set_value(value).run()
    assert not app.exception


def test_headings_are_taught_once_and_known_the_next_time(installation, workbook):
    app = dropped(workbook(**{"Báo cáo": SENT}))
    assert "No sheet has a known name" in said(app)
    choose(app, "Sheet “Báo cáo” holds", Sheet.CASES)
    choose(app, "Số hồ sơ", "code")
    choose(app, "Trích yếu", "title")
    app.text_input(key="headings_name").set_value("Công an tỉnh")
    app.button(key="headings_use").click().run()
    assert not app.exception and not app.error
    app.button(key="import_apply").click().run()
    assert known() == ["VA-9"]
    again = dropped(workbook("tháng sau.xlsx", **{"Báo cáo": [*SENT, ["VA-10", "Vụ án khác"]]}))
    assert "Công an tỉnh" in said(again) and not again.error
    again.button(key="import_apply").click().run()
    assert known() == ["VA-10", "VA-9"]


def test_a_sheet_of_another_name_needs_no_answer_about_headings_we_know(installation, workbook):
    app = dropped(workbook(**{"Phụ lục 1": [["Mã vụ", "Tên vụ án", "Ghi thêm"], ["VA-9", "Vụ án", "x"]]}))
    choose(app, "Sheet “Phụ lục 1” holds", Sheet.CASES)
    answers = {box.label.split(" · ")[0]: box.value for box in app.selectbox}
    assert (answers["Mã vụ"], answers["Tên vụ án"], answers["Ghi thêm"]) == ("code", "title", "")
    app.button(key="headings_use").click().run()
    app.button(key="import_apply").click().run()
    assert known() == ["VA-9"]


def test_headings_we_know_ask_nothing(installation, workbook):
    app = dropped(workbook(cases=CASES, events=EVENTS))
    assert not app.selectbox


def test_a_heading_of_the_sender_is_shown_letter_by_letter(installation, workbook):
    evil = "[Bấm vào đây](https://evil.example)"
    rows = [["Mã vụ", "Tên vụ án", evil], ["VA-9", "Vụ án", "**đậm**"]]
    app = dropped(workbook(**{"Danh mục": rows}))
    (asked,) = [each.label for each in app.selectbox if "evil" in each.label]
    assert evil not in asked and evil in asked.replace("\\", "") and "**đậm**" not in asked
