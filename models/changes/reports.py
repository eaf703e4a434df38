"""A paper is issued: its figures are registered and the audit chain keeps its hashes."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.changes._audit import record
from models.enums import ReportKind
from models.errors import Forbidden
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.tables import IssuedReport


def register_report(
    session: Session,
    viewer: Viewer,
    *,
    report_id: str,
    kind: ReportKind,
    period: str,
    session_id: int | None,
    as_of: date,
    known_at: datetime,
    language: str,
    figures: list[dict[str, Any]],
    figures_sha256: str,
    text_sha256: str,
    charts_sha256: str,
    now: datetime,
) -> None:
    """Keep what the paper `report_id` printed, to be proved later: a lead has issued it. Raises Forbidden."""
    if not (may(viewer, Action.REPORT) and may(viewer, Action.DECIDE)):
        raise Forbidden(words("Only the lead issues papers."))
    session.add(
        IssuedReport(
            id=report_id,
            kind=kind,
            period=period,
            session_id=session_id,
            as_of=as_of,
            known_at=known_at,
            language=language,
            figures=figures,
            figures_sha256=figures_sha256,
            created_at=now,
            created_by=viewer.account_id,
        )
    )
    session.flush()
    after = {
        "kind": kind,
        "period": period,
        "as_of": as_of.isoformat(),
        "known_at": known_at.isoformat(),
        "language": language,
        "figures_sha256": figures_sha256,
        "text_sha256": text_sha256,
        "charts_sha256": charts_sha256,
    }
    record(session, viewer, "report.issued", f"report:{report_id}", now=now, after=after)


def note_draft(
    session: Session, viewer: Viewer, *, report_id: str, kind: ReportKind, period: str, as_of: date, now: datetime
) -> None:
    """Note that a draft was made: it is in no register and proves nothing. Raises Forbidden."""
    if not may(viewer, Action.REPORT):
        raise Forbidden(words("This account may not make reports."))
    changed = session.info.get("changed", False)
    after = {"kind": kind, "period": period, "as_of": as_of.isoformat()}
    record(session, viewer, "report.drafted", f"report:{report_id}", now=now, after=after)
    session.info["changed"] = changed  # no fact is changed
