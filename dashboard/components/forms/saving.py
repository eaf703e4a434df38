"""A form is saved by the next run of the whole page, which has made sure again who is looking; and it is saved once."""

import streamlit as st

from dashboard.components.flash import flash
from dashboard.components.forms.kinds import FormKind, Saved, about
from dashboard.components.forms.state import ASKED, SAVED, Form, close, current
from dashboard.components.guard import not_now
from dashboard.components.markup import escape_markdown
from dashboard.context import PageContext
from models import clock
from models.changes.form_drafts import take
from models.db import OperationalError, read_session, transaction
from models.errors import NO_ROOM, AlreadySaved, FieldErrors, NotFound, StaleCase, is_no_room
from models.queries.history import changes_since
from models.rules.lengths import parse_length
from models.rules.versions import DEEDS, Change, FieldChange
from models.rules.words import Refusal, Value, Words, words
from models.text import Translator


def save_asked(ctx: PageContext, kinds: dict[str, FormKind]) -> None:
    """Save the open form if its button was pressed. What is wrong is left for the form to say."""
    asked, form = st.session_state.pop(ASKED, ""), current()
    if not asked or form is None or form.token != asked or form.name not in kinds:
        return
    try:
        done = _save(ctx, kinds[form.name], form)
    except FieldErrors as error:
        form.state["errors"] = {name: ctx.t.words(said) for name, said in error.fields.items()}
    except StaleCase as stale:
        if _is_own(ctx, kinds[form.name], stale):
            form.state["revision"] = stale.revision
            st.session_state[ASKED] = form.token
            save_asked(ctx, kinds)
        else:
            _note_stale(ctx, form, stale.revision, stale.words, stale.changes)
    except AlreadySaved as error:
        _already(ctx, form, error.words)
    except NotFound as error:
        note_gone(ctx, form, error.words)
    except Refusal as error:
        form.state["errors"] = {"": ctx.t.words(error.words)}
    except OperationalError as error:  # the form stays: its draft could not be kept either
        form.state["errors"] = {"": not_now(ctx.t, error)}
    except OSError as error:
        if not is_no_room(error):
            raise
        form.state["errors"] = {"": ctx.t.words(NO_ROOM)}
    else:
        _done(form, done)
        if kinds[form.name].moves_rights:
            st.rerun()


def _is_own(ctx: PageContext, kind: FormKind, stale: StaleCase) -> bool:
    """Whether something new is added to a file that only the viewer changed meanwhile, in another window."""
    return not kind.corrects and bool(stale.changes) and all(each.who == ctx.viewer.name for each in stale.changes)


def _save(ctx: PageContext, kind: FormKind, form: Form) -> Saved:
    now = clock.now()
    with transaction() as session:
        take(session, ctx.viewer, form.token, form=form.name, subject=form.subject, now=now)
        return kind.save(ctx, session, form, now)


def _done(form: Form, done: Saved) -> None:
    st.session_state[SAVED] = form.token
    close()
    flash(escape_markdown(done.said))
    if done.code:
        st.query_params["code"] = done.code


def _already(ctx: PageContext, form: Form, said: Words) -> None:
    """The second click of a double click is no surprise; a form saved in another window is."""
    if st.session_state.get(SAVED) == form.token:
        close()
        return
    form.state["errors"] = {"": ctx.t.words(said)}
    form.state["again"] = True


def note_gone(ctx: PageContext, form: Form, said: Words | None = None) -> None:
    """The fact is not there any more: because a colleague replaced it, or without a reason that is known."""
    code, _ = about(form)
    with read_session() as session:
        changes = changes_since(session, ctx.viewer, code, revision=form.revision)
    if not changes:
        gone = said or words("This fact does not hold any more: it was corrected or retracted.")
        form.state["errors"] = {"": ctx.t.words(gone)}
        return
    stale = StaleCase(code, 0, changes)
    _note_stale(ctx, form, 0, stale.words, changes)


def _note_stale(ctx: PageContext, form: Form, revision: int, said: Words, changes: tuple[Change, ...]) -> None:
    rows = [row for change in changes for row in _rows(ctx, change)]
    form.state["stale"] = {"said": ctx.t.words(said), "revision": revision, "rows": rows}


def _rows(ctx: PageContext, change: Change) -> list[list[str]]:
    """Per field of the change: who and when, what, field, before, after."""
    t = ctx.t
    who = f"{change.name or change.who or t('system')}, {t.time(change.at)}"
    what = f"{t.words(change.told)} – {t.words(DEEDS[change.deed])}"
    if not change.fields:
        return [[who, what, "", "", ""]]
    return [
        [who, what, t.words(each.label), told(t, each, each.before), told(t, each, each.after)]
        for each in change.fields
    ]


def told(t: Translator, change: FieldChange, given: Value) -> str:
    """A value of a field for people; a length in words."""
    try:
        return t.words(parse_length(str(given)).words()) if change.field == "length" and given else value(t, given)
    except Refusal:
        return value(t, given)


def value(t: Translator, given: Value) -> str:
    """A value of a fact for people; a dash for nothing."""
    return t("{value}", value=given) if given not in (None, "") else "–"
