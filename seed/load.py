"""A file → facts: read, parse, plan, and, if every cell is right, apply in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models.changes.drafts import Finding
from models.changes.imports import CaseChange, Plan, apply_import, plan_import, take_turns
from models.db import Engine, read_session, transaction
from models.errors import BadUsage, Forbidden, os_answer
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.settings import settings
from models.text import Translator, translator
from seed.annotate import annotate_workbook
from seed.headings import OURS, Headings
from seed.parse import parse
from seed.read import Unreadable, csv_files, digest, read_sheets
from seed.tables import Parsed

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or would do: counts, refused cells, warnings, and what happens to each file."""

    file: str
    sha256: str
    applied: bool
    counts: dict[str, dict[str, int]]
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    changes: tuple[CaseChange, ...] = field(default=(), repr=False)
    batch_id: int | None = None
    news: bool = True  # whether applying it writes, or would write, anything

    @property
    def clean(self) -> bool:
        """Whether nothing was refused."""
        return not self.errors

    def as_json(self, t: Translator | None = None) -> dict[str, Any]:
        """The shape that callers rely on (docs: `liem import --json`); the reasons are in the language of `t`."""
        t = t or translator(settings().language)
        return {
            "file": self.file,
            "sha256": self.sha256,
            "applied": self.applied,
            **self.counts,
            "errors": [_as_json(finding, t) for finding in self.errors],
            "warnings": [_as_json(finding, t) for finding in self.warnings],
        }


def _as_json(finding: Finding, t: Translator) -> dict[str, Any]:
    return {
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "value": finding.value,
        "reason": t.words(finding.reason),
    }


NO_COUNTS = {
    "cases": {"new": 0, "changed": 0, "unchanged": 0},
    "events": {"new": 0, "unchanged": 0},
    "entries": {"new": 0, "unchanged": 0},
}


def import_file(
    path: str | Path,
    viewer: Viewer,
    *,
    now: datetime,
    today: date,
    dry_run: bool = False,
    progress: Progress | None = None,
    engine: Engine | None = None,
    name: str = "",
    headings: Headings = OURS,
) -> ImportResult:
    """Import the workbook, or the folder with cases.csv and events.csv, at `path`: all of it or nothing.

    `name` is the file's own name where `path` is a temporary copy; `headings`: as its sender writes them.
    Raises BadUsage for a missing file, Forbidden.
    """
    if not may(viewer, Action.RECORD):
        raise Forbidden(words("This account may not record facts."))
    file = _existing(path)
    shown, sha256 = name or file.resolve().name, _digest(file)
    try:
        sheets = read_sheets(file)
    except Unreadable as error:
        finding = Finding(error.file, None, "", shown, error.reason)
        return ImportResult(shown, sha256, False, NO_COUNTS, (finding,))
    parsed = parse(sheets, today=today, term=settings().term, progress=progress, headings=headings)
    del sheets
    if dry_run or parsed.errors:
        with read_session(engine) as session:
            plan = plan_import(session, viewer, parsed.drafts, sha256=sha256, today=today)
        return _result(shown, sha256, parsed, plan, applied=False)
    with transaction(engine) as session:
        take_turns(session)
        plan = plan_import(session, viewer, parsed.drafts, sha256=sha256, today=today)
        if plan.errors:
            return _result(shown, sha256, parsed, plan, applied=False)
        batch = apply_import(session, viewer, plan, file_name=shown, sha256=sha256, now=now, progress=progress)
    return _result(shown, sha256, parsed, plan, applied=True, batch_id=batch)


def _existing(path: str | Path) -> Path:
    file = Path(path)
    if not file.exists():
        raise BadUsage(words("There is no file {file}.", file=str(file)))
    if file.is_dir() and not csv_files(file):
        raise BadUsage(words("The folder {file} holds no cases.csv or events.csv.", file=str(file)))
    return file


def _digest(file: Path) -> str:
    try:
        return digest(file)
    except OSError as error:
        raise BadUsage(words("The file {file} cannot be read: {why}.", file=str(file), why=os_answer(error))) from error


def _result(
    file: str, sha256: str, parsed: Parsed, plan: Plan, *, applied: bool, batch_id: int | None = None
) -> ImportResult:
    errors, warnings = [*parsed.errors, *plan.errors], [*parsed.warnings, *plan.warnings]
    for findings in (errors, warnings):
        findings.sort(key=lambda finding: (finding.sheet, finding.row or 0))
    return ImportResult(
        file,
        sha256,
        applied,
        plan.counts,
        tuple(errors),
        tuple(warnings),
        tuple(plan.changes.values()),
        batch_id,
        news=plan.changes_something,
    )


def annotate(path: str | Path, result: ImportResult, out: str | Path, *, t: Translator | None = None) -> None:
    """Write to `out` the workbook at `path` with the refused cells of `result` in red, each with its reason."""
    annotate_workbook(Path(path), result.errors, Path(out), t or translator(settings().language))
