"""The documents of a file on its page: listed, attached, taken off; only by those who may."""

import pytest

from models.db import read_session, transaction
from models.queries.attachments import documents
from models.rules.access import SYSTEM
from tests import cast, make
from tests.dashboard.pages.opening import opened, said, table

PAPER = b"%PDF-1.7\n"


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(installation):
    with transaction() as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-09-01")])
        make.account(session, login="thuky")
    return installation


def page(viewer=cast.SECRETARIAT, **more):
    app = opened("case", viewer, code="VA-1", **more)
    app.session_state["documents_VA-1"] = True  # the section is open
    return app.run()


def kept():
    with read_session() as session:
        return [(row.number, row.file_name, row.size) for row in documents(session, SYSTEM, "VA-1")]


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def test_a_document_is_attached_and_listed_with_its_download(office):
    app = page()
    assert "No document is registered with this file." in said(app)
    app.text_input(key="document_0_number").set_value("12/KLĐT")
    next(box for box in app.file_uploader if box.key == "document_0_content").set_value([("kl.pdf", PAPER, "x/y")])
    app = press(app, "Attach")
    assert kept() == [("12/KLĐT", "kl.pdf", len(PAPER))]
    assert "The document is registered." in said(app)
    assert [row[0] for row in table(app, "Number")] == ["12/KLĐT"]
    assert any('href="/attachment/1"' in str(piece.proto.body) for piece in app.get("html"))


def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(office):
    app = press(page(), "Attach")
    assert "Give the document's number or its title" in said(app).replace("\\", "")
    app.text_input(key="document_0_number").set_value("1")
    next(box for box in app.file_uploader if box.key == "document_0_content").set_value([("kl.pdf", b"MZ", "x/y")])
    app = press(app, "Attach")
    assert "Only PDF" in said(app) and kept() == []


def test_a_document_is_taken_off_with_a_reason(office):
    app = page()
    app.text_input(key="document_0_number").set_value("12/KLĐT")
    app = press(app, "Attach")
    app = press(app, "Take off")
    assert "Say why the document is taken off" in said(app) and kept()
    app.text_input(key="take_off_reason").set_value("Nhầm hồ sơ")
    press(app, "Take off")
    assert kept() == []


def test_a_member_reads_and_has_no_form_and_a_day_gone_by_neither(office):
    assert not {button.label for button in page(cast.MEMBER).button} & {"Attach", "Take off"}
