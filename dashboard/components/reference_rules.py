"""The rules: every limit with its article and its proof; one rule with its versions, and a change of it."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.components.address import address
from dashboard.components.chooser import choose, chosen
from dashboard.components.markup import el, link, show
from dashboard.components.reference_change import propose
from dashboard.components.reference_new_rule import new_rule
from dashboard.components.reference_rule_form import change_form, extension_form
from dashboard.components.rows_table import Cell, rows_table
from dashboard.components.rule_words import (
    class_name,
    is_counted,
    law_name,
    length_text,
    proof,
    rule_name,
    step_name,
    validity,
)
from dashboard.context import PageContext
from models.db import read_session
from models.enums import Verified
from models.queries.reference import LimitVersion, current_limits, differing_steps, limit_history
from models.rules.access import Action, may
from models.rules.limits import article_words
from models.rules.words import words
from models.text import Translator, fold
from seed.reference_files import limit_rows

LONGEST = 100  # characters of a search


def rules(ctx: PageContext) -> None:
    """The table of all rules, or the one named in the address."""
    with read_session() as session:
        limits = current_limits(session)
        differing = differing_steps(session, limit_rows())
    codes = {limit.code: limit for limit in limits}
    if code := chosen("rule", codes):
        with read_session() as session:
            history = limit_history(session, code)
        _one_rule(ctx, [limit for limit in limits if limit.code == code], history)
        return
    if may(ctx.viewer, Action.MANAGE_REFERENCE):
        _differing(ctx, differing)
    _all_rules(ctx, limits)
    new_rule(ctx, {limit.severity for limit in limits})


# --- all rules -----------------------------------------------------------------------------------------------------


def _all_rules(ctx: PageContext, limits: Sequence[LimitVersion]) -> None:
    t = ctx.t
    left, right = st.columns([2, 1])
    with left:
        st.text_input(
            t("Search"), value=st.query_params.get("q", ""), placeholder=t("Code, article, law"), key="rules_q",
            max_chars=LONGEST, on_change=_search,
        )  # fmt: skip
    with right:
        choose(
            t("Proof"), "proof", {each.value: t.label(each) for each in Verified}, any_label=t("With and without proof")
        )
    found = _found(t, limits)
    open_points = sum(limit.verified is not Verified.YES for limit in found)
    said = t("{n} limits; {open} of them to be confirmed by a lawyer.", n=len(found), open=open_points)
    show(el("p", said, data_rules=len(found)))
    headings = (
        t("Rule"),
        t("Holds for"),
        t("Step"),
        t("Length"),
        t("Longest total"),
        t("Legal basis"),
        t("In force"),
        t("Proof"),
    )
    rows_table(headings, [_row(ctx, limit) for limit in found], key="rules")


def _search() -> None:
    if asked := st.session_state["rules_q"].strip():
        st.query_params["q"] = asked[:LONGEST]
    else:
        st.query_params.pop("q", None)


def _found(t: Translator, limits: Sequence[LimitVersion]) -> list[LimitVersion]:
    asked = fold(st.query_params.get("q", "")[:LONGEST]).split()
    proved = chosen("proof", dict.fromkeys(Verified))

    def told(limit: LimitVersion) -> str:
        article = t.words(article_words(limit.article))
        return fold(f"{limit.code} {rule_name(t, limit)} {limit.article} {article} {limit.law} {law_name(t, limit)}")

    return [
        limit
        for limit in limits
        if (not proved or limit.verified == proved) and all(word in told(limit) for word in asked)
    ]


def _row(ctx: PageContext, limit: LimitVersion) -> tuple[Cell | str, ...]:
    t = ctx.t
    href = address(ctx, "/settings", tab="rules", rule=limit.code)
    return (Cell(limit.code, href=href, note=f"{rule_name(t, limit)}{_unused(t, limit.code)}"), *_said(t, limit))


def _unused(t: Translator, code: str) -> str:
    """Says of a rule that no clock counts by it."""
    return "" if is_counted(code) else " · " + t("kept, not used by a clock")


def _said(t: Translator, limit: LimitVersion) -> tuple[Cell | str, ...]:
    """What a version says, without its rule."""
    length = limit.extension_length if limit.extension_no else limit.base_limit
    return (
        class_name(t, limit.severity),
        step_name(t, limit.extension_no),
        length_text(t, length),
        length_text(t, limit.max_total),
        Cell(t.words(article_words(limit.article)), note=law_name(t, limit)),
        Cell(validity(t, limit), note=t.label(limit.origin)),
        proof(t, limit.verified),
    )


# --- one rule ------------------------------------------------------------------------------------------------------


def _one_rule(ctx: PageContext, limits: Sequence[LimitVersion], history: Sequence[LimitVersion]) -> None:
    t = ctx.t
    show(el("p", link(address(ctx, "/settings", tab="rules"), t("All rules"))))
    st.subheader(f"{limits[0].code} · {rule_name(t, limits[0])}", anchor=False)
    if not is_counted(limits[0].code):
        st.caption(t("This rule is kept and shown; no clock of the program uses it, so it counts no date of a file."))
    said = (t("Holds for"), t("Step"), t("Length"), t("Longest total"), t("Legal basis"), t("In force"), t("Proof"))
    rows_table(said, [_said(t, limit) for limit in limits], key="rule_now")
    manages = may(ctx.viewer, Action.MANAGE_REFERENCE)
    title = t("Change this rule") if manages else t("Try a change of this rule")
    with st.expander(title, icon=":material/edit:", expanded=manages):
        change_form(ctx, limits)
        extension_form(ctx, limits)
    st.subheader(t("What was changed"), anchor=False)
    if not history:
        st.caption(t("Nothing: the rule stands as it came with the program."))
        return
    rows_table(
        (t("Entered"), t("Entered by"), t("What it said"), t("Reason"), t("Retracted")),
        [_past(ctx, version) for version in history],
        key="rule_history",
    )


def _past(ctx: PageContext, version: LimitVersion) -> tuple[Cell | str, ...]:
    t = ctx.t
    length = version.extension_length if version.extension_no else version.base_limit
    said = f"{step_name(t, version.extension_no)}: {length_text(t, length)}"
    note = f"{class_name(t, version.severity)} · {t.words(article_words(version.article))} · {validity(t, version)}"
    retracted = t.time(version.retracted_at) if version.retracted_at else t("in force")
    return (
        t.time(version.recorded_at),
        t.label(version.origin),
        Cell(said, note=note, mark="soft" if version.retracted_at else ""),
        version.reason or "–",
        Cell(retracted, note=version.retracted_reason),
    )


# --- what the program brings otherwise -----------------------------------------------------------------------------


def _differing(ctx: PageContext, differing: Sequence[Any]) -> None:
    """Rules of an administrator where the program brings another version: offered, never taken by itself."""
    t = ctx.t
    if not differing:
        return
    said = t.n(
        "{n} rule differs from the version that came with the program",
        "{n} rules differ from the version that came with the program",
        len(differing),
    )
    with st.expander(said, icon=":material/difference:"):
        for number, (step, own, brought) in enumerate(differing):
            length = "extension_length" if step[2] else "base_limit"
            ours = ", ".join(length_text(t, getattr(limit, length)) for limit in own)
            theirs = ", ".join(length_text(t, row[length]) for row in brought)
            sentence = t(
                "{code}, {step}, {who}: in force {ours}; the program brings {theirs}.",
                code=step[0], step=step_name(t, step[2]), who=class_name(t, step[1]), ours=ours, theirs=theirs,
            )  # fmt: skip
            show(el("p", sentence))
            if st.button(t("Take the version of the program"), key=f"take_rule_{number}"):
                again = words("Rule {code}: the version of the program again", code=step[0])
                propose(ctx, again, "take_shipped_limit", step=tuple(step), rows=[dict(row) for row in brought])
