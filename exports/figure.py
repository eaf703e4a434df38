"""A number on paper: what it is, where it comes from, and every way it may be written."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from exports.links import unlinked
from models.text import MILLION, Translator

# A printed figure travels through sentences as OPEN id MIDDLE text CLOSE; word.py makes a content control of it.
OPEN, MIDDLE, CLOSE = "\ue000", "\ue001", "\ue002"
UNKNOWN = "–"


@dataclass(frozen=True)
class ReportFigure:
    """One figure of a paper. `unit` is vnd, percent (numerator and denominator, no value), row, or the thing counted.

    A row is a line of an annex: no number, its `records` are the facts it prints.

    `value` None means that nothing is recorded, which is not zero. `records`: codes of what was counted.
    """

    id: str
    value: int | None
    unit: str
    numerator: int | None = None
    denominator: int | None = None
    records: tuple[str, ...] = ()

    @property
    def records_sha256(self) -> str:
        """Hash over the record codes, in their order; it tells two sets of the same size apart."""
        return hashlib.sha256(json.dumps(self.records, ensure_ascii=False).encode()).hexdigest()


def writings(figure: ReportFigure, t: Translator) -> dict[str, str]:
    """Every text that may stand on paper for `figure`, by name; the first is the usual one."""
    if figure.unit == "percent" and figure.denominator:
        return {"percent": t.percent(figure.numerator or 0, figure.denominator)}
    if figure.value is None:
        return {"unknown": UNKNOWN, "prose": t("not recorded")}
    if figure.unit == "vnd":
        return {
            "short": t.money(figure.value),
            "exact": t.exact(figure.value),
            "millions": millions(figure.value, t),
        }
    return {"number": t.number(figure.value)}


def written(figure: ReportFigure, t: Translator, way: str = "", digits: int | None = None) -> str:
    """The usual writing of `figure`, or the one named: exact, millions (of `digits` decimals), prose."""
    if way == "prose":
        ways = writings(figure, t)
        return ways.get("prose") or next(iter(ways.values()))
    if figure.unit != "vnd" or figure.value is None:
        return next(iter(writings(figure, t).values()))
    if way == "exact":
        return t.exact(figure.value)
    return millions(figure.value, t, digits) if way == "millions" else t.money(figure.value)


def millions(vnd: int, t: Translator, digits: int | None = None) -> str:
    """`vnd` in million đồng with as many decimals as it needs, or with `digits` where a column needs more of them."""
    return t.number(Decimal(vnd) / MILLION, million_digits(vnd) if digits is None else digits)


def million_digits(vnd: int | None) -> int:
    """How many decimals `vnd` in million đồng needs, so that no đồng is lost and columns add up."""
    return len(format((Decimal(vnd or 0) / MILLION).normalize(), "f").partition(".")[2])


def mark(figure_id: str, text: str) -> str:
    """`text` as the printed form of a figure, ready to stand in a sentence."""
    return f"{OPEN}{figure_id}{MIDDLE}{text}{CLOSE}"


def unmarked(text: str) -> str:
    """Text from outside without our marks, so that no record can pose as a figure."""
    return unlinked(text).replace(OPEN, "").replace(MIDDLE, "").replace(CLOSE, "")


def plain(text: str) -> str:
    """`text` with every run of spaces, unbreakable ones too, as one space: how texts are compared."""
    return " ".join(text.split())


class Printer:
    """Writes figures in one language and remembers which ones stand on the paper."""

    def __init__(self, figures: Mapping[str, ReportFigure], t: Translator) -> None:
        self._figures, self._t = figures, t
        self.printed: dict[str, ReportFigure] = {}

    def __call__(self, figure_id: str, how: str = "", digits: int | None = None) -> str:
        """The figure as marked text, written the usual way or as `how` says. Raises KeyError for an unknown one."""
        figure = self._figures[figure_id]
        self.printed[figure_id] = figure
        return mark(figure_id, written(figure, self._t, how, digits))

    def keep(self, figure_id: str) -> None:
        """Note that the paper shows this figure in another way: a bar of a chart, a row of an annex."""
        self.printed[figure_id] = self._figures[figure_id]

    def decimals(self, figure_ids: Iterable[str]) -> int:
        """How many decimals these amounts need in million đồng, so that a column of them has the same number."""
        return max((million_digits(self._figures[figure_id].value) for figure_id in figure_ids), default=0)

    def value(self, figure_id: str) -> int:
        """The figure's value for choosing words; 0 if nothing is recorded."""
        return self._figures[figure_id].value or 0
