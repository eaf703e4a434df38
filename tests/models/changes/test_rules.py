"""Rules as an administrator changes them: versions with reasons, both sides of a new validity, never undone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from models.changes import rules
from models.changes.rules import RuleRefused, add_limit, change_limit, take_shipped_limit, tried
from models.db import read_session, transaction
from models.enums import Origin, Severity, Verified
from models.errors import Forbidden
from models.queries.judged import data_version, reader
from models.queries.reference import (
    administrators_steps,
    changed_since,
    current_limits,
    differing_steps,
    limit_history,
    rulebook,
)
from models.rules.limits import BadRule, NotInForce
from models.tables import AuditEntry, StatutoryLimit
from seed.reference_data import load_reference
from seed.reference_files import limit_rows
from tests import cast

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
STEP = ("PROS", "serious", 0)
NEW_LAW = date(2027, 1, 1)


def version(session, step=STEP, valid_from=date(2018, 1, 1)):
    found = [row for row in current_limits(session) if (row.code, row.severity, row.extension_no) == step]
    return next(row for row in found if row.valid_from == valid_from)


def change(engine, viewer=cast.ADMINISTRATOR, *, reason="Luật sửa đổi", now=NOW, **given):
    with transaction(engine) as session:
        return change_limit(session, viewer, version(session).id, reason=reason, now=now, **given)


def base(engine, on, **known):
    with read_session(engine) as session:
        return str(rulebook(session, **known).limit("PROS", Severity.SERIOUS, on).base)


@pytest.mark.parametrize("viewer", cast.EVERYBODY, ids=lambda viewer: viewer.name)
def test_only_who_manages_the_rules_changes_them(engine, viewer):
    if viewer in (cast.ADMINISTRATOR, cast.SYSTEM):
        change(engine, viewer, base_limit="25d")
        assert base(engine, date(2026, 5, 4)) == "25d"
        return
    with pytest.raises(Forbidden):
        change(engine, viewer, base_limit="25d")
    with transaction(engine) as session, pytest.raises(Forbidden):
        add_limit(session, viewer, reason="thử", now=NOW, code="NEW", article="1")
    with transaction(engine) as session, pytest.raises(Forbidden):
        take_shipped_limit(session, viewer, STEP, limit_rows(), now=NOW)
    assert base(engine, date(2026, 5, 4)) == "20d"


def test_a_correction_replaces_the_version_and_keeps_the_old_one_with_who_and_why(engine):
    change(engine, base_limit="25 ngày", reason="  Sửa lỗi nhập  ")
    with read_session(engine) as session:
        new, old = [row for row in limit_history(session, "PROS") if row.severity == "serious"]
        assert (old.base_limit, old.retracted_at, old.retracted_by) == ("20d", NOW, Origin.ADMINISTRATOR)
        assert (old.origin, old.retracted_reason) == (Origin.SHIPPED, "Sửa lỗi nhập")
        assert (new.base_limit, new.max_total, new.reason) == ("25d", "25d", "Sửa lỗi nhập")
        assert (new.origin, new.recorded_at, new.retracted_at) == (Origin.ADMINISTRATOR, NOW, None)
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
        assert (entry.action, entry.subject, entry.actor) == ("change_limit", "rule:PROS", "quantri")
        assert '"base_limit":"20d"' in entry.before and '"base_limit":"25d"' in entry.after
        assert "Sửa lỗi nhập" in entry.after
    assert base(engine, date(2018, 1, 1)) == base(engine, date(2027, 1, 1)) == "25d"


def test_a_new_law_holds_from_its_first_day_and_the_old_one_until_the_day_before(engine):
    change(engine, base_limit="15d", valid_from=NEW_LAW, law="Luật mới")
    assert base(engine, NEW_LAW - timedelta(days=1)) == "20d"
    assert base(engine, NEW_LAW) == "15d"
    with read_session(engine) as session:
        assert version(session).valid_to == NEW_LAW - timedelta(days=1)
        assert not rulebook(session).limit("PROS", Severity.SERIOUS, date(2026, 5, 4)).approximate


def test_a_rule_that_ends_has_no_limit_from_the_next_day_on(engine):
    change(engine, valid_to=date(2026, 12, 31))
    assert base(engine, date(2026, 12, 31)) == "20d"
    with read_session(engine) as session, pytest.raises(NotInForce):
        rulebook(session).limit("PROS", Severity.SERIOUS, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"base_limit": "soon"}, "cannot be read as a length"),
        ({"base_limit": "0d"}, "cannot be read as a length"),
        ({"base_limit": "20d"}, "Nothing would change"),
        ({"valid_to": date(2017, 12, 31)}, "before it starts"),
        ({"base_limit": "25d", "reason": " "}, "Say why"),
        ({"base_limit": "25d", "reason": "x" * 501}, "500"),
        ({"article": "", "law": ""}, "Name the article or the law"),
        ({"law": "x" * 201}, "Law: more than 200 characters"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(engine, given, said):
    with pytest.raises((RuleRefused, BadRule), match=said):
        change(engine, **given)
    with read_session(engine) as session:
        assert limit_history(session, "PROS") == []
        assert administrators_steps(session) == set()


def test_a_version_somebody_else_has_changed_meanwhile_is_not_changed_again(engine):
    with read_session(engine) as session:
        shown = version(session).id
    change(engine, base_limit="25d")
    with transaction(engine) as session, pytest.raises(RuleRefused, match="changed by somebody else"):
        change_limit(session, cast.ADMINISTRATOR, shown, reason="thử", now=NOW, base_limit="26d")


def test_the_step_of_a_rule_cannot_be_changed_into_another(engine):
    with pytest.raises(TypeError):
        change(engine, code="INV")


def test_a_rule_that_is_not_there_yet_can_be_added_once(engine):
    given = {"code": "NEW", "stage": "investigation", "base_limit": "10 ngày", "article": "12(1)", "law": "Luật mới"}
    with transaction(engine) as session:
        add_limit(session, cast.ADMINISTRATOR, reason="Luật mới", now=NOW, valid_from=NEW_LAW, **given)
    with read_session(engine) as session:
        limit = rulebook(session).limit("NEW", None, NEW_LAW)
        assert (str(limit.base), limit.verified) == ("10d", Verified.PARTIAL)
    with transaction(engine) as session, pytest.raises(RuleRefused, match="already has a version that starts"):
        add_limit(session, cast.ADMINISTRATOR, reason="thử", now=NOW, valid_from=NEW_LAW, **given)


def test_a_later_start_of_the_program_does_not_undo_a_change_but_offers_its_own(engine):
    change(engine, base_limit="25d")
    change(engine, base_limit="30d", valid_from=NEW_LAW, reason="Luật mới")
    later = NOW + timedelta(days=30)
    with transaction(engine) as session:
        assert load_reference(session, now=later)["limits"] == 0
    assert (base(engine, date(2026, 5, 4)), base(engine, NEW_LAW)) == ("25d", "30d")
    with read_session(engine) as session:
        [(step, own, brought)] = differing_steps(session, limit_rows())
        assert (step, [row.base_limit for row in own], [row["base_limit"] for row in brought]) == (
            STEP, ["25d", "30d"], ["20d"],
        )  # fmt: skip


def test_a_step_given_back_is_the_programs_again(engine):
    change(engine, base_limit="30d", valid_from=NEW_LAW)
    with transaction(engine) as session:
        take_shipped_limit(session, cast.ADMINISTRATOR, STEP, limit_rows(), now=NOW)
    assert base(engine, NEW_LAW) == "20d"
    with transaction(engine) as session:
        assert differing_steps(session, limit_rows()) == []
        assert administrators_steps(session) == set()
        assert load_reference(session, now=NOW)["limits"] == 0


def test_a_try_leaves_nothing_behind(engine):
    with read_session(engine) as session:
        limit_id, data = version(session).id, data_version(session)

    def make(session, viewer):
        change_limit(session, viewer, limit_id, reason="thử", now=NOW, base_limit="25d")

    with transaction(engine) as session:
        before, after = tried(session, cast.SECRETARIAT, make)
    bases = [str(book.limit("PROS", Severity.SERIOUS, NEW_LAW).base) for book in (before, after)]
    assert bases == ["20d", "25d"]
    with read_session(engine) as session:
        assert (version(session).base_limit, data_version(session)) == ("20d", data)
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "change_limit")).all() == []
    with transaction(engine) as session, pytest.raises(Forbidden):
        tried(session, cast.STRANGER, make)


def test_a_question_of_earlier_is_answered_by_the_rules_known_then(engine):
    change(engine, base_limit="25d")
    before = NOW - timedelta(seconds=1)
    assert base(engine, date(2026, 5, 4), known_at=before) == "20d"
    assert base(engine, date(2026, 5, 4), known_at=NOW) == "25d"
    with read_session(engine) as session:
        assert changed_since(session, before) and not changed_since(session, NOW)
        first = session.exec(select(StatutoryLimit.recorded_at).order_by(col(StatutoryLimit.id))).first()
        then = reader(session, known_at=before).rulebook.limit("PROS", Severity.SERIOUS, date(2026, 5, 4))
        now = reader(session).rulebook.limit("PROS", Severity.SERIOUS, date(2026, 5, 4))
        assert (str(then.base), str(now.base)) == ("20d", "25d")
    assert base(engine, date(2026, 5, 4), known_at=first - timedelta(days=1)) == "20d"  # nothing was known before


def test_every_field_that_can_be_too_long_has_its_name():
    assert set(rules.LONGEST) == set(rules.FIELD_NAMES)
