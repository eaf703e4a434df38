"""The forms that change a rule: another content of one of its versions, or a further extension."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.components.reference_change import propose
from dashboard.components.rule_words import class_name, law_name, length_text, step_name, validity
from dashboard.context import PageContext
from models.enums import Severity, Verified
from models.queries.reference import LimitVersion
from models.rules.lengths import BadLength, parse_length
from models.rules.limits import law_words
from models.rules.words import Words, words
from models.text import Translator

HELP = "20d, 5wd, 2m, 1y, 24h, 2m+15d; 20 ngày, 5 ngày làm việc, 2 tháng 15 ngày; to 4m in all"
ANY_DAY: dict[str, Any] = {"min_value": "1990-01-01", "max_value": "2100-12-31", "format": "DD/MM/YYYY"}


def change_form(ctx: PageContext, limits: Sequence[LimitVersion]) -> None:
    """Choose a version, say what is different and why; the change is proposed, not made."""
    t = ctx.t
    names = {limit.id: _line(t, limit) for limit in limits}
    chosen_id = st.selectbox(t("What is changed"), list(names), format_func=names.__getitem__, key="rule_version")
    limit = next(limit for limit in limits if limit.id == chosen_id)
    at = f"rule_{limit.id}"  # another version is another form
    with st.form(at):
        given: dict[str, Any] = {}
        one, two, three = st.columns(3)
        with one:
            given |= _lengths(t, limit, at)
        with two:
            given["article"] = st.text_input(
                t("Article"), limit.article, max_chars=60, help="172, 172(2), 172(2)(a)", key=f"{at}_article"
            )
            given["law"] = _typed(t("Law"), limit.law, law_name(t, limit), max_chars=200, key=f"{at}_law")
            marks = {mark: t.label(mark) for mark in Verified}
            given["verified"] = st.selectbox(
                t("Proof"),
                list(marks),
                list(marks).index(limit.verified),
                format_func=marks.__getitem__,
                key=f"{at}_verified",
            )
        with three:
            given["valid_from"] = st.date_input(t("In force from"), limit.valid_from, key=f"{at}_from", **ANY_DAY)
            given["valid_to"] = st.date_input(t("In force until"), limit.valid_to, key=f"{at}_to", **ANY_DAY)
        given["notes"] = st.text_input(t("Notes"), limit.notes, max_chars=1000, key=f"{at}_notes")
        reason = st.text_input(t("Reason of the change: the law or decision"), max_chars=500, key=f"{at}_reason")
        st.caption(
            t(
                "A later first day leaves the present version in force until the day before. Files that started before "
                "it keep their limit."
            )
        )
        if not st.form_submit_button(t("Preview the change"), type="primary", icon=":material/visibility:"):
            return
    changed = {name: value for name, value in given.items() if value != getattr(limit, name)}
    propose(ctx, _sentence(limit, changed), "change_limit", limit_id=limit.id, reason=reason, **changed)


def extension_form(ctx: PageContext, limits: Sequence[LimitVersion]) -> None:
    """A further extension of the rule, for one class of offence; proposed, not made."""
    t = ctx.t
    last = {limit.severity: limit for limit in limits}
    names = {severity: class_name(t, severity) for severity in last}
    with st.form("rule_extension"):
        st.markdown(f"**{t('A further extension')}**")
        one, two, three = st.columns(3)
        with one:
            severity = st.selectbox(t("Holds for"), list(names), format_func=names.__getitem__, key="more_class")
            length = st.text_input(t("Extension"), max_chars=60, help=HELP, key="more_length")
        with two:
            total = st.text_input(t("Longest total"), max_chars=40, help=HELP, key="more_total")
            article = st.text_input(t("Article"), max_chars=60, help="172, 172(2), 172(2)(a)", key="more_article")
        with three:
            law = st.text_input(t("Law"), max_chars=200, key="more_law")
            start = st.date_input(t("In force from"), None, key="more_from", **ANY_DAY)
        reason = st.text_input(t("Reason of the change: the law or decision"), max_chars=500, key="more_reason")
        if not st.form_submit_button(t("Preview the change"), icon=":material/visibility:"):
            return
    before = last[severity]
    number = before.extension_no + 1
    said = words(
        "Rule {code}, {step}: {length}", code=before.code, step=words("Extension {n}", n=number), length=length
    )
    given = {"code": before.code, "stage": before.stage, "severity": severity, "base_limit": before.base_limit}
    given |= {"extension_length": length, "max_total": total, "article": article, "law": law}
    propose(ctx, said, "add_limit", reason=reason, extension_no=number, valid_from=start, **given)


def _lengths(t: Translator, limit: LimitVersion, at: str) -> dict[str, str]:
    labels = {"base_limit": t("Base limit"), "extension_length": t("Extension"), "max_total": t("Longest total")}
    names = ("extension_length", "max_total") if limit.extension_no else ("base_limit",)
    return {name: _length_box(t, labels[name], getattr(limit, name), f"{at}_{name}") for name in names}


def _length_box(t: Translator, label: str, kept: str, key: str) -> str:
    return _typed(label, kept, length_text(t, kept) if kept else "", max_chars=60, help=HELP, key=key)


def _typed(label: str, kept: str, shown: str, **options: Any) -> str:
    """What was typed over `shown`, the words for `kept`; `kept` itself when nothing was."""
    typed = st.text_input(label, shown, **options)
    return kept if typed == shown else typed


def _line(t: Translator, limit: LimitVersion) -> str:
    length = limit.extension_length if limit.extension_no else limit.base_limit
    parts = (class_name(t, limit.severity), step_name(t, limit.extension_no), length_text(t, length))
    return " · ".join((*parts, validity(t, limit)))


NAMES = {
    "base_limit": words("base limit"),
    "extension_length": words("extension"),
    "max_total": words("longest total"),
    "article": words("article"),
    "law": words("law"),
    "notes": words("notes"),
    "verified": words("proof"),
    "valid_from": words("in force from"),
    "valid_to": words("in force until"),
}


def _sentence(limit: LimitVersion, changed: dict[str, Any]) -> Words:
    """The change in words: what stood there and what will."""
    step = words("Extension {n}", n=limit.extension_no) if limit.extension_no else words("Limit")
    severity = Severity(limit.severity) if limit.severity in set(Severity) else None
    said = words("Rule {code}, {step}", code=limit.code, step=step)
    if severity:
        said = words("Rule {code}, {severity}, {step}", code=limit.code, severity=severity, step=step)
    for name, value in changed.items():
        before, after = told(name, getattr(limit, name)), told(name, value)
        said = words("{rest}; {field}: {before} → {after}", rest=said, field=NAMES[name], before=before, after=after)
    return said


def told(name: str, value: Any) -> Any:
    """A value of a change for people: lengths in words, a dash for nothing."""
    if name in ("base_limit", "extension_length", "max_total") and value:
        try:
            return parse_length(value).words()
        except BadLength:
            return value
    return law_words(value) if name == "law" and value else value or None
