"""What the list of files is narrowed to: chosen in boxes or by a link, kept in the address."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, TypeVar

import streamlit as st

from dashboard.components.address import address
from dashboard.components.chooser import choose, chosen
from dashboard.components.markup import el, join, link, show
from dashboard.context import PageContext
from models.enums import N_, AgencyKind, Bucket, Category, FlagRule, Kind, Stage
from models.queries.cases import CaseFilter
from models.queries.tasks import SessionRow

LONGEST = 200  # characters of a search
SORTS = {
    "urgency": N_("Most urgent first"),
    "code": N_("By code"),
    "title": N_("By title"),
    "stage": N_("By stage"),
    "owner": N_("By whose move it is"),
    "news": N_("Longest without news first"),
}
BY_ITSELF = "urgency"  # the order nobody has to ask for
CHANGES = {
    "new": N_("New since {session}"),
    "ended": N_("Ended since {session}"),
    "moved": N_("Moved on since {session}"),
    "newly_late": N_("Became late since {session}"),
    "no_longer_late": N_("No longer late since {session}"),
}
BY_LINK = ("silent", "flag", "months", "change", "since")  # filters that a link sets and no box
BOXES = ("q", "kind", "category", "stage", "bucket", "owner", "place", "late")

E = TypeVar("E", bound=StrEnum)


class Choice(NamedTuple):
    """What the address asks for, besides the page: the filter, the order, and a change since a session if any."""

    wanted: CaseFilter
    sort: str
    change: str


def asked() -> Choice:
    """What the address asks for; what it says wrongly counts as not said."""
    flag, silent = chosen("flag", dict.fromkeys(FlagRule)), st.query_params.get("silent", "")
    wanted = CaseFilter(
        text=st.query_params.get("q", "")[:LONGEST],
        kind=_member(Kind, "kind"),
        category=_member(Category, "category"),
        stage=_member(Stage, "stage"),
        bucket=_member(Bucket, "bucket"),
        owner=_member(AgencyKind, "owner"),
        flag=FlagRule(flag) if flag else None,
        locality=st.query_params.get("place", "")[:LONGEST],
        late=st.query_params.get("late") == "1",
        silent_days=int(silent) if silent.isdecimal() and len(silent) < 5 else None,
        months_in_stage=_months(st.query_params.get("months", "")),
    )
    return Choice(wanted, chosen("sort", SORTS) or BY_ITSELF, chosen("change", CHANGES))


def used(choice: Choice, since: SessionRow | None) -> dict[str, object]:
    """What was read of each filter that the address may name wrongly; nothing for one that was not used."""
    wanted = choice.wanted
    return {
        "kind": wanted.kind,
        "category": wanted.category,
        "stage": wanted.stage,
        "bucket": wanted.bucket,
        "owner": wanted.owner,
        "flag": wanted.flag,
        "late": wanted.late,
        "silent": wanted.silent_days,
        "months": wanted.months_in_stage,
        "sort": chosen("sort", SORTS),
        "change": choice.change if since else "",
        "since": since,
    }


def is_narrowed() -> bool:
    """Whether the address asks for less than all open files."""
    return any(st.query_params.get(name) for name in (*BOXES, *BY_LINK))


def filter_bar(ctx: PageContext, places: list[str]) -> None:
    """The boxes; each writes what is chosen into the address."""
    t = ctx.t
    with st.container(key="filters"):
        text, late, sort = st.columns([5, 2, 3], vertical_alignment="bottom")
        with text:
            _text(ctx)
        with late:
            _late(ctx)
        with sort:
            orders = {name: t(words) for name, words in SORTS.items()}
            choose(t("Order"), "sort", orders, any_label=orders.pop(BY_ITSELF))
        boxes = (
            (t("Kind"), "kind", _labels(ctx, Kind)),
            (t("Category"), "category", _labels(ctx, Category)),
            (t("Stage"), "stage", _labels(ctx, Stage)),
            (t("Time limit"), "bucket", _labels(ctx, Bucket)),
            (t("Whose move"), "owner", _labels(ctx, AgencyKind)),
            (t("Place"), "place", {place: place for place in places}),
        )
        for column, (label, name, options) in zip(st.columns(len(boxes)), boxes, strict=True):
            with column:
                choose(label, name, options, any_label=t("All"))


def filters_by_link(ctx: PageContext, choice: Choice, since: SessionRow | None) -> None:
    """What a link narrowed the list to, in words, and the way back to all files."""
    if not is_narrowed():
        return
    said = [*_by_link(ctx, choice, since)]
    clear = link(address(ctx, "/cases"), ctx.t("Show all files"))
    show(el("p", join([el("b", each, class_="chip") for each in said], " "), " " if said else "", clear))


def _by_link(ctx: PageContext, choice: Choice, since: SessionRow | None) -> list[str]:
    t, wanted = ctx.t, choice.wanted
    said = []
    if wanted.silent_days is not None:
        said.append(t("No news for more than {n} days", n=wanted.silent_days))
    if wanted.flag:
        said.append(t.label(wanted.flag))
    if wanted.months_in_stage:
        first, last = wanted.months_in_stage
        said.append(t("In the present stage for {first} to less than {last} months", first=first, last=last))
    if choice.change and since:
        session = t("Session {number}, {day}", number=since.number, day=since.held_on)
        said.append(t(CHANGES[choice.change], session=session))
    return said


def _member(kind: type[E], name: str) -> E | None:
    value = chosen(name, dict.fromkeys(kind))
    return kind(value) if value else None


def _months(text: str) -> tuple[int, int] | None:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and len(text) < 9):
        return None
    return int(first), int(last)


def _labels(ctx: PageContext, kind: type[StrEnum]) -> Mapping[str, str]:
    return {member.value: ctx.t.label(member) for member in kind}


def _text(ctx: PageContext) -> None:
    st.session_state["filter_q"] = st.query_params.get("q", "")[:LONGEST]
    st.text_input(
        ctx.t("Search"), key="filter_q", max_chars=LONGEST, placeholder=ctx.t("Code, title, place"),
        on_change=_write, args=("q",),
    )  # fmt: skip


def _late(ctx: PageContext) -> None:
    st.session_state["filter_late"] = st.query_params.get("late") == "1"
    st.checkbox(ctx.t("Late files only"), key="filter_late", on_change=_write, args=("late",))


def _write(name: str) -> None:
    value = st.session_state[f"filter_{name}"]
    st.query_params.pop("page", None)
    if value:
        st.query_params[name] = "1" if value is True else value.strip()
    else:
        st.query_params.pop(name, None)
