"""Is an issued paper still what was issued, and do the records still say the same?"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from exports import proof
from exports.figure import ReportFigure, writings
from exports.issue import figures_again, paper_of
from exports.paper import Paper
from models.db import Session
from models.errors import BadUsage, NotFound
from models.queries.reports import ChainHead, chain_holds, is_closed, issued_proof, issued_report
from models.rules.access import Viewer
from models.rules.words import Refusal, Words, words
from models.text import Translator, translator

SHOWN = 5  # codes or places named in a reason
QUOTED = 80  # characters of a changed paragraph that are shown


@dataclass(frozen=True)
class Checked:
    """One printed figure: the text on paper, the text it would have today, and whether both and the records agree."""

    id: str
    printed: str
    recomputed: str
    same: bool


@dataclass(frozen=True)
class Changed:
    """Something that differs (a figure's id, text, charts, proof, register or audit), and why we say so."""

    id: str
    why: tuple[Words, ...]


@dataclass(frozen=True)
class Verification:
    """The whole answer. `intact`: nothing differs."""

    paper: Paper
    figures: tuple[Checked, ...]
    changed: tuple[Changed, ...]
    audit_head_known: bool

    @property
    def intact(self) -> bool:
        """Nothing was changed, neither on the paper nor behind it."""
        return not self.changed

    def as_json(self, t: Translator) -> dict[str, Any]:
        """The shape that callers of `liem verify --json` rely on."""
        return {
            "report": self.paper.report_id,
            "kind": self.paper.kind.value,
            "as_of": self.paper.as_of.isoformat(),
            "known_at": self.paper.known_at.isoformat(),
            "intact": self.intact,
            "figures": [
                {"id": each.id, "printed": each.printed, "recomputed": each.recomputed, "same": each.same}
                for each in self.figures
            ],
            "changed": [{"id": each.id, "why": [t.words(reason) for reason in each.why]} for each in self.changed],
            "audit_head_known": self.audit_head_known,
        }


def verify(session: Session, viewer: Viewer, path: Path, *, today: date) -> Verification:
    """Compare the Word file at `path` with its proof, the register, the audit chain and today's records.

    Raises NotOurReport for a file that is no report of ours, Forbidden.
    """
    found = proof.read(path)
    try:
        paper = paper_of(found.proof.about, today=today)
    except (KeyError, ValueError, Refusal) as error:
        raise proof.NotOurReport(
            words("{file} carries a proof that cannot be read: it was damaged.", file=path.name)
        ) from error
    if is_closed(session, viewer, paper.report_id):
        raise NotFound(words("No issued report has the id {report}.", report=repr(paper.report_id)))
    again = figures_again(session, viewer, paper)
    records = _registered_records(session, viewer, paper)
    pairs = [_check(facts, found, again, records, translator(paper.language)) for facts in found.proof.figures]
    head_known = chain_holds(session, viewer, ChainHead(paper.head_row, paper.head_hash))
    changed = [
        *_document(found),
        *_register(session, viewer, found, paper),
        *(
            []
            if head_known
            else [Changed("audit", (words("The audit chain does not hold the row printed on the paper."),))]
        ),
        *(Changed(checked.id, why) for checked, why in pairs if why),
    ]
    rows = {facts.id for facts in found.proof.figures if facts.unit == "row"}
    checked = tuple(checked for checked, _ in pairs if checked.id not in rows)
    return Verification(paper, checked, tuple(changed), head_known)


# --- figures ---------------------------------------------------------------------------------------------------------


def _check(
    facts: proof.Facts,
    found: proof.Printed,
    again: Mapping[str, ReportFigure],
    records: Mapping[str, tuple[str, ...]],
    t: Translator,
) -> tuple[Checked, tuple[Words, ...]]:
    texts = found.figures.get(facts.id, ())
    expected = found.proof.controls.count(facts.id)
    wrong = next((text for text in texts if text not in facts.texts), None)
    stored = writings(facts.figure(), t)
    usual = next(iter(facts.texts or stored.values()))
    printed = wrong or (texts[0] if texts else usual)
    now = again.get(facts.id)
    why: list[Words] = []
    if wrong is not None:
        why.append(words("The paper shows {printed}; it was issued with {issued}.", printed=wrong, issued=usual))
    if len(texts) != expected:
        why.append(words("The figure stands {n} times on the paper; it was issued with {m}.", n=len(texts), m=expected))
    why.extend(_against_records(facts, now, t, records.get(facts.id)))
    recomputed = _written_again(facts, now, usual if wrong is not None else printed, t)
    return Checked(facts.id, printed, recomputed, not why), tuple(why)


def _written_again(facts: proof.Facts, now: ReportFigure | None, printed: str, t: Translator) -> str:
    """The figure of today, written the way the paper writes it; "" if there is none."""
    if now is None:
        return ""
    if _same_value(facts, now):
        return printed
    ways = writings(now, t)
    way = next((name for name, text in writings(facts.figure(), t).items() if text == printed), "")
    if not way and facts.unit == "vnd" and not printed.endswith("đồng"):
        way = "millions"  # with the decimals of its column
    return ways.get(way) or next(iter(ways.values()))


def _same_value(facts: proof.Facts, now: ReportFigure) -> bool:
    return (facts.value, facts.numerator, facts.denominator) == (now.value, now.numerator, now.denominator)


def _against_records(
    facts: proof.Facts,
    now: ReportFigure | None,
    t: Translator,
    records: tuple[str, ...] | None,
) -> Iterator[Words]:
    if now is None:
        yield words("The records no longer give this figure.")
        return
    if not _same_value(facts, now):
        old, new = (list(writings(figure, t).values())[-1] for figure in (facts.figure(), now))
        if old == new:
            yield words("The amounts behind it have changed.")
        else:
            yield words("The records now give {new}; it was issued with {old}.", new=new, old=old)
    if facts.records_sha256 != now.records_sha256:
        yield _row_changed(records, now.records) if now.unit == "row" else _records_changed(records, now.records)


def _records_changed(before: tuple[str, ...] | None, now: tuple[str, ...]) -> Words:
    if before is None:
        return words("The set of records counted has changed.")
    came, went = sorted(set(now) - set(before)), sorted(set(before) - set(now))
    if not came and not went:
        return words("The order of the records counted has changed.")
    return words(
        "The records counted have changed: now also {came}; no longer {went}.", came=_listed(came), went=_listed(went)
    )


def _row_changed(before: tuple[str, ...] | None, now: tuple[str, ...]) -> Words:
    came, went = sorted(set(now) - set(before or now)), sorted(set(before or ()) - set(now))
    return words(
        "The facts of this line have changed: now {came}; before {went}.", came=_listed(came), went=_listed(went)
    )


def _listed(codes: list[str]) -> str:
    more = f" (+{len(codes) - SHOWN})" if len(codes) > SHOWN else ""
    return ", ".join(codes[:SHOWN]) + more if codes else "–"


def _registered_records(session: Session, viewer: Viewer, paper: Paper) -> dict[str, tuple[str, ...]]:
    try:
        kept = issued_report(session, viewer, paper.report_id)
    except NotFound:
        return {}
    return {figure["id"]: tuple(figure.get("records", ())) for figure in kept.figures}


# --- text, charts, proof, register -----------------------------------------------------------------------------------


def _document(found: proof.Printed) -> Iterator[Changed]:
    if found.text_sha256 != found.proof.text_sha256:
        yield Changed("text", tuple(_places(found)) or (words("Text in the head or foot of the pages was changed."),))
    if found.charts_sha256 != found.proof.charts_sha256:
        yield Changed("charts", (words("A chart shows other values than it was issued with."),))
    if found.stored_figures_sha256 != found.proof.figures_sha256:
        yield Changed("proof", (words("The figures in the proof were changed after the paper was issued."),))


def _places(found: proof.Printed) -> Iterator[Words]:
    """Where the text differs: the paragraphs that are there now, or how many are gone."""
    now = tuple(proof.short_hash(text) for text in found.texts)
    matcher = SequenceMatcher(None, found.proof.paragraphs, now, autojunk=False)
    for tag, first, last, at, until in [op for op in matcher.get_opcodes() if op[0] != "equal"][:SHOWN]:
        if tag == "delete":
            near = found.texts[at - 1] if at else ""
            yield words("{n} paragraphs are missing after “{place}”.", n=last - first, place=near[:QUOTED])
        else:
            text = " / ".join(found.texts[at:until])
            yield words("The text was changed here: “{place}”.", place=text[:QUOTED])


def _register(session: Session, viewer: Viewer, found: proof.Printed, paper: Paper) -> Iterator[Changed]:
    kept = issued_proof(session, viewer, paper.report_id)
    if not kept:
        yield Changed("register", (words("This database has no record that the paper was issued."),))
        return
    issued = json.loads(kept)
    pairs = (
        ("figures_sha256", found.stored_figures_sha256),
        ("text_sha256", found.proof.text_sha256),
        ("charts_sha256", found.proof.charts_sha256),
        ("kind", paper.kind.value),
        ("period", paper.period.text),
        ("as_of", paper.as_of.isoformat()),
        ("known_at", paper.known_at.isoformat()),
    )
    if any(issued.get(name) != value for name, value in pairs):
        yield Changed(
            "register", (words("The proof in the file is not the one registered when the paper was issued."),)
        )


def require_file(path: Path) -> None:
    """Refuse a path that is no file. Raises BadUsage."""
    if not path.is_file():
        raise BadUsage(words("There is no file {file}.", file=repr(str(path))))
