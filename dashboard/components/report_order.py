"""Which report is wanted: kind, period or session, day and language; kept as plain values while the person looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from dashboard.components.page_head import session_words
from dashboard.context import PageContext
from models.enums import ReportKind
from models.queries.tasks import SessionRow
from models.rules.periods import Period, parse_period
from models.rules.words import Refusal, Words, words
from models.text import LANGUAGES

KEY = "report_wanted"
NAMED = ("{year}", "{year}-9M", "{year}-H1", "{last}", "{last}-H2")


@dataclass(frozen=True)
class Wanted:
    """An order that can be carried out. `since` is the session before a brief's own; `number` that of the paper."""

    kind: ReportKind
    period: Period
    as_of: date
    language: str
    number: int | None = None
    session: SessionRow | None = None
    since: SessionRow | None = None

    @property
    def key(self) -> str:
        """The same for the same order."""
        held = self.session.number if self.session else ""
        return f"{self.kind}:{self.period.text}:{held}:{self.as_of}:{self.language}:{self.number or ''}"


class _Named(dict[str, str]):
    """Words for values; a value without words, as somebody wrote it, stands for itself."""

    def __missing__(self, value: str) -> str:
        return value


def order_form(ctx: PageContext, sessions: Sequence[SessionRow]) -> None:
    """The form; what was asked for last stays in the session of the browser."""
    t = ctx.t
    kind = st.segmented_control(
        t("Kind of report"),
        list(ReportKind),
        default=ReportKind.ANNUAL,
        required=True,
        format_func={kind: t.label(kind) for kind in ReportKind}.__getitem__,
        key="report_kind",
    )
    pairs = _with_one_before(sessions)
    if kind is ReportKind.BRIEF and not pairs:
        st.info(
            t("A session brief compares two sessions of the committee; fewer than two are recorded."),
            icon=":material/info:",
        )
        return
    with st.form("report_form"):
        what, day, language, number, button = st.columns([3, 2, 2, 2, 2], vertical_alignment="bottom")
        with what:
            asked = _session_box(ctx, pairs) if kind is ReportKind.BRIEF else _period_box(ctx)
        with day:
            as_of = st.date_input(
                t("Figures as of"),
                value=None,
                max_value=ctx.today,
                format="DD/MM/YYYY",
                key="report_as_of",
                help=t("Empty: today, or the last day of the period if it is over."),
            )
        with language:
            spoken = st.selectbox(
                t("Language of the paper"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, key="report_language"
            )
        with number:
            given = st.number_input(t("Number of the paper"), min_value=1, value=None, step=1, key="report_number")
        with button:
            submitted = st.form_submit_button(t("Show the figures"), type="primary", width="stretch")
    if submitted:
        day_asked = as_of.isoformat() if isinstance(as_of, date) else ""
        st.session_state[KEY] = {
            "kind": str(kind), "asked": asked, "as_of": day_asked, "language": spoken, "number": given,
        }  # fmt: skip


def wanted(ctx: PageContext, sessions: Sequence[SessionRow]) -> Wanted | None:
    """What was asked for; None if nothing was. Raises Refusal (BadPeriod) with one sentence."""
    kept: dict[str, Any] | None = st.session_state.get(KEY)
    if kept is None:
        return None
    kind = ReportKind(kept["kind"])
    held = since = None
    if kind is ReportKind.BRIEF:
        found = {held.id: (held, before) for held, before in _with_one_before(sessions)}.get(kept["asked"])
        if found is None:
            return None
        held, since = found
        period = parse_period(f"{since.held_on.isoformat()}..{held.held_on.isoformat()}")
    else:
        period = parse_period(kept["asked"] or "")
    last = min(ctx.today, period.last)
    as_of = date.fromisoformat(kept["as_of"]) if kept["as_of"] else last
    _check(period, as_of, ctx.today)
    return Wanted(kind, period, as_of, kept["language"], kept["number"], held, since)


def _check(period: Period, as_of: date, today: date) -> None:
    if period.first > today:
        raise Refusal(words("The period has not begun yet: it starts on {first}.", first=period.first))
    if as_of < period.first:
        raise Refusal(
            words("The day {day} lies before the period, which starts on {first}.", day=as_of, first=period.first)
        )


def _period_box(ctx: PageContext) -> str:
    t, year = ctx.t, ctx.today.year
    options = [name.format(year=year, last=year - 1) for name in NAMED]
    return str(
        st.selectbox(
            t("Period"),
            options,
            format_func=_Named(
                {text: f"{text}: {t.words(parse_period(text).label())}" for text in options}
            ).__getitem__,
            accept_new_options=True,
            key="report_period",
            help=t("Choose, or write 2025, 2025-H1, 2025-9M, 2025-Q3, or 2024-12-15..2025-12-14."),
        )
        or ""
    )


def _session_box(ctx: PageContext, pairs: Sequence[tuple[SessionRow, SessionRow]]) -> int:
    t = ctx.t
    names = {held.id: session_words(ctx, held) for held, _ in pairs}
    return int(st.selectbox(t("Session"), list(names), format_func=names.__getitem__, key="report_session"))


def _with_one_before(sessions: Sequence[SessionRow]) -> list[tuple[SessionRow, SessionRow]]:
    """Each session of the present term, one to come too, with the last one held before it, newest first."""
    pairs = []
    for row in sorted(sessions, key=lambda row: row.held_on, reverse=True):
        earlier = [each for each in sessions if each.is_held and each.held_on < row.held_on]
        if earlier:
            pairs.append((row, max(earlier, key=lambda each: each.held_on)))
    return pairs


def period_title(found: Wanted) -> Words:
    """The period as the page names it."""
    if found.session and found.since:
        return words(
            "From session {before} to session {number}, {first} to {last}",
            before=found.since.number, number=found.session.number, first=found.period.first, last=found.period.last,
        )  # fmt: skip
    return found.period.label()
