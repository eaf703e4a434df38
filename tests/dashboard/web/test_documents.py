"""An attached document leaves the house only for who may read its file, as a download, and is noted."""

from datetime import date

import pytest
from sqlmodel import col, select

from models import clock
from models.changes.attachments import Document, attach
from models.db import read_session, transaction
from models.rules.access import SYSTEM
from models.store import folder
from models.tables import AuditEntry
from tests import make

PAPER = b"%PDF-1.7\n<script>alert(1)</script>"


@pytest.fixture
def number(visitor):
    with transaction() as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-09-01")])
        document = Document("12/KLĐT", date(2026, 9, 2), file_name='kết "luận".pdf', content=PAPER)
        return attach(session, SYSTEM, "VA-1", document, now=clock.now(), today=date(2026, 11, 21)).id


def test_a_member_downloads_it_and_the_download_is_noted(visitor, number):
    visitor.sign_in("uyvien")
    answer = visitor.get(f"/attachment/{number}")
    assert (answer.status_code, answer.content) == (200, PAPER)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''k%E1%BA%BFt%20%22lu%E1%BA%ADn%22.pdf"
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["cache-control"] == "no-store"
    with read_session() as session:
        last = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert (last.action, last.actor) == ("document_read", "uyvien")


def test_without_a_sign_in_the_form_comes_first(visitor, number):
    answer = visitor.get(f"/attachment/{number}")
    assert answer.status_code == 303 and answer.headers["location"] == f"/login?next=/attachment/{number}"


@pytest.mark.parametrize(
    "path",
    ["/attachment/999", "/attachment/0", "/attachment/x", "/attachment/-1", "/attachment/", "/attachment/99999999999"],
)
def test_an_unknown_one_is_not_told_apart_from_one_that_may_not_be_read(visitor, number, path):
    visitor.sign_in("uyvien")
    assert visitor.get(path).status_code == 404


def test_an_administrator_finds_none(visitor, number):
    visitor.sign_in("quantri")
    assert visitor.get(f"/attachment/{number}").status_code == 404


def test_a_content_that_is_gone_is_told_and_not_noted(visitor, number):
    for path in folder().rglob("*"):
        if path.is_file():
            path.unlink()
    visitor.sign_in("uyvien")
    answer = visitor.get(f"/attachment/{number}")
    assert answer.status_code == 410 and "kho" in answer.text
    with read_session() as session:
        assert not session.exec(select(AuditEntry).where(AuditEntry.action == "document_read")).all()
