"""The form for a rule that the table does not have yet; the change is proposed with its preview, not made."""

from collections.abc import Collection
from typing import Any

import streamlit as st

from dashboard.components.reference_change import propose
from dashboard.components.reference_rule_form import ANY_DAY, HELP, told
from dashboard.components.rule_words import STAGES, class_name
from dashboard.context import PageContext
from models.enums import Severity, Verified
from models.rules.access import Action, may
from models.rules.words import words

EVERY = "any"


def new_rule(ctx: PageContext, classes: Collection[str]) -> None:
    """Code, what it limits, for whom, how long, by which law, from when, and why it is entered."""
    t = ctx.t
    title = t("Enter a new rule") if may(ctx.viewer, Action.MANAGE_REFERENCE) else t("Try a new rule")
    with st.expander(title, icon=":material/add:"), st.form("rule_new"):
        st.caption(t("For a rule that is in the table already, open the rule and change it there."))
        given: dict[str, Any] = {}
        one, two, three = st.columns(3)
        with one:
            given["code"] = st.text_input(t("Code"), max_chars=40, help="TAX_REPLY", key="rule_new_code")
            stages = {stage: t(name) for stage, name in STAGES.items()}
            given["stage"] = st.selectbox(
                t("Stage"), list(stages), format_func=stages.__getitem__, key="rule_new_stage"
            )
            every = {each: class_name(t, each) for each in dict.fromkeys((EVERY, *Severity, *sorted(classes)))}
            given["severity"] = st.selectbox(
                t("Holds for"), list(every), format_func=every.__getitem__, key="rule_new_severity"
            )
        with two:
            given["base_limit"] = st.text_input(t("Base limit"), max_chars=60, help=HELP, key="rule_new_base")
            extensions = st.text_area(
                t("Extensions, one length a line"), max_chars=300, height=110, key="rule_new_more"
            )
            marks = {mark: t.label(mark) for mark in (Verified.PARTIAL, Verified.YES, Verified.NO)}
            given["verified"] = st.selectbox(
                t("Proof"), list(marks), format_func=marks.__getitem__, key="rule_new_verified"
            )
        with three:
            given["article"] = st.text_input(
                t("Article"), max_chars=60, help="172, 172(2), 172(2)(a)", key="rule_new_article"
            )
            given["law"] = st.text_input(t("Law"), max_chars=200, key="rule_new_law")
            given["valid_from"] = st.date_input(t("In force from"), None, key="rule_new_from", **ANY_DAY)
            given["valid_to"] = st.date_input(t("In force until"), None, key="rule_new_to", **ANY_DAY)
        given["notes"] = st.text_input(t("Notes"), max_chars=1000, key="rule_new_notes")
        reason = st.text_input(t("Reason of the change: the law or decision"), max_chars=500, key="rule_new_reason")
        st.caption(t("A rule that no clock of the program uses is kept and shown, and counts no date of a file."))
        if not st.form_submit_button(t("Preview the change"), type="primary", icon=":material/visibility:"):
            return
    said = words(
        "New rule {code}: {length}", code=given["code"].strip().upper(), length=told("base_limit", given["base_limit"])
    )
    propose(ctx, said, "add_rule", reason=reason, extensions=extensions.splitlines(), **given)
