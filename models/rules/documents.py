"""Which documents may be attached: known by what they are, not by what they are called."""

import io
import zipfile

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
}
_STARTS = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_OFFICE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}


def media_type_of(name: str, content: bytes) -> str | None:
    """The type of a document that may be kept; None for any other, for macros, and for a name that says otherwise."""
    found = next((kind for start, kind in _STARTS if content.startswith(start)), None) or _office(content)
    if found is None or not name.lower().endswith(SUFFIXES[found]):
        return None
    return found


def _office(content: bytes) -> str | None:
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = {name.lower() for name in package.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        return None
    return next((kind for part, kind in _OFFICE.items() if part in names), None)
