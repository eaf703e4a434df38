"""A form in a dialog: what is typed is kept as a draft, saved once, and never over a colleague's change unseen."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboard.components.flash import flash
from dashboard.components.forms.state import (
    SAVED,
    Form,
    changed,
    close,
    current,
    drop,
    keep_form,
    open_form,
    set_value,
)
from dashboard.components.guard import not_now, note_refusal
from dashboard.components.markup import el, escape_markdown, show
from dashboard.components.mentioned import protected_names
from dashboard.components.rows_table import rows_table
from dashboard.context import PageContext, signed_in
from models import clock
from models.changes.form_drafts import take
from models.clock import local
from models.db import OperationalError, Session, transaction
from models.enums import N_
from models.errors import AlreadySaved, FieldErrors, Forbidden, NotFound, StaleCase, StaleFlag, StaleSession, StaleTask
from models.rules.access import Viewer
from models.rules.words import Refusal, words

VERSION = "version"  # the value that names what the form showed
Rows = list[tuple[str, ...]]


def plainly(ctx: PageContext, name: str, value: Any) -> str:
    """A field's value for people; a dash for nothing."""
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return str(value) if value not in (None, "") else "–"


@dataclass(frozen=True)
class Act:
    """One form by its English title. `start`: what the fields begin with, `version` among them if it changes something;
    `draw`: the fields; `save`: the change in the caller's transaction, and the sentence to say.

    `theirs`: what a colleague changed meanwhile: a sentence and rows of field, before, now. `shown`: the value of a
    field for people.
    """

    title: str
    start: Callable[[PageContext], dict[str, Any]]
    draw: Callable[[PageContext, Form], None]
    save: Callable[[PageContext, Session, Form, datetime], str]
    button: str = N_("Save")
    labels: Mapping[str, str] = field(default_factory=dict)
    theirs: Callable[[PageContext, Form], tuple[str, Rows]] | None = None
    shown: Callable[[PageContext, str, Any], str] = plainly


def act_form(ctx: PageContext, name: str, subject: str, act: Act) -> None:
    """The form as it was left, or both versions if a colleague was faster. Drawn inside a dialog."""
    form = open_form(ctx, name, subject, revision=None, start=lambda: act.start(ctx))
    if VERSION in form.start:
        form.state["values"].setdefault(VERSION, form.start[VERSION])
    if form.state["stale"]:
        _both(ctx, act, form)
        return
    with st.container():  # whatever comes and goes in it, the buttons below stay the same, and so does their focus
        if form.state["restored"]:
            show(el("p", ctx.t("Your draft is still here: go on, or discard it."), class_="note", role="status"))
        act.draw(ctx, form)
        protected_names(ctx, form, besides=form.text("case_code"))
        _errors(ctx, act, form)
    with st.container(horizontal=True):
        if st.button(ctx.t(act.button), type="primary", icon=":material/save:", key=f"act_save_{name}"):
            _save(ctx, act, form)
        if form.state["again"] and st.button(ctx.t("Save as one more"), key=f"act_again_{name}"):
            form.state["token"], form.state["again"] = secrets.token_urlsafe(24), False
            _save(ctx, act, form)
        if form.state["restored"] and st.button(ctx.t("Discard the draft"), key=f"act_drop_{name}"):
            drop(ctx.viewer, form.token)
            st.rerun(scope="fragment")


def several(ctx: PageContext, form: Form, name: str, label: str, options: Mapping[str, str]) -> None:
    """Any of many `options`, found by typing a part of them."""
    key = form.key(name)
    if key not in st.session_state:
        st.session_state[key] = [value for value in form.values.get(name) or [] if value in options]
    st.multiselect(
        label, list(options), format_func=dict(options).__getitem__, placeholder=ctx.t("Choose"), key=key,
        on_change=changed, args=(ctx.viewer, name),
    )  # fmt: skip


def ticks(ctx: PageContext, form: Form, name: str, label: str, options: Mapping[str, str]) -> None:
    """Each of `options` with a box to tick; for lists that are read before they are accepted."""
    chosen = form.values.get(name) or []
    st.markdown(f"**{escape_markdown(label)}** ({sum(each in chosen for each in options)}/{len(options)})")
    for number, (value, said) in enumerate(options.items()):
        key = form.key(f"{name}_{number}")
        if key not in st.session_state:
            st.session_state[key] = value in chosen
        st.checkbox(escape_markdown(said), key=key, on_change=_tick, args=(ctx.viewer, name, value, key))


def _tick(viewer: Viewer, name: str, value: str, key: str) -> None:
    form = current()
    if form is None:
        return
    others = [each for each in form.values.get(name) or [] if each != value]
    set_value(viewer, form, name, [*others, value] if st.session_state[key] else others)


def today_of(now: datetime) -> date:
    """The province's day of this instant: a dialog may stay open over midnight."""
    return local(now).date()


def version_of(form: Form) -> int:
    """The version that the form showed when it was opened."""
    return int(form.values.get(VERSION) or 0)


def _errors(ctx: PageContext, act: Act, form: Form) -> None:
    """What no field of this form says itself."""
    errors: dict[str, str] = form.state["errors"]
    for name, said in errors.items():
        if name == "" or name not in act.labels:
            st.error(escape_markdown(said), icon=":material/error:")


def _save(ctx: PageContext, act: Act, form: Form) -> None:
    """Save, once; what is wrong is said by the form itself. A dialog runs by itself, so the sign-in is asked again."""
    now = clock.now()
    who = signed_in(now=now)
    if who is None or who.viewer.name != ctx.viewer.name:
        form.state["errors"] = {"": ctx.t("You are signed out. Your draft is kept: sign in again and go on.")}
        st.rerun(scope="fragment")
    try:
        with transaction() as session:
            take(session, who.viewer, form.token, form=form.name, subject=form.subject, now=now)
            said = act.save(replace(ctx, viewer=who.viewer), session, form, now)
    except FieldErrors as error:
        form.state["errors"] = {name: ctx.t.words(said) for name, said in error.fields.items()}
    except (StaleTask, StaleSession, StaleCase, StaleFlag):
        form.state["stale"] = True
    except AlreadySaved as error:
        if st.session_state.get(SAVED) == form.token:  # the second click of a double click
            _leave(form)
        form.state["errors"] = {"": ctx.t.words(error.words)}
        form.state["again"] = True
    except (NotFound, Refusal, Forbidden) as error:
        if not isinstance(error, Refusal):
            note_refusal(ctx.viewer.name, error)
        form.state["errors"] = {"": ctx.t.words(error.words)}
    except OperationalError as error:  # the form stays: its draft could not be kept either
        form.state["errors"] = {"": not_now(ctx.t, error)}
    else:
        flash(escape_markdown(said))
        _leave(form)
    st.rerun(scope="fragment")


def _leave(form: Form) -> None:
    st.session_state[SAVED] = form.token
    close()
    st.rerun()


def _both(ctx: PageContext, act: Act, form: Form) -> None:
    """What the colleague changed, what I typed, and the choice."""
    t = ctx.t
    said, rows = act.theirs(ctx, form) if act.theirs else (t.words(words("A colleague was faster.")), [])
    st.warning(escape_markdown(said), icon=":material/group:")
    if rows:
        st.markdown(f"**{t('What your colleague changed')}**")
        rows_table((t("Field"), t("Before"), t("Now")), rows, key="act_theirs")
    mine = [(t(act.labels[name]), act.shown(ctx, name, form.values.get(name))) for name in _touched(act, form)]
    if mine:
        st.markdown(f"**{t('What you entered')}**")
        rows_table((t("Field"), t("Value")), mine, key="act_mine")
    with st.container(horizontal=True):
        if st.button(t("Go on with my entry"), type="primary", key="act_go_on"):
            _go_on(ctx, act, form)
            st.rerun(scope="fragment")
        if st.button(t("Leave it as my colleague left it"), key="act_give_way"):
            drop(ctx.viewer, form.token)
            close()
            st.rerun()


def _touched(act: Act, form: Form) -> list[str]:
    """The fields that I changed."""
    values, start = form.state["values"], form.start
    return [name for name in act.labels if name in values and values[name] != start.get(name)]


def _go_on(ctx: PageContext, act: Act, form: Form) -> None:
    """What I changed stays, on what the colleague left; fields I did not touch are theirs."""
    kept = {name: form.state["values"][name] for name in _touched(act, form)}
    start = act.start(ctx)
    form.state.update(start=start, values={**kept, VERSION: start[VERSION]}, stale=False, errors={})
    form.state["id"] += "x"  # other widgets: they show the new values
    keep_form(ctx.viewer, form)
