"""Which agency a hand-written name means: its code, its name, or the short form officers use (CA tỉnh, VKSND tỉnh)."""

import re
from collections.abc import Iterable
from datetime import date

from models.enums import AgencyKind, AgencyLevel
from models.tables import Agency
from models.text import fold

_SHORT: tuple[tuple[str, AgencyKind], ...] = (
    ("co quan canh sat dieu tra", AgencyKind.POLICE), ("co quan dieu tra", AgencyKind.POLICE),
    ("cqcsdt", AgencyKind.POLICE), ("cqdt", AgencyKind.POLICE),
    ("cong an", AgencyKind.POLICE), ("ca", AgencyKind.POLICE),
    ("vien kiem sat nhan dan", AgencyKind.PROCURACY), ("vien kiem sat", AgencyKind.PROCURACY),
    ("vksnd", AgencyKind.PROCURACY), ("vks", AgencyKind.PROCURACY),
    ("toa an nhan dan", AgencyKind.COURT), ("toa an", AgencyKind.COURT), ("tand", AgencyKind.COURT),
    ("ta", AgencyKind.COURT),
    ("thi hanh an dan su", AgencyKind.ENFORCEMENT), ("cuc thi hanh an dan su", AgencyKind.ENFORCEMENT),
    ("thads", AgencyKind.ENFORCEMENT), ("cuc thads", AgencyKind.ENFORCEMENT),
    ("thanh tra", AgencyKind.INSPECTORATE), ("uy ban kiem tra", AgencyKind.PARTY_INSPECTION),
    ("ubkt", AgencyKind.PARTY_INSPECTION), ("ban noi chinh", AgencyKind.INTERNAL_AFFAIRS),
)  # fmt: skip
_LEVELS = {
    "": AgencyLevel.PROVINCE,
    "tinh": AgencyLevel.PROVINCE,
    "tinh uy": AgencyLevel.PROVINCE,
    "thanh pho": AgencyLevel.PROVINCE,
}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


class AgencyNames:
    """The agencies by every name they are known under."""

    def __init__(self, agencies: Iterable[Agency], *, on: date) -> None:
        """`on`: short forms mean agencies that are in being on that day."""
        self._found: dict[str, int | None] = {}
        self._exact: dict[str, int] = {}
        self._short: dict[str, int] = {}
        every = list(agencies)
        self._codes = {agency.code.upper(): agency.id for agency in every if agency.id}
        for pick in ("code", "name_vi", "name_en"):
            for agency in every:
                if agency.id and (name := _plain(getattr(agency, pick))):
                    self._exact.setdefault(name, agency.id)
        for short, kind in _SHORT:
            for ending, level in _LEVELS.items():
                meant = [a.id for a in every if a.kind is kind and a.level is level and _lives(a, on)]
                if len(meant) == 1 and meant[0]:
                    self._short[f"{short} {ending}".strip()] = meant[0]

    def coded(self, code: str) -> int | None:
        """The id of the agency with this code, or None."""
        return self._codes.get(code.upper())

    def find(self, text: str) -> int | None:
        """The id of the agency meant, or None if none or several could be."""
        if text not in self._found:
            name = _plain(text)
            self._found[text] = self._exact.get(name) or self._short.get(name)
        return self._found[text]


def _lives(agency: Agency, on: date) -> bool:
    return (agency.valid_from is None or agency.valid_from <= on) and (agency.valid_to is None or on <= agency.valid_to)
