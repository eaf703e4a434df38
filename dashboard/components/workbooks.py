"""Workbooks to take away: the empty one to fill in, everything recorded, and a refused one with its cells in red."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from dashboard.components.upload import Upload
from dashboard.context import PageContext
from models import clock
from models.rules.access import Action, Viewer, may
from models.text import Translator
from seed.export import export_file
from seed.load import ImportResult, annotate
from seed.template import write_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def forms(ctx: PageContext) -> None:
    """The empty workbook, and for those who may export everything recorded; each is made when it is asked for."""
    t, viewer, today = ctx.t, ctx.viewer, ctx.today
    _button(t("Empty workbook to fill in"), lambda: _template(t), t("liem-template.xlsx"), key="import_template")
    if may(viewer, Action.EXPORT):
        name = f"liem-{today.isoformat()}.xlsx"
        _button(
            t("Everything recorded, as a workbook"), lambda: _export(viewer, today, name), name, key="import_export"
        )


def annotated(t: Translator, upload: Upload, result: ImportResult) -> None:
    """The refused workbook with its cells in red."""
    _button(
        t("Download the workbook with the refused cells in red"),
        lambda: _annotated(upload, result, t),
        t("refused-{file}", file=f"{Path(upload.name).stem}.xlsx"),
        key="import_annotated",
    )


def _button(label: str, make: Callable[[], bytes], file_name: str, *, key: str) -> None:
    st.download_button(
        label, data=make, file_name=file_name, mime=XLSX, icon=":material/download:", on_click="ignore", key=key
    )


def _template(t: Translator) -> bytes:
    with TemporaryDirectory(prefix="liem-template-") as folder:
        write_template(Path(folder, "template.xlsx"), t=t)
        return Path(folder, "template.xlsx").read_bytes()


def _export(viewer: Viewer, today: date, name: str) -> bytes:
    with TemporaryDirectory(prefix="liem-export-") as folder:
        export_file(Path(folder, name), viewer, now=clock.now(), today=today)
        return Path(folder, name).read_bytes()


def _annotated(upload: Upload, result: ImportResult, t: Translator) -> bytes:
    with upload.on_disk() as path, TemporaryDirectory(prefix="liem-annotated-") as folder:
        out = Path(folder, "annotated.xlsx")
        annotate(path, result, out, t=t)
        return out.read_bytes()
