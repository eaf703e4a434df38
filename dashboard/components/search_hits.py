"""Hits of the search: what it is, its title, and where it says what was asked for, the words met marked."""

from collections.abc import Iterable, Sequence

from dashboard.components.address import address
from dashboard.components.markup import NOTHING, Html, el, join, link
from dashboard.context import PageContext
from models.enums import N_, EventKind, SearchKind
from models.queries.search import Extract, Group, Hit
from models.queries.search_texts import Piece
from models.rules.extracts import Part

PLACES = {
    "title_en": N_("Title in English"), "locality": N_("Place"), "sector": N_("Sector"), "level": N_("Level"),
    "lead_agency": N_("Lead agency"), "offence_articles": N_("Offence"), "supervised_by": N_("Supervised by"),
    "notes": N_("Notes"), "money": N_("Asset recovery"), "difficulty": N_("Difficulty or proposal"),
    "agency": N_("Agency"), "progress": N_("Progress"), "evidence": N_("Evidence"), "document": N_("Document"),
    "reply_document": N_("Reply"), "reply_summary": N_("Reply"), "place": N_("Place"), "notice": N_("Notice"),
    "number": N_("Session"), "name_en": N_("Name in English"), "name_fr": N_("Name in French"),
    "attachment": N_("Document"), "conclusion": N_("Conclusion"), "province": N_("Province"),
    "focal_point": N_("Focal point"),
}  # fmt: skip


def group_of(ctx: PageContext, group: Group, *, more: str = "") -> Html:
    """The hits of a kind under its name, with how many there are; `more` leads to all of them."""
    t = ctx.t
    said = t("more than {n}", n=group.total) if group.is_more else t.number(group.total)
    rest = group.is_more or group.total > len(group.hits)
    way = link(more, t("Show all")) if more and rest else NOTHING
    heading = join([t.label(group.kind), " ", el("small", said), " ", way])
    return hit_list(ctx, heading, group.hits, name=group.kind.value)


def hit_list(ctx: PageContext, heading: str, hits: Iterable[Hit], *, name: str = "exact") -> Html:
    """Hits below each other."""
    items = (el("li", *_hit(ctx, hit), data_hit=hit.code) for hit in hits)
    return el("section", el("h2", heading), el("ul", *items), class_="panel hits", data_group=name)


def _hit(ctx: PageContext, hit: Hit) -> Iterable[Html]:
    code = hit.code
    if hit.kind is SearchKind.SESSION:
        number, _, term = hit.code.partition("/")
        code = ctx.t("No. {number}, term {term}", number=number, term=term)
    where = _address(ctx, hit)
    yield link(where, code, class_="code") if where else el("b", code)
    yield Html(" ")
    english = ctx.language == "en" and hit.title_en
    yield el("span", _marked(hit.title_en if english else hit.title))
    if hit.file_code and hit.kind is not SearchKind.FILE:
        about = link(address(ctx, "/case", code=hit.file_code), hit.file_code)
        yield el("small", ctx.t("about"), " ", about)
    for extract in hit.extracts:
        yield el("small", el("b", _place(ctx, extract)), ": ", _marked(extract.parts))


def _address(ctx: PageContext, hit: Hit) -> str:
    match hit.kind:
        case SearchKind.FILE:
            return address(ctx, "/case", code=hit.code)
        case SearchKind.TASK:
            return address(ctx, "/tasks", task=hit.code)
        case SearchKind.SESSION:
            return address(ctx, "/sessions", session=hit.owner)
        case SearchKind.REQUEST:
            return address(ctx, "/coordination", request=hit.code)
        case SearchKind.AGENCY:
            return address(ctx, "/tasks", agency=hit.code)


def _place(ctx: PageContext, extract: Extract) -> str:
    t, piece = ctx.t, extract.piece
    name = t(PLACES[piece.place]) if piece.place in PLACES else _event(ctx, piece)
    return f"{name}, {t.date(piece.day)}" if piece.day else name


def _event(ctx: PageContext, piece: Piece) -> str:
    kinds = {kind.value: kind for kind in EventKind}
    return ctx.t.label(kinds[piece.place]) if piece.place in kinds else ctx.t("Text")


def _marked(parts: Sequence[Part]) -> Html:
    return join([el("mark", part.text) if part.is_match else part.text for part in parts])
