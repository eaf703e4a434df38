"""What may be kept of a record with a level of secrecy: numbers, dates, level and holder, never words or content.

One table for every form, change and import. `BLANK`: columns of a kind of record that must stay empty for a file with a
level. A kind that is not listed is not kept of such a file at all.
"""

from collections.abc import Collection, Mapping
from typing import Any

from models.enums import Secrecy
from models.rules.words import Words, words

TITLE = "Hồ sơ mật"  # the only title of a file with a level
BLANK: Mapping[str, tuple[str, ...]] = {
    "case_detail": (
        "title_en", "locality", "sector", "level", "offence_articles", "lead_agency", "accused_count", "source",
        "notes",
    ),
    "case_event": ("detail", "amount_vnd", "body", "accused_id", "source"),
    "supervision_proposal": ("reason", "note"),
    "agenda_point": ("title", "note"),
    "attachment": ("title", "body", "file_name", "sha256"),
    "file_secrecy": (),
    "restriction": (),
}  # fmt: skip
OWN_WORDS = ("Ngày đưa vào diện",)  # sources that the program writes by itself
FIELDS = {"accused_id": "accused", "sha256": "content"}  # column → field of the form
REFUSED = words("Of a file with a secrecy level only numbers and dates are kept: leave this empty.")
NOT_KEPT = words("Nothing of this kind is kept of a file with a secrecy level; keep it on paper, with its holder.")
ONLY_TITLE = words("A file with a secrecy level has no title of its own: write “{title}”.", title=TITLE)


def faults(level: Secrecy, kind: str, values: Mapping[str, Any]) -> dict[str, Words]:
    """What may not be kept, by field; "" for the record as a whole. Nothing for a file without a level."""
    if level is Secrecy.NONE:
        return {}
    if kind not in BLANK:
        return {"": NOT_KEPT}
    found = {
        FIELDS.get(name, name): REFUSED
        for name in BLANK[kind]
        if values.get(name) not in (None, "", *OWN_WORDS)
    }  # fmt: skip
    if kind == "case_detail" and values.get("title", TITLE) != TITLE:
        found["title"] = ONLY_TITLE
    return found


def blanked(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The record without what may not be kept."""
    empty = {name: None if name in ("amount_vnd", "accused_id", "accused_count") else "" for name in BLANK[kind]}
    title = {"title": TITLE} if kind == "case_detail" else {}
    return {**values, **empty, **title}


def mark(levels: Mapping[str, Secrecy], codes: Collection[str]) -> Words | None:
    """The line over everything printed with these codes on it; None if no file of them has a level."""
    found = [level for code, level in levels.items() if code in codes]
    if not found:
        return None
    return words(
        "SECRET DOCUMENT – not to be drafted on a machine that is connected to a network. Highest level: {level}",
        level=max(found, key=tuple(Secrecy).index),
    )
