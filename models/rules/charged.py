"""Whether the class of offence recorded for a file can be that of the paragraphs charged (Penal Code Art. 9)."""

from models.enums import Severity
from models.rules.limits import Rulebook, article_words, charge, charges
from models.rules.words import Value, Words, words

_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


def class_differs(recorded: Severity | None, articles: str, rulebook: Rulebook) -> Words | None:
    """Which paragraph says another class than the one recorded; None while the charges allow it.

    An article without its paragraph may be any of its paragraphs, an article that is not in the table any class.
    """
    found = rulebook.severity_of(articles) if recorded else None
    if recorded is None or found is None or found.lowest is None or found.highest is None:
        return None
    if _RANKS[found.lowest] > _RANKS[recorded]:
        return _graver(recorded, found.lowest, articles, rulebook)
    if _RANKS[found.highest] < _RANKS[recorded]:
        return _milder(recorded, found.highest, articles, rulebook)
    return None


def _graver(recorded: Severity, lowest: Severity, articles: str, rulebook: Rulebook) -> Words:
    one = next(each for each in _each(articles) if rulebook.severity_of(each).lowest is lowest)
    values: dict[str, Value] = {"recorded": recorded, "charge": article_words(one), "severity": lowest}
    if rulebook.severity_of(one).severity is None:
        return words(
            "The file is recorded as “{recorded}”, but {charge} is at least “{severity}”; it is judged as recorded.",
            **values,
        )
    return words(
        "The file is recorded as “{recorded}”, but {charge} is “{severity}”; it is judged as recorded.", **values
    )


def _milder(recorded: Severity, highest: Severity, articles: str, rulebook: Rulebook) -> Words:
    one = next(each for each in _each(articles) if rulebook.severity_of(each).highest is highest)
    return words(
        "The file is recorded as “{recorded}”, but the gravest that is charged, {charge}, is at most “{severity}”; "
        "it is judged as recorded.",
        recorded=recorded, charge=article_words(one), severity=highest,
    )  # fmt: skip


def _each(articles: str) -> tuple[str, ...]:
    return tuple(charge(article, paragraph) for article, paragraph in charges(articles))
