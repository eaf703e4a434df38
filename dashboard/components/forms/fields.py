"""Fields of a form: a label, a help, the value kept at every change, and what is wrong with it right below."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.components.forms.state import Form, changed
from dashboard.components.markup import el, show
from dashboard.context import PageContext

PAUSE = "600ms"  # typing is kept after this pause


def text(
    ctx: PageContext, form: Form, name: str, label: str, *, help: str = "", placeholder: str = "", needed: bool = False
) -> str:
    """A line of text."""
    st.text_input(
        _label(label, needed), help=help or None, placeholder=placeholder or None, live=PAUSE,
        autocomplete="off", **_kept(ctx, form, name),
    )  # fmt: skip
    _problem(form, name)
    return form.text(name)


def long_text(ctx: PageContext, form: Form, name: str, label: str, *, help: str = "", needed: bool = False) -> str:
    """Several lines of text; Enter begins a new one."""
    st.text_area(_label(label, needed), help=help or None, height=92, **_kept(ctx, form, name))
    _problem(form, name)
    return form.text(name)


def choice(
    ctx: PageContext,
    form: Form,
    name: str,
    label: str,
    options: Mapping[str, str],
    *,
    help: str = "",
    needed: bool = False,
    placeholder: str = "",
    on_change: Callable[..., None] = changed,
    args: tuple[Any, ...] = (),
) -> str:
    """One of `options` (value → words), found by typing a part of it; nothing chosen is possible."""
    if form.values.get(name) not in options:
        form.state["values"].pop(name, None)
        if form.start.get(name) not in options:
            form.state["start"][name] = None
    st.selectbox(
        _label(label, needed), list(options), format_func=dict(options).__getitem__, help=help or None,
        placeholder=placeholder or ctx.t("Choose"), **_kept(ctx, form, name, on_change, args),
    )  # fmt: skip
    _problem(form, name)
    return form.text(name)


def several(ctx: PageContext, form: Form, name: str, label: str, options: Mapping[str, str]) -> Sequence[str]:
    """Any of `options`."""
    st.pills(
        label, list(options), format_func=dict(options).__getitem__, selection_mode="multi",
        **_kept(ctx, form, name),
    )  # fmt: skip
    _problem(form, name)
    return list(form.values.get(name) or [])


def tick(ctx: PageContext, form: Form, name: str, label: str) -> bool:
    """Yes or no."""
    kept = _kept(ctx, form, name)
    st.session_state[kept["key"]] = bool(st.session_state[kept["key"]])
    st.checkbox(label, **kept)
    _problem(form, name)
    return bool(form.values.get(name))


def _kept(
    ctx: PageContext, form: Form, name: str, on_change: Callable[..., None] = changed, args: tuple[Any, ...] = ()
) -> dict[str, Any]:
    """The widget's key, filled with what the form holds, and what happens at a change."""
    key = form.key(name)
    if key not in st.session_state:
        st.session_state[key] = form.values.get(name)
    return {"key": key, "on_change": on_change, "args": (ctx.viewer, *(args or (name,)))}


def _label(label: str, needed: bool) -> str:
    return f"{label} *" if needed else label


def _problem(form: Form, name: str) -> None:
    """What is wrong with the field, if anything."""
    if said := form.state["errors"].get(name):
        show(el("p", said, class_="problem", role="alert", data_problem=name))
