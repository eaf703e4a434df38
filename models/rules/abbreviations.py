"""The short forms that officers write for bodies, laws and papers, and what they stand for.

The long forms are terms of docs/glossary.md or names of agencies as their full names write them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from models.rules.folding import fold

# short form → what it stands for; further long forms that are shortened to it as well
SHORT_FORMS: dict[str, tuple[str, ...]] = {
    "VKS": ("viện kiểm sát",),
    "VKSND": ("viện kiểm sát nhân dân",),
    "TAND": ("tòa án nhân dân",),
    "CQĐT": ("cơ quan điều tra", "cơ quan cảnh sát điều tra", "cơ quan an ninh điều tra"),
    "CQCSĐT": ("cơ quan cảnh sát điều tra",),
    "CSĐT": ("cảnh sát điều tra",),
    "ANĐT": ("an ninh điều tra",),
    "THADS": ("thi hành án dân sự",),
    "THA": ("thi hành án",),
    "UBND": ("ủy ban nhân dân",),
    "HĐND": ("hội đồng nhân dân",),
    "UBKT": ("ủy ban kiểm tra",),
    "BNC": ("ban nội chính",),
    "BCĐ": ("ban chỉ đạo",),
    "BTV": ("ban thường vụ",),
    "MTTQ": ("mặt trận tổ quốc",),
    "KTNN": ("kiểm toán nhà nước",),
    "TTCP": ("thanh tra chính phủ",),
    "HĐĐG": ("hội đồng định giá",),
    "GĐTP": ("giám định tư pháp",),
    "BLHS": ("bộ luật hình sự",),
    "BLTTHS": ("bộ luật tố tụng hình sự",),
    "PCTN": ("phòng chống tham nhũng",),
    "QĐ": ("quyết định",),
    "KLĐT": ("kết luận điều tra",),
    "KLTT": ("kết luận thanh tra",),
    "TBKL": ("thông báo kết luận",),
}


class Reading(NamedTuple):
    """A run of words, from `first` up to `last` (exclusive), that may also be read as the words `also`."""

    first: int
    last: int
    also: tuple[str, ...]


def _plain(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", fold(text)))


_LONG: dict[str, tuple[str, ...]] = {_plain(short)[0]: _plain(forms[0]) for short, forms in SHORT_FORMS.items()}
_SHORT: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _name, _forms in SHORT_FORMS.items():
    for _form in _forms:
        _SHORT.setdefault(_plain(_form)[0], []).append((_plain(_form), _plain(_name)[0]))


def readings(words: Sequence[str]) -> Iterator[Reading]:
    """The other readings of a text given as folded words: short forms written out, long forms shortened."""
    for at, word in enumerate(words):
        if word in _LONG:
            yield Reading(at, at + 1, _LONG[word])
        for phrase, short in _SHORT.get(word, ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                yield Reading(at, at + len(phrase), (short,))


def read_otherwise(words: Sequence[str]) -> set[str]:
    """The words that all other `readings` of a text add, without asking where: for long texts, many at once."""
    present = set(words)
    also = {word for short in _LONG.keys() & present for word in _LONG[short]}
    phrases = [each for first in _SHORT.keys() & present for each in _SHORT[first] if present.issuperset(each[0])]
    if phrases:
        whole = f" {' '.join(words)} "
        also.update(short for phrase, short in phrases if f" {' '.join(phrase)} " in whole)
    return also
