"""A number on paper: what it is, where it comes from, and every way it may be written."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from models.text import MILLION, Translator

# A printed figure travels through sentences as OPEN id MIDDLE text CLOSE; word.py makes a content control of it.
OPEN, MIDDLE, CLOSE = "\ue000", "\ue001", "\ue002"
UNKNOWN = "–"
UNBREAKABLE = "\u00a0"


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


def written(figure: ReportFigure, t: Translator, way: str = "") -> str:
    """The usual writing of `figure`, or the one named: exact, millions; prose says the unknown in words."""
    if way == "prose":
        ways = writings(figure, t)
        return ways.get("prose") or next(iter(ways.values()))
    if figure.unit != "vnd" or figure.value is None:
        return next(iter(writings(figure, t).values()))
    if way == "exact":
        return t.exact(figure.value)
    return millions(figure.value, t) if way == "millions" else t.money(figure.value)


def millions(vnd: int, t: Translator) -> str:
    """`vnd` in million đồng with as many decimals as it needs, so that columns add up."""
    amount = Decimal(vnd) / MILLION
    text = format(amount.normalize(), "f")
    return t.number(amount, len(text.partition(".")[2]))


def mark(figure_id: str, text: str) -> str:
    """`text` as the printed form of a figure, ready to stand in a sentence."""
    return f"{OPEN}{figure_id}{MIDDLE}{text.replace(' %', UNBREAKABLE + '%')}{CLOSE}"


def unmarked(text: str) -> str:
    """Text from outside without our marks, so that no record can pose as a figure."""
    return text.replace(OPEN, "").replace(MIDDLE, "").replace(CLOSE, "")


def plain(text: str) -> str:
    """`text` with every run of spaces, unbreakable ones too, as one space: how texts are compared."""
    return " ".join(text.split())


class Printer:
    """Writes figures in one language and remembers which ones stand on the paper."""

    def __init__(self, figures: Mapping[str, ReportFigure], t: Translator) -> None:
        self._figures, self._t = figures, t
        self.printed: dict[str, ReportFigure] = {}

    def __call__(self, figure_id: str, how: str = "") -> str:
        """The figure as marked text, written the usual way or as `how` says. Raises KeyError for an unknown one."""
        figure = self._figures[figure_id]
        self.printed[figure_id] = figure
        return mark(figure_id, written(figure, self._t, how))

    def keep(self, figure_id: str) -> None:
        """Note that the paper shows this figure in another way: a bar of a chart, a row of an annex."""
        self.printed[figure_id] = self._figures[figure_id]

    def value(self, figure_id: str) -> int:
        """The figure's value for choosing words; 0 if nothing is recorded."""
        return self._figures[figure_id].value or 0
