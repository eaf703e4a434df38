"""Every sentence people can meet is translated: the check behind `make check`, and `make words`.

The catalogues are gettext files, locale/LANGUAGE/LC_MESSAGES/liem.po; English is the source text. A catalogue passes
if each sentence of the code has a translation that is neither empty nor marked fuzzy and names the same gaps.
"""

import argparse
import ast
import string
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
SOURCES = ("cli.py", "streamlit_app.py", "models", "seed", "jobs", "exports", "dashboard")

# Calls whose first argument is a sentence; Babel sees `ctx.t(...)` as `t(...)`. `t.n` takes singular and plural;
# `self(...)` is the translator calling itself.
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "t": None,
    "words": None,
    "N_": None,
    "n": (1, 2),
    "self": None,
    "_t": None,
}
COMMENT_TAGS = ("Translators:",)


def source_files(root: Path = ROOT) -> Iterator[Path]:
    """Every Python file people's sentences may stand in, in a stable order."""
    for name in SOURCES:
        path = root / name
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.exists() else []


def extract(root: Path = ROOT) -> Catalog:
    """The sentences of the code, each with the files it stands in."""
    found = Catalog(project="liem", charset="utf-8")
    for path in source_files(root):
        for line, sentence, comments, context in extract_from_file("python", path, KEYWORDS, COMMENT_TAGS):
            place = (path.relative_to(root).as_posix(), line)
            found.add(sentence, locations=[place], auto_comments=comments, context=context)
        for line, sentence in _inside_f_strings(path):
            found.add(sentence, locations=[(path.relative_to(root).as_posix(), line)])
    return found


def _inside_f_strings(path: Path) -> Iterator[tuple[int, str | tuple[str, ...]]]:
    """The sentences of calls that stand inside an f-string, where Babel does not look."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
    for call in (node for text in strings for node in ast.walk(text) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        given = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if name in KEYWORDS and given:
            yield call.lineno, tuple(given[:2]) if KEYWORDS[name] else given[0]


def catalogue_paths(locale: Path = LOCALE) -> list[Path]:
    """The catalogues there are, one per language."""
    return sorted(locale.glob("*/LC_MESSAGES/liem.po"))


def read(path: Path) -> Catalog:
    """A catalogue with its broken entries refused. Raises babel's PoFileError."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def gaps(text: str) -> set[str]:
    """Names of the `{gaps}` in a sentence. Raises ValueError if a brace is not closed."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def faults(code: Catalog, translated: Catalog) -> list[str]:
    """What is wrong with `translated`, one line per sentence; empty if nothing is."""
    return [
        f"{reason}: {_one_line(message.id)}"
        for message in code
        if message.id
        for reason in _faults(message, translated)
    ]


def unused(code: Catalog, translated: Catalog) -> list[str]:
    """Sentences the code no longer has."""
    return [_one_line(message.id) for message in translated if message.id and message.id not in code]


def _faults(message: Message, translated: Catalog) -> Iterator[str]:
    found = translated.get(message.id, message.context)
    if found is None:
        yield f"missing (used in {', '.join(sorted({place for place, _ in message.locations}))})"
        return
    forms = _forms(found.string)
    if not forms or not all(form.strip() for form in forms):
        yield "not translated"
    elif found.fuzzy:
        yield "marked fuzzy"
    else:
        yield from _gap_faults(message, forms)


def _gap_faults(message: Message, forms: Iterable[str]) -> Iterator[str]:
    wanted = set().union(*map(gaps, _forms(message.id)))
    for form in forms:
        try:
            named = gaps(form)
        except ValueError as error:
            yield f"broken gap ({error})"
            continue
        if named != wanted:
            yield f"gaps {sorted(named)} instead of {sorted(wanted)}"


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    """One sentence or its plural forms, as a tuple."""
    if text is None:
        return ()
    return (text,) if isinstance(text, str) else tuple(text)


def _one_line(sentence: str | Iterable[str]) -> str:
    return " / ".join(_forms(sentence)).replace("\n", "\\n")


def write(code: Catalog) -> None:
    """Bring every catalogue up to the code: new sentences empty, changed ones fuzzy, unused ones removed."""
    for path in catalogue_paths():
        catalogue = read(path)
        catalogue.update(code, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True)


def check() -> int:
    """Print what is wrong; 1 if a sentence would reach people untranslated, else 0."""
    code = extract()
    wrong = 0
    paths = catalogue_paths()
    for path in paths:
        translated = read(path)
        found = faults(code, translated)
        wrong += len(found)
        for fault in found:
            print(f"{path.relative_to(ROOT)}: {fault}")
        for sentence in unused(code, translated):
            print(f"{path.relative_to(ROOT)}: no longer in the code (harmless; `make words` removes it): {sentence}")
    print(f"{len(code)} sentences in {len(paths)} catalogues, {wrong} faults")
    return 1 if wrong or not paths else 0


def main() -> int:
    """`python -m tests.catalogue` checks; `--write` updates the catalogues first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="update locale/ from the code, then check")
    if parser.parse_args().write:
        write(extract())
    return check()


if __name__ == "__main__":
    sys.exit(main())
