"""docs/glossary.md from seed/reference/glossary.csv: `python -m tests.glossary` writes it, a test keeps them equal."""

import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "seed" / "reference" / "glossary.csv"
PAGE = ROOT / "docs" / "glossary.md"

INTRODUCTION = """\
# Glossary

One word per thing, in the code as on the screen: names in code, the English sentences and their translations use the
terms of this list. A new term goes into `seed/reference/glossary.csv` first; `python -m tests.glossary` then writes
this page again. Names of events have a list of their own, `seed/reference/events.csv`, which the import reads as well.

| Key | English | Tiếng Việt | Français |
|---|---|---|---|
"""


def page() -> str:
    """The page as it has to be."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = [f"| `{row['key']}` | {row['en']} | {row['vi']} | {row['fr']} |" for row in csv.DictReader(file)]
    return INTRODUCTION + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
