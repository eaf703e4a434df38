"""The form that is open: what is typed stands in the browser's session and, at every change, in a private draft.

The form named in the address (`?do=event`) is the open one, so a refreshed page opens it again with what was typed.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.context import PageContext, signed_in
from models import clock
from models.changes.form_drafts import discard, keep
from models.db import DBAPIError, Session, read_session, transaction
from models.queries.form_drafts import Draft, code_of, draft_of
from models.queries.history import changes_since
from models.rules.access import Viewer

KEY = "form"  # the open form: plain values only
SAVED = "form_saved"  # token of the form that was saved last: a second click on it is no surprise
BEGAN, TYPED = "began", "typed"  # the two parts of a draft
ASKED = "form_asked"  # what a button of the form asks the next run of the page to do


@dataclass(frozen=True)
class Form:
    """One open form: which one (`event`), about what (`case:VA-1`), and the state kept of it."""

    name: str
    subject: str
    state: dict[str, Any]

    @property
    def values(self) -> dict[str, Any]:
        """What the fields hold, by name; a field nobody touched holds what the form began with."""
        return {**self.state["start"], **self.state["values"]}

    @property
    def start(self) -> dict[str, Any]:
        """What the form began with."""
        return dict(self.state["start"])

    @property
    def revision(self) -> int:
        """The revision of the file that the form was opened with, 0 for a form about no file."""
        return int(self.state["revision"] or 0)

    @property
    def token(self) -> str:
        """Under which the form is saved once."""
        return str(self.state["token"])

    def text(self, name: str) -> str:
        """What the field holds as text."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def errors_in(self, names: Iterable[str]) -> list[str]:
        """Which of the fields are wrong."""
        return [name for name in names if name in self.state["errors"]]

    def key(self, name: str) -> str:
        """The key of the field's widget: another opening has other widgets, and so has a field filled anew."""
        times = self.state["filled"].get(name, 0)
        return f"{self.state['id']}_{name}" + (f"_filled{times}" if times else "")

    def fill_anew(self, name: str) -> None:
        """The field shows what the form holds now, in another widget.

        A browser sends with every click what its fields hold. A click that comes before the page is drawn again still
        brings what the field held before; sent for a widget that is gone, nobody hears it.
        """
        self.state["filled"][name] = self.state["filled"].get(name, 0) + 1


def open_form(
    ctx: PageContext, name: str, subject: str, *, revision: int | None, start: Callable[[], dict[str, Any]]
) -> Form:
    """The form as it was left: in this window, else in the viewer's draft, else as `start` fills it in."""
    kept = st.session_state.get(KEY)
    if not kept or (kept["name"], kept["subject"]) != (name, subject):
        with read_session() as session:
            draft = draft_of(session, ctx.viewer, name, subject, now=clock.now())
            own = _only_mine(session, ctx, subject, draft, revision)
        kept = st.session_state[KEY] = _begun(name, subject, revision, {} if draft else start(), draft)
        if own:
            kept["revision"] = revision
    return Form(name, subject, kept)


def _only_mine(session: Session, ctx: PageContext, subject: str, draft: Draft | None, revision: int | None) -> bool:
    """Whether all that changed in the file since the draft was begun are the viewer's own other entries."""
    if draft is None or draft.revision is None or draft.revision == revision:
        return False
    changes = changes_since(session, ctx.viewer, code_of(subject), revision=draft.revision)
    return all(change.who == ctx.viewer.name for change in changes)


def _begun(name: str, subject: str, revision: int | None, start: dict[str, Any], draft: Draft | None) -> dict[str, Any]:
    token = draft.token if draft else secrets.token_urlsafe(24)
    return {
        "id": f"form_{secrets.token_hex(4)}", "name": name, "subject": subject, "token": token,
        "revision": draft.revision if draft else revision,
        "start": draft.values.get(BEGAN, {}) if draft else start,
        "values": draft.values.get(TYPED, {}) if draft else {}, "restored": draft.saved_at.isoformat() if draft else "",
        "errors": {}, "stale": False, "again": False, "filled": {},
    }  # fmt: skip


def begin(
    ctx: PageContext, name: str, subject: str, *, revision: int, start: dict[str, Any], values: dict[str, Any]
) -> Form:
    """A new opening of the form that holds `values` already, kept as a draft of its own."""
    kept = _begun(name, subject, revision, start, None)
    kept["values"] = dict(values)
    st.session_state[KEY] = kept
    form = Form(name, subject, kept)
    keep_form(ctx.viewer, form)
    return form


def current() -> Form | None:
    """The form that this window holds open."""
    kept = st.session_state.get(KEY)
    return Form(kept["name"], kept["subject"], kept) if kept else None


def close() -> None:
    """The window holds no form any more; its draft stays."""
    st.session_state.pop(KEY, None)
    for name in ("do", "id", "of", "new"):
        st.query_params.pop(name, None)


def drop(viewer: Viewer, token: str) -> None:
    """Forget the draft; the form, if it is the open one, begins anew."""
    with transaction() as session:
        discard(session, viewer, token)
    form = current()
    if form and form.token == token:
        st.session_state.pop(KEY)


def changed(viewer: Viewer, name: str) -> None:
    """A field holds something else: keep it. What a field's widget calls."""
    form = current()
    if form is None or form.key(name) not in st.session_state:
        return
    set_value(viewer, form, name, st.session_state[form.key(name)])


def set_value(viewer: Viewer, form: Form, name: str, value: Any) -> None:
    """The field `name` holds `value` from now on, here and in the draft."""
    form.state["values"][name] = value
    form.state["errors"].pop(name, None)
    form.state["errors"].pop("", None)
    keep_form(viewer, form)


def keep_form(viewer: Viewer, form: Form) -> None:
    """Write the draft. If the database is away, what is typed stays in the window, and the form says so."""
    now = clock.now()
    try:
        signed_in(now=now)  # typing is activity: nobody is signed out while filling in a form
        with transaction() as session:
            form.state["token"] = keep(
                session, viewer, form.token, form=form.name, subject=form.subject,
                values={BEGAN: form.state["start"], TYPED: form.state["values"]},
                revision=form.state["revision"], now=now,
            )  # fmt: skip
        form.state["kept"] = now.isoformat()
    except DBAPIError:
        form.state["kept"] = ""
