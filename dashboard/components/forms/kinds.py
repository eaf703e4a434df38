"""What makes one form of the product: how it begins, what it shows, how it is saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from dashboard.components.forms.state import Form
from dashboard.context import PageContext
from models.db import Session
from models.enums import N_
from models.queries.cases import CaseFile
from models.queries.form_drafts import code_of
from models.rules.versions import Subject


class Saved(NamedTuple):
    """The sentence to say once a form is saved, and the file to go to; "" to stay."""

    said: str
    code: str = ""


@dataclass(frozen=True)
class FormKind:
    """One form by its English title. `start(ctx, file, id)`: what the fields begin with, None if there is no such fact;
    `draw(ctx, form, file)`: the fields; `save(ctx, session, form, now)`: the change, in the caller's transaction.

    `labels`: field → English label, of a form that corrects a fact of the kind `corrects`. A form that `settles` a fact
    says something about it and leaves its fields alone. `gone`: what is said when a colleague did that first.
    """

    title: str
    start: Callable[[PageContext, CaseFile | None, str], dict[str, Any] | None]
    draw: Callable[[PageContext, Form, CaseFile | None], None]
    save: Callable[[PageContext, Session, Form, datetime], Saved]
    button: str = ""
    corrects: Subject | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    shown: Callable[[PageContext, str, Any], str] | None = None  # a field's value for people
    settles: Subject | None = None
    moves_rights: bool = False  # who is looking may see something else afterwards: the page begins anew
    gone: str = N_("What you were correcting was retracted by your colleague. Your text stays below until you drop it.")

    @property
    def follows(self) -> Subject | None:
        """The kind of fact that the form's id names, which may have another id after a colleague's change."""
        return self.corrects or self.settles


def subject_of(code: str, id: str = "") -> str:
    """What a form is about, as the draft names it: `case:VA-1/12`; `code_of` reads it."""
    plain = code.replace("%", "%25").replace("/", "%2F")
    about = f"case:{plain}" if code else "new"
    return f"{about}/{id}" if id else about


def about(form: Form) -> tuple[str, str]:
    """The file's code and the fact's id of a form; "" for none."""
    return code_of(form.subject), form.subject.partition("/")[2]
