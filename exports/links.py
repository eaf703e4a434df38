"""Links inside a paper: a text that leads to another place of it, and the way back.

A link travels through sentences as a marked text, as figures do; word.py makes a hyperlink and a bookmark of it.
"""

FROM, TO, END = "\ue003", "\ue004", "\ue005"
PLACE = "|"


def link(text: str, to: str, *, own: str = "") -> str:
    """`text` leading to the place `to`; `own` is the name of the place where the text stands, if any leads there.

    Names of places are a word and a number, as `why_12`: letters, digits and underscores only.
    """
    return f"{FROM}{to}{PLACE}{own}{TO}{text}{END}"


def place(text: str, own: str) -> str:
    """`text` as a place that links may lead to."""
    return link(text, "", own=own)


def unlinked(text: str) -> str:
    """Text from outside without our marks, so that no record can pose as a link."""
    return text.replace(FROM, "").replace(TO, "").replace(END, "")
