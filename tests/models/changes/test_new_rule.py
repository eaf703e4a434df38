"""A wholly new rule: all its rows or none, read by the same reader as every rule, kept with who and why."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from models.changes.new_rule import MOST, add_rule
from models.changes.rules import RuleRefused
from models.db import read_session, transaction
from models.enums import Origin, Severity, Verified
from models.errors import Forbidden
from models.queries.reference import current_limits, limit_history, rulebook
from models.rules.deadlines import due_on
from models.rules.limits import BadRule
from models.tables import AuditEntry, StatutoryLimit
from tests import cast

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
RULE = {
    "code": "TAX_REPLY", "stage": "expert_assessment", "severity": "any", "base_limit": "20 ngày", "article": "12(3)",
    "law": "Nghị định 9/2026", "notes": "thử", "verified": Verified.PARTIAL, "valid_from": date(2026, 7, 1),
}  # fmt: skip


def add(engine, viewer=cast.ADMINISTRATOR, **given):
    with transaction(engine) as session:
        add_rule(session, viewer, **{"reason": "Nghị định mới", "now": NOW, **RULE, **given})


def test_a_rule_with_its_extensions_counts_dates_at_once(engine):
    add(engine, extensions=["10 ngày", "", "1m"])
    with read_session(engine) as session:
        book = rulebook(session)
        rows = [row for row in current_limits(session) if row.code == "TAX_REPLY"]
        history = limit_history(session, "TAX_REPLY")
    assert [(row.extension_no, row.base_limit, row.extension_length, row.max_total) for row in rows] == [
        (0, "20d", "", "20d"), (1, "20d", "10d", "30d"), (2, "20d", "1m", "1m+30d"),
    ]  # fmt: skip
    assert due_on(book, "TAX_REPLY", date(2026, 7, 1), severity=None).due_on == date(2026, 7, 21)
    assert len(history) == 3 and {(row.origin, row.reason) for row in history} == {
        (Origin.ADMINISTRATOR, "Nghị định mới")
    }


def test_it_leaves_one_row_in_the_audit_chain(engine):
    with read_session(engine) as session:
        before = len(session.exec(select(AuditEntry)).all())
    add(engine, extensions=["10d"])
    with read_session(engine) as session:
        rows = session.exec(select(AuditEntry)).all()[before:]
    assert [(row.action, row.subject) for row in rows] == [("add_rule", "rule:TAX_REPLY")]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"code": "INV"}, "There is a rule INV already"),
        ({"code": "inv"}, "There is a rule INV already"),
        ({"code": ""}, "capital letters"),
        ({"code": "MÃ SỐ"}, "capital letters"),
        ({"code": "A"}, "capital letters"),
        ({"code": "A" * 41}, "capital letters"),
        ({"base_limit": ""}, "needs its base limit"),
        ({"article": "", "law": ""}, "Name the article or the law"),
        ({"reason": ""}, "Say why"),
        ({"valid_to": date(2026, 6, 30)}, "would end on"),
        ({"extensions": ["soon"]}, "Extension 1: 'soon' is no length"),
        ({"extensions": ["10d"] * (MOST + 1)}, "6 extensions at most"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence_and_nothing_is_kept(engine, given, sentence):
    with pytest.raises(RuleRefused) as refused:
        add(engine, **given)
    assert sentence in refused.value.words.english()
    with read_session(engine) as session:
        assert not session.exec(select(StatutoryLimit).where(StatutoryLimit.code == "TAX_REPLY")).all()


def test_a_length_nobody_can_read_is_refused_by_the_reader_of_all_rules(engine):
    with pytest.raises(BadRule):
        add(engine, base_limit="soon")


def test_the_shortest_and_the_longest_code_are_taken(engine):
    add(engine, code="AB")
    add(engine, code="a" * 40, severity=Severity.SERIOUS.value)
    with read_session(engine) as session:
        assert {"AB", "A" * 40} <= {row.code for row in current_limits(session)}


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.SECRETARIAT, cast.STRANGER], ids=lambda viewer: viewer.name)
def test_only_an_administrator_enters_a_rule(engine, viewer):
    with pytest.raises(Forbidden):
        add(engine, viewer)
