"""Read and change Word files as other programs would."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml.ns import qn


def text_of(paper: Document) -> str:
    """All the text of the body, figures in content controls included."""
    lines = ("".join(node.text or "" for node in p.iter(qn("w:t"))) for p in paper.element.body.iter(qn("w:p")))
    return "\n".join(lines).replace("\u00a0", " ")


def printed(paper: Document, figure_id: str) -> list[str]:
    """The texts of a figure's content controls."""
    found = []
    for control in paper.element.body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        if tag is not None and tag.get(qn("w:val")) == figure_id:
            found.append("".join(node.text or "" for node in control.iter(qn("w:t"))).replace("\u00a0", " "))
    return found


def edit(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """A copy of the Word file with one part changed as text; the change must do something."""
    copy = path.with_name(f"{path.stem}-edited.docx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == part:
                changed = change(content.decode())
                assert changed != content.decode(), f"nothing to change in {part}"
                content = changed.encode()
            target.writestr(entry, content)
    return copy


def open_bytes(path: Path) -> Document:
    """The Word file at `path`."""
    return docx.Document(str(path))
