"""Law and calendar as the rules want them."""

from sqlmodel import Session, col, select

from models.rules.limits import LimitRow, OffenceRow, Rulebook
from models.rules.workdays import Calendar, CalendarDay
from models.tables import Offence, SpecialDay, StatutoryLimit


def calendar(session: Session) -> Calendar:
    """Holidays, swapped days off and worked Saturdays of every maintained year."""
    days = session.exec(select(SpecialDay).order_by(col(SpecialDay.day)))
    return Calendar.build(CalendarDay(day.day, day.kind, day.name_vi, day.name_en) for day in days)


def rulebook(session: Session) -> Rulebook:
    """The limits, offences and calendar in force now; limits carry their own validity."""
    current = col(StatutoryLimit.retracted_at).is_(None)
    limits = session.exec(select(StatutoryLimit).where(current).order_by(col(StatutoryLimit.id)))
    return Rulebook.build(
        [
            LimitRow(
                code=row.code,
                stage=row.stage,
                severity=row.severity,
                base_limit=row.base_limit,
                extension_no=row.extension_no,
                extension_length=row.extension_length,
                max_total=row.max_total,
                article=row.article,
                law=row.law,
                notes=row.notes,
                verified=row.verified,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                id=row.id or 0,
            )
            for row in limits
        ],
        calendar(session),
        [
            OffenceRow(row.article, row.paragraph, row.severity, row.name_vi, row.name_en)
            for row in session.exec(select(Offence))
        ],
    )
