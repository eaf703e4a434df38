"""The second step of an import: what the file would change, and every cell that is refused."""

from datetime import date

import streamlit as st

from dashboard.components.findings import changes_table, findings_table, moving
from dashboard.components.receipt import counts_table
from dashboard.components.upload import Upload
from dashboard.components.workbooks import annotated
from dashboard.context import PageContext
from seed.headings import Headings
from seed.load import ImportResult, import_file

FEW = 20  # files that are listed without being asked for


def trial(ctx: PageContext, upload: Upload, version: int, headings: Headings) -> ImportResult:
    """What the upload would do; nothing is written. `version` of the data: asked anew once that has changed."""
    read_as = repr(headings.as_stored())
    return _trial(upload.sha256, version, ctx.today, ctx.viewer.name, read_as, _upload=upload, _ctx=ctx, _as=headings)


@st.cache_data(max_entries=8, ttl=1800, show_spinner=False)
def _trial(
    sha256: str,
    version: int,
    today: date,
    account: str,
    read_as: str,
    *,
    _upload: Upload,
    _ctx: PageContext,
    _as: Headings,
) -> ImportResult:
    with _upload.on_disk() as path:
        return import_file(path, _ctx.viewer, now=_ctx.now, today=today, dry_run=True, name=_upload.name, headings=_as)


def show_refused(ctx: PageContext, upload: Upload, result: ImportResult) -> None:
    """Every refused cell in red, and the workbook that shows them in place."""
    t = ctx.t
    said = t.n(
        "{n} cell is refused, so nothing can be written. Correct it in the file and choose the file again.",
        "{n} cells are refused, so nothing can be written. Correct them in the file and choose the file again.",
        len(result.errors),
    )
    st.error(said, icon=":material/error:")
    annotated(t, upload, result)
    findings_table(t, result.errors, key="import_errors", mark="bad")
    _warnings(ctx, result)


def show_changes(ctx: PageContext, result: ImportResult) -> None:
    """Counts, warnings, and the files for which something is new."""
    t = ctx.t
    if not result.news:
        st.info(t("Nothing new: everything in this file is recorded already."), icon=":material/info:")
    counts_table(t, result.counts, key="import_counts")
    _warnings(ctx, result)
    if listed := moving(result):
        said = t.n("{n} file with news", "{n} files with news", len(listed))
        with st.expander(said, expanded=len(listed) <= FEW):
            changes_table(t, listed, key="import_changes")


def _warnings(ctx: PageContext, result: ImportResult) -> None:
    t, many = ctx.t, len(result.warnings)
    if not many:
        return
    said = t.n("{n} warning: it does not stop the import", "{n} warnings: they do not stop the import", many)
    with st.expander(said, icon=":material/warning:"):
        findings_table(t, result.warnings, key="import_warnings")
