"""The Word file of a report: made and registered once per order, then offered."""

import streamlit as st

from dashboard.components.markup import escape_markdown
from dashboard.components.report_order import Wanted
from dashboard.context import PageContext
from exports.issue import issue, order
from models import clock
from models.enums import N_
from models.errors import BadUsage
from models.rules.access import Action, may

KEY = "report_made"
DRAFT = N_(
    "This paper is a draft: only a lead of the secretariat issues it. It is not in the register and cannot be proved "
    "later."
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_file(ctx: PageContext, found: Wanted) -> None:
    """Make the Word file once per order; what was made waits here to be downloaded."""
    t = ctx.t
    made = st.session_state.get(KEY)
    if made and made["key"] == found.key:
        said = t("Report {report} is made and registered: {n} figures.", report=made["report"], n=made["figures"])
        if made["draft"]:
            st.info(t(DRAFT), icon=":material/edit_note:")
        else:
            st.success(said, icon=":material/check_circle:")
        st.download_button(
            t("Download the Word file"),
            data=made["content"],
            file_name=made["file"],
            mime=DOCX,
            type="primary",
            icon=":material/download:",
            on_click="ignore",
            key="report_download",
        )
        if st.button(t("Make it once more"), key="report_again"):
            del st.session_state[KEY]
            st.rerun()
        return
    if may(ctx.viewer, Action.DECIDE):
        st.caption(t("Making the Word file registers the paper with its figures, so that it can be proved later."))
    else:
        st.caption(t(DRAFT))
    if st.button(t("Make the Word file"), type="primary", icon=":material/article:", key="report_make"):
        with st.spinner(t("Writing the paper …")):
            failed = _make(ctx, found)
        if failed:
            st.error(escape_markdown(failed), icon=":material/error:")
        else:
            st.rerun()


def _make(ctx: PageContext, found: Wanted) -> str:
    """Issue the paper and keep it for the download; a sentence if it was refused."""
    now = clock.now()
    try:
        asked = order(
            found.kind.value,
            period="" if found.session else found.period.text,
            session=found.session.number if found.session else None,
            as_of=found.as_of,
            known_at=now,
            language=found.language,
            number=found.number,
        )
        made = issue(ctx.viewer, asked, now=now, today=ctx.today)
    except BadUsage as error:
        return ctx.t.words(error.words)
    st.session_state[KEY] = {
        "key": found.key,
        "report": made.report_id,
        "file": made.file_name,
        "draft": made.is_draft,
        "content": made.content,
        "figures": sum(figure.unit != "row" for figure in made.figures.values()),
    }
    return ""
