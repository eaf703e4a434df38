"""Accounts: who may sign in, in which role; for administrators."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard.context import PageContext
from models import clock
from models.changes import people as changes
from models.changes.account_review import sign_review
from models.changes.second_factor import reset_second_factor
from models.db import read_session, transaction
from models.enums import N_, Role, Secrecy
from models.errors import NotFound
from models.queries.people import AccountRow, account_rows
from models.queries.sign_in import Dormant, Review, dormant_accounts, review_state
from models.rules.words import Refusal

NOTE = "people_note"


def render(ctx: PageContext) -> None:
    """The table of accounts, a form for a new one, and what can be done to one."""
    with read_session() as session:
        rows = account_rows(session, ctx.viewer, now=ctx.now)
        review = review_state(session, ctx.viewer, today=ctx.today)
        idle = dormant_accounts(session, ctx.viewer, today=ctx.today)
    st.title(ctx.t("Accounts"))
    if note := st.session_state.pop(NOTE, None):
        st.success(ctx.t(note), icon=":material/check:")
    _kept(ctx, idle)
    _review(ctx, review)
    st.dataframe([_shown(row, ctx) for row in rows], hide_index=True, width="stretch", key="accounts")
    new, one = st.columns(2, gap="large")
    with new:
        _new_account(ctx)
    with one:
        _one_account(ctx, rows)


def _shown(row: AccountRow, ctx: PageContext) -> dict[str, str | int]:
    t = ctx.t
    return {
        t("Sign-in name"): row.login,
        t("State"): _state(row, ctx),
        t("Second factor"): t("yes") if row.has_second_factor else t("no"),
        t("Name"): row.display_name,
        t("Function"): row.function,
        t("Role"): t.label(row.role),
        t("Agency"): row.agency,
        t("Mail"): row.email,
        t("Last sign-in"): t.time(row.last_sign_in_at) if row.last_sign_in_at else t("never"),
        t("Browsers signed in"): row.sign_ins,
    }


def _state(row: AccountRow, ctx: PageContext) -> str:
    if row.disabled_at:
        return ctx.t("disabled, not used") if row.is_disabled_as_idle else ctx.t("disabled")
    if row.locked_until and row.locked_until > ctx.now:
        return ctx.t("locked until {at}", at=row.locked_until)
    return ctx.t("active")


def _kept(ctx: PageContext, idle: list[Dormant]) -> None:
    for account in idle:
        if account.is_kept:
            sentence = ctx.t(
                "{name} was last used on {day} and stays open, because nobody else could open it again. "
                "Please sign in with it, or make another administrator.",
                name=account.login,
                day=account.used_on,
            )
            st.warning(sentence, icon=":material/person_alert:")


def _review(ctx: PageContext, review: Review) -> None:
    """When accounts and rights were reviewed, and the button to sign for the next review."""
    t = ctx.t
    last = (
        t("Accounts and rights were last reviewed on {at} by {name}.", at=review.signed_at, name=review.signed_by)
        if review.signed_at
        else t("Accounts and rights have not been reviewed yet.")
    )
    due = t("The next review is due by {day}.", day=review.due_on)
    if review.is_late:
        late = t("It is overdue since {day}: please look at every line below, then sign.", day=review.due_on)
        st.warning(f"{last} {late}", icon=":material/fact_check:")
    else:
        st.caption(f"{last} {due}")
    with st.expander(t("Sign the review of accounts and rights"), expanded=review.is_late), st.form("review"):
        note = st.text_input(t("What was found or changed (may stay empty)"), max_chars=500, key="review_note")
        st.caption(t("With this you say that each account is still needed and its role, agency and level are right."))
        if not st.form_submit_button(t("Sign the review")):
            return
        with _said(ctx, N_("The review is signed.")), transaction() as session:
            sign_review(session, ctx.viewer, now=clock.now(), note=note)


def _new_account(ctx: PageContext) -> None:
    t = ctx.t
    roles = {t.label(role): role for role in Role if role is not Role.SYSTEM}
    with st.form("new_account"):
        st.subheader(t("New account"))
        login = st.text_input(t("Sign-in name"), max_chars=60, key="new_login")
        name = st.text_input(t("Name"), max_chars=120, key="new_name")
        function = st.text_input(t("Function"), max_chars=120, key="new_function")
        email = st.text_input(t("Mail"), max_chars=200, key="new_email")
        role = st.selectbox(t("Role"), list(roles), key="new_role")
        agency = st.text_input(t("Code of the agency (a focal point needs one)"), max_chars=40, key="new_agency")
        level = st.selectbox(t("Cleared up to the level"), [t.label(each) for each in Secrecy], key="new_clearance")
        password = st.text_input(t("First password"), type="password", max_chars=200, key="new_password")
        st.caption(t("The person chooses another password at the first sign-in."))
        if not st.form_submit_button(t("Add account"), type="primary"):
            return
    with _said(ctx, N_("The account was added.")), transaction() as session:
        changes.add_account(
            session,
            ctx.viewer,
            login=login,
            password=password,
            role=roles[role],
            now=clock.now(),
            display_name=name,
            function=function,
            email=email,
            agency=agency.strip(),
            clearance=next(each for each in Secrecy if t.label(each) == level),
            must_change=True,
        )


def _one_account(ctx: PageContext, rows: tuple[AccountRow, ...]) -> None:
    t = ctx.t
    st.subheader(t("One account"))
    login = st.selectbox(t("Sign-in name"), [row.login for row in rows], key="one_login")
    row = next(row for row in rows if row.login == login)
    if row.disabled_at is not None:
        if st.button(t("Enable account"), key="enable"):
            with _said(ctx, N_("The account is open again.")), transaction() as session:
                changes.enable_account(session, ctx.viewer, login, now=clock.now())
        return
    _new_password(ctx, login)
    if row.locked_until and row.locked_until > ctx.now and st.button(t("Unlock account"), key="unlock"):
        with _said(ctx, N_("The account is unlocked.")), transaction() as session:
            changes.unlock_account(session, ctx.viewer, login, now=clock.now())
    if row.has_second_factor and st.button(
        t("Forget the second factor"),
        key="reset_factor",
        help=t("For a lost telephone: the person sets up another one at the next sign-in. First make sure who asks."),
    ):
        with _said(ctx, N_("The second factor is forgotten, and the account signed out.")), transaction() as session:
            reset_second_factor(session, ctx.viewer, login, now=clock.now())
    if st.button(t("End all sign-ins"), key="end_sign_ins"):
        with _said(ctx, N_("The account is signed out everywhere.")), transaction() as session:
            changes.end_sign_ins(session, ctx.viewer, login, now=clock.now())
    if st.button(t("Disable account"), key="disable"):
        with _said(ctx, N_("The account is disabled and signed out everywhere.")), transaction() as session:
            changes.disable_account(session, ctx.viewer, login, now=clock.now())


def _new_password(ctx: PageContext, login: str) -> None:
    t = ctx.t
    with st.form("reset", clear_on_submit=True):
        password = st.text_input(t("New first password"), type="password", max_chars=200, key="reset_password")
        st.caption(t("This also unlocks the account and signs it out everywhere."))
        if not st.form_submit_button(t("Set password")):
            return
    with _said(ctx, N_("The new password is set.")), transaction() as session:
        changes.reset_password(session, ctx.viewer, login, password, now=clock.now(), must_change=True)


@contextmanager
def _said(ctx: PageContext, note: str) -> Iterator[None]:
    """After the block the page runs again with `note` on top; what the block refuses is said here."""
    try:
        yield
    except Refusal as refusal:
        st.error(ctx.t.words(refusal.words))
    except NotFound as error:
        st.error(ctx.t.words(error.words))
    else:
        st.session_state[NOTE] = note
        st.rerun()
