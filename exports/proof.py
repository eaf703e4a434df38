"""The proof inside a paper: what it printed, from which records, and hashes that notice any later change.

It is a custom XML part of the Word file. Figures stand in content controls tagged with their id, so that they are found
again after the file was edited. The text is hashed paragraph by paragraph without regard to spaces, because office
programs rearrange those when they save.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from exports.charts import CHART_TYPE
from exports.figure import ReportFigure, plain
from models.errors import BadUsage, os_answer
from models.rules.words import words

NAMESPACE = "urn:liem:report:1"
MAX_BYTES = 200 * 2**20  # unpacked size of a file we open
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_P, _T, _FIELD, _HYPHEN = (f"{_W}{name}" for name in ("p", "t", "fldChar", "noBreakHyphen"))
_SAID = (_T, _FIELD, _HYPHEN, *(f"{_W}{name}" for name in ("br", "tab", "cr")))  # what text is read from
_PROPS = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ITEM_ID = "{6C69656D-0000-4000-8000-7265706F7274}"
_STORY = re.compile(r"word/(header|footer)\d*\.xml")
_SHORT = 8  # hex digits kept of each paragraph's hash, to name the place of a change


class NotOurReport(BadUsage):
    """The file is no report of ours, or no longer carries its proof."""


@dataclass(frozen=True)
class Facts:
    """A figure as the proof keeps it. `texts`: how it stands on the paper, so that later wording changes nothing."""

    id: str
    unit: str
    value: int | None
    numerator: int | None
    denominator: int | None
    records_sha256: str
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, figure: ReportFigure, texts: Sequence[str] = ()) -> "Facts":
        """What is kept of `figure`, which is printed as `texts`."""
        return cls(
            figure.id,
            figure.unit,
            figure.value,
            figure.numerator,
            figure.denominator,
            figure.records_sha256,
            tuple(dict.fromkeys(texts)),
        )

    def figure(self) -> ReportFigure:
        """The figure without its records, to be written again."""
        return ReportFigure(self.id, self.value, self.unit, self.numerator, self.denominator)


@dataclass(frozen=True)
class Proof:
    """What a paper says about itself. `about`: report, kind, period, session, as_of, known_at, language, version, head.

    `paragraphs`: a short hash of each, to name the place of a change. `controls`: the figure ids in the order of the
    text, because LibreOffice drops the tags of content controls when it saves.
    """

    about: Mapping[str, str]
    figures: tuple[Facts, ...]
    text_sha256: str = ""
    charts_sha256: str = ""
    paragraphs: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()

    @property
    def figures_sha256(self) -> str:
        """Hash over all figures in their order."""
        rows = [
            [f.id, f.unit, f.value, f.numerator, f.denominator, f.records_sha256, list(f.texts)] for f in self.figures
        ]
        return sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")))


@dataclass(frozen=True)
class Printed:
    """What stands in a Word file now: its text, the figures in it by id, its charts, and its proof."""

    proof: Proof
    texts: tuple[str, ...]
    figures: Mapping[str, tuple[str, ...]]
    charts_sha256: str
    stored_figures_sha256: str
    around: tuple[str, ...] = field(default=())

    @property
    def text_sha256(self) -> str:
        """Hash over all the text of body, headers and footers."""
        return hash_texts(self.texts, self.around)


def sha256(text: str) -> str:
    """Hash of `text`, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def short_hash(text: str) -> str:
    """The first digits of a paragraph's hash."""
    return sha256(text)[:_SHORT]


def hash_texts(texts: Sequence[str], around: Iterable[str]) -> str:
    """Hash over the paragraphs of the body and the distinct texts of headers and footers."""
    return sha256("\n".join([*texts, "\f", *sorted(set(around))]))


# --- writing ---------------------------------------------------------------------------------------------------------


def seal(made: Document, about: Mapping[str, str], figures: Iterable[ReportFigure]) -> tuple[bytes, Proof]:
    """The finished Word file with its proof in it, and the proof."""
    body = made.element.body
    texts = tuple(_texts(body))
    printed = _figures(body, ())
    around = [text for part in _stories(made) for text in _texts(part)]
    charts = [part.blob for part in made.part.package.iter_parts() if part.content_type == CHART_TYPE]
    proof = Proof(
        dict(about),
        tuple(Facts.of(figure, printed.get(figure.id, ())) for figure in figures),
        hash_texts(texts, around),
        hash_charts(charts),
        tuple(short_hash(text) for text in texts),
        tuple(_tag(control) for control in body.iter(f"{_W}sdt")),
    )
    _add_part(made, _to_xml(proof))
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue(), proof


def _stories(made: Document) -> Iterator[Any]:
    for section in made.sections:
        for story in (section.header, section.first_page_header, section.footer, section.first_page_footer):
            if not story.is_linked_to_previous:
                yield story._element


def _add_part(made: Document, xml: bytes) -> None:
    package = made.part.package
    item = Part(PackURI("/customXml/item1.xml"), "application/xml", xml, package)
    about = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="no"?><ds:datastoreItem ds:itemID="{_ITEM_ID}" '
        f'xmlns:ds="{_PROPS}"><ds:schemaRefs><ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
    )
    kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    item.relate_to(
        Part(PackURI("/customXml/itemProps1.xml"), kind, about.encode(), package), f"{_RELATIONS}/customXmlProps"
    )
    made.part.relate_to(item, f"{_RELATIONS}/customXml")


def _to_xml(proof: Proof) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}report", nsmap={None: NAMESPACE})
    for name, value in proof.about.items():
        root.set(name, value)
    root.set("text_sha256", proof.text_sha256)
    root.set("charts_sha256", proof.charts_sha256)
    root.set("figures_sha256", proof.figures_sha256)
    for facts in proof.figures:
        line = etree.SubElement(root, f"{{{NAMESPACE}}}figure", id=facts.id, unit=facts.unit)
        for name in ("value", "numerator", "denominator"):
            if (value := getattr(facts, name)) is not None:
                line.set(name, str(value))
        line.set("records", facts.records_sha256)
        for text in facts.texts:
            etree.SubElement(line, f"{{{NAMESPACE}}}text").text = text
    etree.SubElement(root, f"{{{NAMESPACE}}}paragraphs").text = " ".join(proof.paragraphs)
    etree.SubElement(root, f"{{{NAMESPACE}}}controls").text = "\n".join(proof.controls)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


# --- reading ---------------------------------------------------------------------------------------------------------


def read(path: Path) -> Printed:
    """What stands in the Word file at `path`. Raises NotOurReport with a sentence for people."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, path.name)
    except OSError as error:
        raise NotOurReport(words("{file} cannot be read: {why}.", file=path.name, why=os_answer(error))) from error
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, NotImplementedError, RuntimeError) as error:
        raise NotOurReport(words("{file} is not a Word report issued by this program.", file=path.name)) from error


def _read(archive: zipfile.ZipFile, name: str) -> Printed:
    if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
        raise NotOurReport(
            words("{file} is not a Word report issued by this program: it unpacks to more than 200 MB.", file=name)
        )
    names = archive.namelist()
    kept = _proof_xml(archive, names)
    if kept is None or "word/document.xml" not in names:
        raise NotOurReport(words("{file} is not a Word report issued by this program: it carries no proof.", file=name))
    body = _parse(archive.read("word/document.xml"))
    around = [text for part in names if _STORY.fullmatch(part) for text in _texts(_parse(archive.read(part)))]
    charts = [archive.read(part) for part in sorted(names) if re.fullmatch(r"word/charts/chart\d+\.xml", part)]
    proof = _from_xml(kept)
    return Printed(
        proof=proof,
        texts=tuple(_texts(body)),
        figures=_figures(body, proof.controls),
        charts_sha256=hash_charts(charts),
        stored_figures_sha256=kept.get("figures_sha256", ""),
        around=tuple(around),
    )


def _proof_xml(archive: zipfile.ZipFile, names: Sequence[str]) -> Any:
    for part in names:
        if part.startswith("customXml/") and part.endswith(".xml"):
            root = _parse(archive.read(part))
            if root.tag == f"{{{NAMESPACE}}}report":
                return root
    return None


def _from_xml(root: Any) -> Proof:
    def number(line: Any, name: str) -> int | None:
        text = line.get(name)
        return None if text is None else int(text)

    figures = tuple(
        Facts(
            line.get("id", ""),
            line.get("unit", ""),
            number(line, "value"),
            number(line, "numerator"),
            number(line, "denominator"),
            line.get("records", ""),
            tuple(text.text or "" for text in line.iterfind(f"{{{NAMESPACE}}}text")),
        )
        for line in root.iterfind(f"{{{NAMESPACE}}}figure")
    )
    hashes = ("text_sha256", "charts_sha256", "figures_sha256")
    about = {str(name): str(value) for name, value in root.attrib.items() if name not in hashes}
    listed = root.findtext(f"{{{NAMESPACE}}}paragraphs") or ""
    controls = root.findtext(f"{{{NAMESPACE}}}controls") or ""
    return Proof(
        about,
        figures,
        root.get("text_sha256", ""),
        root.get("charts_sha256", ""),
        tuple(listed.split()),
        tuple(controls.splitlines()),
    )


def _parse(xml: bytes) -> Any:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _figures(body: Any, order: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Text of every content control by figure id: by its tag, else by its place in `order` if no control is missing."""
    controls = list(body.iter(f"{_W}sdt"))
    names = order if len(order) == len(controls) else [""] * len(controls)
    found: dict[str, tuple[str, ...]] = {}
    for control, placed in zip(controls, names, strict=True):
        if name := _tag(control) or placed:
            found[name] = (*found.get(name, ()), plain("".join(text.text or "" for text in control.iter(f"{_W}t"))))
    return found


def _tag(control: Any) -> str:
    tag = control.find(f"{_W}sdtPr/{_W}tag")
    return "" if tag is None else str(tag.get(f"{_W}val", ""))


def _texts(root: Any) -> Iterator[str]:
    """The text of each paragraph that has some, spaces collapsed; results of fields (page numbers) left out."""
    for paragraph in root.iter(f"{_W}p"):
        text = plain("".join(_pieces(paragraph)))
        if text:
            yield text


def _pieces(paragraph: Any) -> Iterator[str]:
    fields = 0
    nested = next(paragraph.iterdescendants(_P), None) is not None  # a text box holds paragraphs of its own
    for node in paragraph.iter(*_SAID):
        tag = node.tag
        if tag == _T:
            if not fields and (not nested or next(node.iterancestors(_P)) is paragraph):
                yield node.text or ""
        elif tag == _FIELD:
            fields += {"begin": 1, "end": -1}.get(node.get(f"{_W}fldCharType"), 0)
        elif tag == _HYPHEN:
            yield "-"
        elif not fields:
            yield " "


def hash_charts(charts: Iterable[bytes]) -> str:
    """Hash over the categories and values the charts show, whichever program wrote them."""
    return sha256("\n".join(sorted(_chart_text(xml) for xml in charts)))


def _chart_text(xml: bytes) -> str:
    root = _parse(xml)
    names = [node.text or "" for node in root.iter(f"{_C}v") if next(node.iterancestors(f"{_C}cat"), None) is not None]
    values = [
        float(node.text or 0) for node in root.iter(f"{_C}v") if next(node.iterancestors(f"{_C}val"), None) is not None
    ]
    return json.dumps([names, values], ensure_ascii=False)
