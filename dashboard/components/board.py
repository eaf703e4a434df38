"""What the board of deadlines shows: chosen in boxes or by a link, kept in the address, exported as shown."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import streamlit as st

from dashboard.components.address import here
from dashboard.components.chooser import choose, chosen
from dashboard.components.markup import el, join, link, show
from dashboard.context import PageContext
from exports.deadlines import deadlines_file
from exports.due_list import due_list_file
from models import clock
from models.enums import N_, AgencyKind, Bucket
from models.queries.cases import WORST_FIRST, CaseFilter
from models.queries.figures import Figures
from models.queries.month_clocks import REPLY, SIDE_RULES, TASK, due_name
from models.rules.access import Action, may

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST_YEAR, LAST_YEAR = 2000, 2100  # years a month may be asked for
VIEWS = {"list": N_("List"), "month": N_("Month calendar")}
SCOPES = {"all": N_("All clocks and tasks")}
GROUPS = {"agency": N_("Whose move"), "clock": N_("Limit of")}
VIEW_KEY = "board_view"


class Board(NamedTuple):
    """What the address asks for; what it says wrongly counts as not said.

    `month` is the first day of the month shown. `group`: agency or clock; "" for the files of a bucket by whose move
    it is, and without a bucket for all buckets. `of_all`: clocks beside the deciding limit, tasks and replies too; the
    list then shows the month, or the day that `wanted` names.
    """

    view: str
    group: str
    month: date
    wanted: CaseFilter
    of_all: bool = False

    @property
    def sort(self) -> str:
        """The order that brings the files of one group together."""
        if self.view == "month":
            return "due"
        together = {"agency": "owner", "clock": "rule"}
        return together.get(self.group) or ("owner" if self.wanted.bucket else "bucket")

    @property
    def days(self) -> tuple[date, date]:
        """The first and last day of the month, or the one day asked for."""
        if self.wanted.due_from and self.wanted.due_until:
            return self.wanted.due_from, self.wanted.due_until
        return self.month, self.month.replace(day=monthrange(self.month.year, self.month.month)[1])

    @property
    def listed(self) -> CaseFilter:
        """The filter with what the view shows: of the calendar only the days of its month."""
        if self.view != "month":
            return self.wanted
        last = self.month.replace(day=monthrange(self.month.year, self.month.month)[1])
        return replace(self.wanted, due_from=self.month, due_until=last)


def asked_board(ctx: PageContext, figures: Figures, rules: Sequence[str]) -> Board:
    """The board of the address; without any filter the worst bucket that holds a file."""
    view, group = chosen("view", VIEWS) or "list", chosen("group", GROUPS)
    owner, bucket, day = chosen("owner", dict.fromkeys(AgencyKind)), chosen("bucket", dict.fromkeys(Bucket)), _day()
    of_all = chosen("scope", SCOPES) == "all"
    wanted = CaseFilter(
        owner=AgencyKind(owner) if owner else None,
        rule=chosen("rule", dict.fromkeys(offered_rules(rules, of_all=of_all))),
        bucket=Bucket(bucket) if bucket else None,
        late=st.query_params.get("late") == "1",
        due_from=day,
        due_until=day,
    )
    if of_all or view == "month":
        only = replace(wanted, bucket=None, late=False)
        if view == "month":
            only = replace(only, due_from=None, due_until=None) if of_all else only
        return Board(view, "", _month(day or ctx.as_of), only, of_all)
    if wanted == CaseFilter() and not group:
        wanted = replace(wanted, bucket=_worst(figures))
    return Board(view, group, ctx.as_of.replace(day=1), wanted)


def offered_rules(rules: Sequence[str], *, of_all: bool) -> list[str]:
    """The clocks one may ask for: those that decide about a file, with all clocks also those beside, tasks, replies."""
    return sorted({*rules, *SIDE_RULES, TASK, REPLY}) if of_all else list(rules)


def used(rules: Sequence[str]) -> dict[str, object]:
    """What was read of each part of the address that may be wrong; nothing for one that was not used."""
    return {
        "view": chosen("view", VIEWS),
        "group": chosen("group", GROUPS),
        "owner": chosen("owner", dict.fromkeys(AgencyKind)),
        "rule": chosen("rule", dict.fromkeys(offered_rules(rules, of_all=chosen("scope", SCOPES) == "all"))),
        "scope": chosen("scope", SCOPES),
        "bucket": chosen("bucket", dict.fromkeys(Bucket)),
        "late": st.query_params.get("late") == "1",
        "due": _day(),
        "month": _month_asked(),
    }


def _worst(figures: Figures) -> Bucket:
    return next((bucket for bucket in WORST_FIRST if figures.value(f"bucket.{bucket}")), Bucket.ON_TIME)


def _day() -> date | None:
    try:
        return date.fromisoformat(st.query_params.get("due", ""))
    except ValueError:
        return None


def _month(as_of: date) -> date:
    """The first day of the month named in the address; of the month of `as_of` for none that can be shown."""
    return _month_asked() or as_of.replace(day=1)


def _month_asked() -> date | None:
    asked = st.query_params.get("month", "")
    try:
        month = date.fromisoformat(f"{asked}-01") if len(asked) == len("2026-12") else None
    except ValueError:
        return None
    return month if month and FIRST_YEAR <= month.year <= LAST_YEAR else None


def board_bar(ctx: PageContext, board: Board, rules: Sequence[str]) -> None:
    """List or calendar, the boxes, and the workbook of what is shown."""
    t = ctx.t
    grouped = board.view == "list" and not board.of_all
    widths = [4, 3, 3, 3, 3, 2] if grouped else [4, 3, 3, 3, 2]
    view, *boxes, export = st.columns(widths, vertical_alignment="bottom")
    with view:
        _views(ctx, board)
    rules = offered_rules(rules, of_all=board.of_all)
    offered = [
        (t("Shown"), "scope", {name: t(words) for name, words in SCOPES.items()}, t("Deciding limits")),
        (t("Whose move"), "owner", {kind.value: t.label(kind) for kind in AgencyKind}, t("All")),
        (t("Limit of"), "rule", {rule: t.words(due_name(rule)) for rule in rules}, t("All")),
        (t("Grouped by"), "group", {name: t(words) for name, words in GROUPS.items()}, t("State of the limit")),
    ]
    for column, (label, name, options, nothing) in zip(boxes, offered, strict=False):
        if name == "group" and not grouped:
            continue
        with column:
            choose(label, name, options, any_label=nothing)
    with export:
        _export(ctx, board)


def _views(ctx: PageContext, board: Board) -> None:
    names = {key: ctx.t(words) for key, words in VIEWS.items()}
    st.session_state[VIEW_KEY] = board.view
    st.segmented_control(
        ctx.t("View"), list(VIEWS), format_func=names.__getitem__, key=VIEW_KEY, on_change=_turn,
        label_visibility="collapsed",
    )  # fmt: skip


def _turn() -> None:
    for name in ("page", "bucket", "late", "due"):
        st.query_params.pop(name, None)
    if st.session_state[VIEW_KEY] == "month":
        st.query_params["view"] = "month"
    else:
        st.query_params.pop("view", None)
        st.query_params.pop("month", None)


def _export(ctx: PageContext, board: Board) -> None:
    if not may(ctx.viewer, Action.EXPORT):
        return
    st.download_button(
        ctx.t("Excel"),
        data=lambda: as_workbook(ctx, board),
        file_name=f"liem-{ctx.t('deadlines')}-{ctx.as_of.isoformat()}.xlsx",
        mime=XLSX,
        icon=":material/download:",
        on_click="ignore",
        key="board_export",
        help=ctx.t("All files of this list as a workbook"),
    )


def as_workbook(ctx: PageContext, board: Board) -> bytes:
    """The files shown, on all pages of the list, as a workbook."""
    about = list(narrowed(ctx, board))
    if board.view == "month" or (board.of_all and not board.wanted.due_from):
        about.append(ctx.t("Due in {month}", month=ctx.t.date(board.month, monthly=True)))
    if board.of_all:
        about.append(ctx.t("All clocks and tasks"))
        return due_list_file(
            ctx.viewer, board.wanted, as_of=ctx.as_of, days=board.days, about=about, t=ctx.t, now=clock.now()
        )
    return deadlines_file(
        ctx.viewer, board.listed, as_of=ctx.as_of, sort=board.sort, about=about, t=ctx.t, now=clock.now()
    )


def narrowed(ctx: PageContext, board: Board) -> Iterator[str]:
    """What the list is narrowed to, in words."""
    t, wanted = ctx.t, board.wanted
    if wanted.bucket:
        yield t.label(wanted.bucket)
    if wanted.late:
        yield t("Late files only")
    if wanted.due_from:
        yield t("Last day {day}", day=wanted.due_from)
    if wanted.owner:
        yield f"{t('Whose move')}: {t.label(wanted.owner)}"
    if wanted.rule:
        yield f"{t('Limit of')}: {t.words(due_name(wanted.rule))}"


def narrowed_line(ctx: PageContext, board: Board) -> None:
    """What the list is narrowed to, and the way back to all open files; nothing where the strip says it."""
    said = [el("b", each, class_="chip") for each in narrowed(ctx, board)]
    if not said or (len(said) == 1 and board.wanted.bucket and not board.group):
        return
    every = here(
        ctx, "/deadlines", bucket=None, late=None, due=None, owner=None, rule=None, page=None,
        group=board.group or None,
    )  # fmt: skip
    show(el("p", join(said, " "), " ", link(every, ctx.t("Show all files"))))
