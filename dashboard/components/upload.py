"""The file a person chose: one workbook, or the CSV tables of one list; kept on disk only while it is read."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from dashboard.components.file_box import file_box
from dashboard.components.markup import escape_markdown
from models.rules.words import Refusal, words
from models.settings import settings
from models.text import Translator
from seed.read import CSV_SHEETS

MEGABYTE = 2**20
CSV_NAMES = tuple(f"{name}.csv" for name in CSV_SHEETS)


@dataclass(frozen=True)
class Upload:
    """What was chosen: the name people know it by, and each file's name and content."""

    name: str
    files: tuple[tuple[str, bytes], ...] = field(repr=False)

    @property
    def sha256(self) -> str:
        """Tells two uploads apart."""
        total = hashlib.sha256()
        for name, content in self.files:
            total.update(name.encode() + b"\0" + content)
        return total.hexdigest()

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """The workbook, or the folder of CSV tables, as a path that is gone after the block."""
        with TemporaryDirectory(prefix="liem-upload-") as folder:
            for name, content in self.files:
                Path(folder, name).write_bytes(content)
            workbook = len(self.files) == 1 and not self.files[0][0].endswith(".csv")
            yield Path(folder, self.files[0][0]) if workbook else Path(folder)


def upload_of(chosen: Sequence[tuple[str, bytes]]) -> Upload:
    """The upload made of files by name. Raises Refusal with what to choose instead."""
    limit = settings().max_upload_mb
    if sum(len(content) for _, content in chosen) > limit * MEGABYTE:
        raise Refusal(words("The file is larger than {n} MB. Split it, or import it with `liem import`.", n=limit))
    tables = [(name.lower(), content) for name, content in chosen if name.lower().endswith(".csv")]
    if not tables:
        if len(chosen) > 1:
            raise Refusal(words("Choose one workbook at a time."))
        name, content = chosen[0]
        return Upload(name, (("workbook.xlsx", content),))
    if len(tables) < len(chosen):
        raise Refusal(words("Choose either one workbook or the CSV tables, not both."))
    names = [name for name, _ in tables]
    for given, _ in chosen:
        if given.lower() not in CSV_NAMES or names.count(given.lower()) > 1:
            wanted = ", ".join(CSV_NAMES)
            raise Refusal(
                words("The table {name} is not known. CSV tables are named {wanted}.", name=given, wanted=wanted)
            )
    ordered = tuple(sorted(tables, key=lambda table: CSV_NAMES.index(table[0])))
    return Upload(" + ".join(name for name, _ in ordered), ordered)


def choose_upload(t: Translator, *, key: str) -> Upload | None:
    """The box to drop a file into; None until something that can be read was chosen, with the reason on the page."""
    label = t("Excel workbook (.xlsx), or the CSV tables cases.csv and events.csv together")
    chosen = file_box(t, label, key=key, several=True)
    if not chosen:
        return None
    try:
        return upload_of([(file.name, file.getvalue()) for file in chosen])
    except Refusal as refusal:
        st.error(escape_markdown(t.words(refusal.words)), icon=":material/error:")
        return None
