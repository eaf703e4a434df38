"""An address that nobody of ours has written is answered calmly, whatever signs it holds."""

import pytest

from models.db import transaction
from tests import cast, make
from tests.dashboard.pages.opening import opened, said

NUL = "a\x00b"  # what PostgreSQL keeps in no text


@pytest.mark.parametrize(
    "page, address",
    [
        ("case", {"code": NUL}), ("case", {"code": "VA-1", "do": "correct_event", "id": NUL}), ("cases", {"q": NUL}),
        ("case", {"code": "VA-1", "do": "history", "of": NUL, "id": NUL}), ("tasks", {"task": NUL}),
        ("search", {"q": NUL}), ("sessions", {"session": NUL}), ("coordination", {"request": NUL, "agency": NUL}),
    ],
)  # fmt: skip
def test_signs_that_no_database_keeps_break_no_page(installation, page, address):
    with transaction() as session:
        make.case(session, code="VA-1")
        who = cast.accounts(session).secretariat
    assert "could not be shown" not in said(opened(page, who, **address))
