"""What makes one form of the product: how it begins, what it shows, how it is saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from dashboard.components.forms.state import Form
from dashboard.context import PageContext
from models.db import Session
from models.queries.cases import CaseFile
from models.rules.versions import Subject


class Saved(NamedTuple):
    """The sentence to say once a form is saved, and the file to go to; "" to stay."""

    said: str
    code: str = ""


@dataclass(frozen=True)
class FormKind:
    """One form by its English title. `start(ctx, file, id)`: what the fields begin with, None if there is no such fact;
    `draw(ctx, form, file)`: the fields; `save(ctx, session, form, now)`: the change, in the caller's transaction.

    `labels`: field → English label, of a form that corrects a fact of the kind `corrects`.
    """

    title: str
    start: Callable[[PageContext, CaseFile | None, str], dict[str, Any] | None]
    draw: Callable[[PageContext, Form, CaseFile | None], None]
    save: Callable[[PageContext, Session, Form, datetime], Saved]
    button: str = ""
    corrects: Subject | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    shown: Callable[[PageContext, str, Any], str] | None = None  # a field's value for people


def subject_of(code: str, id: str = "") -> str:
    """What a form is about, as the draft names it."""
    about = f"case:{code}" if code else "new"
    return f"{about}/{id}" if id else about


def about(form: Form) -> tuple[str, str]:
    """The file's code and the fact's id of a form; "" for none."""
    file, _, id = form.subject.partition("/")
    return (file.removeprefix("case:") if file.startswith("case:") else ""), id
