"""Papers issued so far with their proof, and the check of a Word file."""

from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from dashboard.components.file_box import file_box
from dashboard.components.markup import escape_markdown
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from exports.issued import Standing, named, since_words, standing
from exports.proof import NotOurReport
from exports.verify import Verification, verify
from models.db import read_session
from models.errors import NotFound
from models.queries.reports import Issued, issued_report
from models.rules.periods import parse_period
from models.rules.words import Refusal
from models.text import LANGUAGES

COMPARED = "papers_compared"


def issued_table(ctx: PageContext, papers: list[Issued], version: int) -> None:
    """The papers, newest first; on request each is computed again from the records."""
    t = ctx.t
    if st.button(t("Compare with the records"), icon=":material/verified:", key="papers_compare"):
        st.session_state[COMPARED] = version
    compare = st.session_state.get(COMPARED) == version
    if compare:
        bar = st.progress(0.0)
        rows = []
        for at, paper in enumerate(papers, start=1):
            rows.append(_row(ctx, paper, _standing(paper.id, version, _ctx=ctx)))
            bar.progress(at / len(papers))
        bar.empty()
    else:
        rows = [_row(ctx, paper, None) for paper in papers]
    headings = (t("Report"), t("Period"), t("As of"), t("Language"), t("Issued"), t("Figures"), t("Proof"))
    rows_table(headings, rows, key="papers", right=(5,))


@st.cache_data(max_entries=64, ttl=3600, show_spinner=False)
def _standing(report_id: str, version: int, *, _ctx: PageContext) -> Standing:
    with read_session() as session:
        paper = issued_report(session, _ctx.viewer, report_id)
        return standing(session, _ctx.viewer, paper, now=_ctx.now, today=_ctx.today)


def _row(ctx: PageContext, paper: Issued, found: Standing | None) -> tuple[Cell | str, ...]:
    t = ctx.t
    period = t.words(parse_period(paper.period).label())
    held = t("Session {number}", number=paper.session) if paper.session else ""
    return (
        Cell(t.label(paper.kind), note=paper.id),
        Cell(held or period, note=period if held else ""),
        t.date(paper.as_of),
        LANGUAGES.get(paper.language, paper.language),
        t.time(paper.created_at),
        t.number(sum(figure["unit"] != "row" for figure in paper.figures)),
        _proof(ctx, found),
    )


def _proof(ctx: PageContext, found: Standing | None) -> Cell:
    t = ctx.t
    if found is None:
        return Cell(t("not compared yet"), mark="soft")
    if found.intact:
        return Cell(t("intact"), mark="good", note=since_words(found, t))
    broken = t.n(
        "{n} figure is no longer given by the records: {names}",
        "{n} figures are no longer given by the records: {names}",
        len(found.broken),
        names=named(found.broken),
    )
    return Cell(t("not intact"), mark="bad", note=broken)


def check_paper(ctx: PageContext) -> None:
    """A Word file is dropped; whether it still says what was issued, and what differs."""
    t = ctx.t
    chosen = file_box(t, t("A Word file (.docx) issued here"), key="paper_to_check")
    if not chosen:
        return
    try:
        found = _verified(ctx, chosen[0].getvalue())
    except (NotOurReport, NotFound, Refusal):
        said = t("{file} is not a Word report issued by this program, or it was damaged.", file=chosen[0].name)
        st.error(escape_markdown(said), icon=":material/error:")
        return
    _say(ctx, found)


def _verified(ctx: PageContext, content: bytes) -> Verification:
    with TemporaryDirectory(prefix="liem-check-") as folder:
        path = Path(folder, "paper.docx")
        path.write_bytes(content)
        with read_session() as session:
            return verify(session, ctx.viewer, path, today=ctx.today)


def _say(ctx: PageContext, found: Verification) -> None:
    t = ctx.t
    report, figures = found.paper.report_id, len(found.figures)
    if found.intact:
        said = t("Report {report} is intact: {n} figures recomputed, all the same.", report=report, n=figures)
        st.success(said, icon=":material/verified:")
        return
    st.error(t("Report {report} is not intact:", report=report), icon=":material/gpp_bad:")
    places = {
        "text": t("Text"),
        "charts": t("Charts"),
        "proof": t("Proof"),
        "register": t("Register"),
        "audit": t("Audit"),
    }
    rows = [
        (Cell(places.get(change.id, change.id), mark="bad"), " ".join(t.words(reason) for reason in change.why))
        for change in found.changed
    ]
    rows_table((t("What"), t("Why")), rows, key="paper_changes")
