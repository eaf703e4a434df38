"""Text as search and hand-written terms compare it."""

import unicodedata


def fold(text: str) -> str:
    """`text` in lower case, without diacritics, đ as d."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark)).lower()
