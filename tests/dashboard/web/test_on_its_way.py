"""A file that was chosen and has not come yet is known to be on its way, to its own page alone."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.web import bodies, handed, on_its_way
from tests.dashboard.web.test_gate import OURS, account_id

PAGE, ADDRESS = "5d2c7a1e-session", "/_stcore/upload_file/5d2c7a1e-session/77aa-file"


def given(address: str = ADDRESS) -> bytes:
    """The message that gives a page an address for a file."""
    message = ForwardMsg()
    message.file_urls_response.file_urls.add(file_id="77aa-file", upload_url=address, delete_url=address)
    return message.SerializeToString()


@pytest.fixture
def member(visitor):
    visitor.sign_in("uyvien")
    handed.note(account_id("uyvien"), ADDRESS.encode())
    on_its_way.note(given())
    return visitor.client


def test_from_the_address_on_it_is_on_its_way_to_its_own_page(member):
    assert on_its_way.anything(PAGE) and not on_its_way.anything("another-session")


def test_an_address_that_is_only_shown_brings_no_file(people):
    message = ForwardMsg()
    message.delta.new_element.markdown.body = ADDRESS
    on_its_way.note(message.SerializeToString())
    on_its_way.note(b"\xff" + ADDRESS.encode())
    assert not on_its_way.anything(PAGE)


def test_what_does_not_begin_to_come_is_not_waited_for_for_ever(people, monkeypatch):
    monkeypatch.setattr(on_its_way, "TO_BEGIN", -1.0)
    on_its_way.note(given())
    assert not on_its_way.anything(PAGE)
    on_its_way.begins(ADDRESS)
    on_its_way.note(given(ADDRESS.replace("77aa", "78bb")))
    assert on_its_way.anything(PAGE), "while it comes in, however long"


@pytest.mark.parametrize(("to_tell", "waits"), [(60.0, True), (-1.0, False)])
def test_what_has_come_is_waited_for_until_the_page_was_told(member, monkeypatch, to_tell, waits):
    monkeypatch.setattr(on_its_way, "TO_TELL", to_tell)
    assert member.put(ADDRESS, content=b"x", headers=OURS).status_code == 200
    assert on_its_way.anything(PAGE) is waits


@pytest.mark.parametrize("way", ["too large as announced", "too large as it came", "taken back"])
def test_what_will_not_come_any_more_is_not_waited_for(member, way):
    much = b"x" * (20 * 1024 * 1024 + bodies.FRAMING + 1)
    if way == "taken back":
        member.delete(ADDRESS, headers=OURS)
    else:
        content = much if way == "too large as announced" else iter([much])
        assert member.put(ADDRESS, content=content, headers=OURS).status_code == 413
    assert not on_its_way.anything(PAGE)
