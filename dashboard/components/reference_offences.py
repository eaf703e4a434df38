"""The offences: every paragraph with its frame of penalty and the class of severity that follows from it."""

import re

import streamlit as st

from dashboard.components.rows_table import Cell, rows_table
from dashboard.components.rule_words import proof
from dashboard.context import PageContext
from models.db import read_session
from models.queries.reference import OffenceLine, offence_lines
from models.rules.words import Names
from models.text import Translator, fold

_RANGE = re.compile(r"(?:(\d+)(m)-)?(?:(\d+)-)?(\d+)y")


def offences(ctx: PageContext) -> None:
    """The table, narrowed by what is typed."""
    t = ctx.t
    with read_session() as session:
        lines = offence_lines(session)
    asked = fold(
        st.text_input(t("Search"), placeholder=t("Article, name of the offence"), key="offences_q", max_chars=100)
    )
    found = [line for line in lines if all(word in _told(line) for word in asked.split())]
    st.caption(t("{n} paragraphs of the Penal Code 100/2015/QH13, amended by Law 12/2017/QH14.", n=len(found)))
    headings = (t("Article"), t("Offence"), t("Penalty"), t("Class"), t("Proof"))
    rows_table(headings, [_row(t, line) for line in found], key="offences")


def _told(line: OffenceLine) -> str:
    return fold(f"{line.article} {line.article}({line.paragraph}) {line.name_vi} {line.name_en}")


def _row(t: Translator, line: OffenceLine) -> tuple[Cell | str, ...]:
    return (
        t("Article {article}({paragraph})", article=line.article, paragraph=line.paragraph),
        t("{name}", name=Names(line.name_vi, line.name_en)),
        penalty_text(t, line.penalty_frame),
        t.label(line.severity),
        proof(t, line.verified),
    )


def penalty_text(t: Translator, frame: str) -> str:
    """A frame of penalty in words: `fine or 6m-3y` → fine or 6 months to 3 years of imprisonment."""
    parts = re.split(r"(, | or )", frame)
    return "".join(f" {t('or')} " if part == " or " else part if part == ", " else _part(t, part) for part in parts)


def _part(t: Translator, part: str) -> str:
    plain = {"fine": t("fine"), "warning": t("warning"), "life": t("life imprisonment")}
    if part in plain:
        return plain[part]
    if part.startswith("non-custodial up to "):
        return t("non-custodial reform up to {span}", span=_span(t, part.removeprefix("non-custodial up to ")))
    if part.startswith("non-custodial "):
        return t("non-custodial reform {span}", span=_span(t, part.removeprefix("non-custodial ")))
    return t("imprisonment {span}", span=_span(t, part))


def _span(t: Translator, span: str) -> str:
    """`2-7y`, `6m-3y`, `20y` in words; anything else as it stands."""
    found = _RANGE.fullmatch(span)
    if not found:
        return span
    months, years_from, years_to = found[1], found[3], found[4]
    if months:
        return t("{months} months to {years} years", months=months, years=years_to)
    if years_from:
        return t("{first} to {last} years", first=years_from, last=years_to)
    return t("{years} years", years=int(years_to))
