"""The documents of a file on its page: listed, attached, taken off; only by those who may."""

from dataclasses import replace

import pytest

from dashboard.web import on_its_way
from models.changes.attachments import take_off
from models.db import read_session, transaction
from models.queries.attachments import documents
from models.rules.access import SYSTEM
from tests import cast, make
from tests.dashboard.pages.opening import NOON, opened, pieces, said, table

PAPER = b"%PDF-1.7\n"


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(installation, monkeypatch):
    monkeypatch.setattr("dashboard.components.forms.state.signed_in", lambda now: None)  # a page here has no cookies
    with transaction() as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-09-01")])
        return cast.accounts(session)


def page(viewer, **more):
    app = opened("case", viewer, code="VA-1", **more)
    app.session_state["documents_VA-1"] = True  # the section is open
    return app.run()


def kept():
    with read_session() as session:
        return [(row.number, row.file_name, row.size) for row in documents(session, SYSTEM, "VA-1")]


def fill(app, label, value):
    next(each for each in app.text_input if each.label.startswith(label)).set_value(value).run()
    assert not app.exception


def save(app):
    app.button(key="form_save").click().run()
    assert not app.exception
    return app


def attached(people, name="kl.pdf", paper=PAPER):
    app = page(people.secretariat, do="document")
    fill(app, "Number and symbol", "12/KLĐT")
    app.file_uploader[0].set_value([(name, paper, "x/y")]).run()
    return save(app)


def test_a_document_is_attached_and_listed_with_its_download(office):
    assert "No document is registered with this file." in said(page(office.secretariat))
    app = attached(office)
    assert kept() == [("12/KLĐT", "kl.pdf", len(PAPER))]
    assert "The document is registered" in said(app)
    assert [row[0] for row in table(page(office.secretariat), "Number")] == ["12/KLĐT"]
    assert 'href="/attachment/1"' in "".join(pieces(page(office.secretariat)))


def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(office):
    app = save(page(office.secretariat, do="document"))
    assert 'data-problem="number"' in "".join(pieces(app))
    app = attached(office, paper=b"MZ")
    assert 'data-problem="content"' in "".join(pieces(app)) and "Only PDF" in said(app) and kept() == []


def test_what_is_typed_survives_a_refresh_and_the_upload_is_asked_for_again(office):
    fill(page(office.secretariat, do="document"), "Number and symbol", "12/KLĐT")
    again = page(office.secretariat, do="document")
    assert "12/KLĐT" in [each.value for each in again.text_input]
    assert "choose the document itself again" in said(again)


@pytest.mark.parametrize("came", [True, False])
def test_a_document_that_is_still_on_its_way_is_not_registered_without_it(office, monkeypatch, came):
    app = page(office.secretariat, do="document")
    fill(app, "Number and symbol", "12/KLĐT")
    monkeypatch.setattr(on_its_way, "anything", lambda session_id: True)
    save(app)
    assert 'data-problem="content"' in "".join(pieces(app)) and "still on its way" in said(app) and kept() == []
    if came:
        app.file_uploader[0].set_value([("kl.pdf", PAPER, "x/y")]).run()
        assert "still on its way" not in said(app)
    else:
        monkeypatch.undo()
        monkeypatch.setattr("dashboard.components.forms.state.signed_in", lambda now: None)
    save(app)
    assert kept() == [("12/KLĐT", "kl.pdf", len(PAPER)) if came else ("12/KLĐT", "", 0)]


def test_a_document_is_taken_off_with_a_reason(office):
    attached(office)
    assert "do=take_off_document&amp;id=1" in "".join(pieces(page(office.secretariat)))
    app = save(page(office.secretariat, do="take_off_document", id="1"))
    assert 'data-problem="reason"' in "".join(pieces(app)) and kept()
    fill(app, "Why it is taken off", "Nhầm hồ sơ")
    save(app)
    assert kept() == []


def test_a_document_that_a_colleague_took_off_meanwhile_is_said_to_be_gone(office):
    attached(office)
    app = page(office.secretariat, do="take_off_document", id="1")
    fill(app, "Why it is taken off", "Nhầm hồ sơ")
    with transaction() as session:
        colleague = replace(cast.SECRETARIAT, name="thuky2", account_id=make.account(session, login="thuky2").id)
        take_off(session, colleague, 1, reason="Trùng", now=NOON)
    assert "took this document off already" in said(save(app)) and "Nhầm hồ sơ" in said(app)


def test_a_member_reads_and_has_no_form(office):
    attached(office)
    shown = page(office.member, do="document")
    assert 'href="/attachment/1"' in "".join(pieces(shown))
    assert not shown.file_uploader and "do=" not in "".join(pieces(shown)).partition("documents_list")[2]
