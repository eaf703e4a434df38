"""The search finds every true hit and no other, exact codes first, then the newest, on both databases alike."""

import random
import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlmodel import select

from models.changes.search import out_of_step
from models.db import read_session, transaction
from models.enums import SearchKind, Secrecy
from models.queries.cases import CaseFilter, case_page
from models.queries.search import COUNTED, OF_EACH, Found, matching_files, search
from models.rules.folding import fold
from models.tables import Attachment, Conclusion
from tests import cast, make

FILE, TASK, SESSION, AGENCY = SearchKind.FILE, SearchKind.TASK, SearchKind.SESSION, SearchKind.AGENCY
REQUEST = SearchKind.REQUEST
RETRACTED = datetime(2026, 6, 1, 3, tzinfo=UTC)
NOON = datetime(2026, 1, 5, 5, tzinfo=UTC)
RETRACTION = {"retracted_at": RETRACTED, "retract_reason": "Nhầm"}


@pytest.fixture
def office(engine):
    """Two files, a task about one and a task about none, a session."""
    with transaction(engine) as session:
        vks = make.agency(session, code="VKS")
        first = make.case(
            session, code="VA-2025-014", title="Vụ án tại Hoà Bình", title_en="The bridge case",
            locality="xã Đại Thắng", notes="Theo dõi qqzz thường xuyên",
            events=[("case_initiated", "2025-03-02", {"document": "15/QĐ-CSĐT", "body": "Cơ quan Cảnh sát điều tra"})],
        )  # fmt: skip
        make.case(
            session, code="VV-12345", kind="incident", title="Vụ việc hòa giải", lead=vks,
            events=[("inspection_opened", "2026-11-10", {"detail": "Nêu tại VA-2025-014"})],
        )  # fmt: skip
        make.task(session, code="NV-2026-001", content="Kết thúc điều tra", case=first, lead=vks)
        make.task(session, code="NV-2026-002", content="Rà soát nhà đất qqzz", assigned_on="2026-05-05", due_on=None)
        make.session_(session, number=14, held_on="2025-10-10", subject="Chuyên đề qqzz", notice="88-TB/BCĐ")
    return engine


def found(engine, question, viewer=cast.MEMBER, **how):
    with read_session(engine) as session:
        return search(session, viewer, question, **how)


def codes(engine, question, viewer=cast.MEMBER, **how):
    """Codes of the hits as they are shown."""
    return [hit.code for hit in shown(found(engine, question, viewer, **how))]


def shown(hits):
    return [*hits.exact, *(hit for group in hits.groups for hit in group.hits)]


def totals(hits):
    return {group.kind: (group.total, group.is_more) for group in hits.groups}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("hoà", ["VV-12345", "VA-2025-014"]),  # newest first
        ("hòa bình", ["VA-2025-014"]),
        ("dai thang", ["VA-2025-014"]),
        ("bridge", ["VA-2025-014"]),
        ("15/qđ-csđt", ["VA-2025-014"]),
        ("CQĐT 15", ["VA-2025-014"]),
        ("qqzz", ["VA-2025-014", "NV-2026-002", "14/2025-2030"]),  # kind by kind
        ("88-TB", ["14/2025-2030"]),
        ("vv12345", ["VV-12345"]),
        ("va-2025-014", ["VA-2025-014", "VV-12345", "NV-2026-001"]),  # exact first, then what names it
        ("VA2025014", ["VA-2025-014"]),
        ("nv-2026-001", ["NV-2026-001"]),
        ("nothing of the kind", []),
        ("hoà nothing", []),
    ],
)
def test_what_is_found_in_this_order(office, question, expected):
    assert codes(office, question) == expected


def test_an_agency_is_found_with_its_files_and_tasks(office):
    hits = shown(found(office, "viện kiểm sát"))
    assert {hit.kind for hit in hits} == {FILE, TASK, AGENCY}
    assert [hit.code for hit in hits if hit.kind is FILE] == ["VV-12345"]
    (top,) = found(office, "vks").exact
    assert (top.kind, top.code) == (AGENCY, "VKS")


def test_a_hit_says_where_it_was_met(office):
    (hit,) = shown(found(office, "hoà qđ 15"))
    assert [part.text for part in hit.title if part.is_match] == ["Hoà"]
    (extract,) = hit.extracts
    assert extract.piece.place == "case_initiated" and extract.piece.day == date(2025, 3, 2)
    assert [part.text for part in extract.parts if part.is_match] == ["15", "QĐ"]


def test_a_hit_may_need_several_places_to_be_explained(office):
    (hit,) = shown(found(office, "thắng qqzz"))
    assert {extract.piece.place for extract in hit.extracts} == {"locality", "notes"}


def test_a_task_names_its_file(office):
    (hit,) = shown(found(office, "kết thúc"))
    assert hit.file_code == "VA-2025-014"


@pytest.mark.parametrize("question", ["", "   ", "\n", "'", '"', "* & | ! : ( ) -", "%_", "\\", "\x00", "–", "''''"])
def test_a_question_without_a_word_finds_nothing_calmly(office, question):
    assert found(office, question) == Found()
    with read_session(office) as session:
        assert session.exec(matching_files(session, question)).all() == []


@pytest.mark.parametrize(
    "question",
    [
        "hoà'",
        '"hoà',
        "hoà*",
        "hoà & ",
        "(hoà",
        "hoà:*",
        "!hoà",
        "NOT hoà OR",
        "hoà\\",
        "hoà\x00",
        "'; DROP TABLE task --",
    ],
)
def test_signs_with_a_meaning_elsewhere_have_none_here(office, question):
    words = {fold(word) for word in re.findall(r"\w+", question)}
    assert codes(office, question) == (["VV-12345", "VA-2025-014"] if words == {"hoa"} else [])


def test_a_question_of_a_hundred_words_is_answered(office):
    assert codes(office, " ".join(f"hoa{n}" for n in range(100))) == []
    assert codes(office, "hoà " * 100) == ["VV-12345", "VA-2025-014"]


def test_who_may_not_read_files_finds_nothing(office):
    for viewer in cast.OUTSIDERS:
        assert found(office, "hoà", viewer) == Found()


def test_what_the_viewer_may_not_see_is_neither_shown_nor_counted(office):
    from models.tables import Case, Restriction

    with transaction(office) as session:
        hidden = session.exec(select(Case.id).where(Case.code == "VA-2025-014")).one()
        session.add(Restriction(case_id=hidden, reason="r", recorded_at=datetime(2026, 11, 20, 3, tzinfo=UTC)))
    assert codes(office, "hoà") == ["VV-12345"]
    assert codes(office, "VA-2025-014") == ["VV-12345"]  # it tells of the file by itself
    assert codes(office, "kết thúc") == []  # the task about the hidden file
    assert totals(found(office, "hoà")) == {FILE: (1, False)}
    assert codes(office, "qqzz") == ["NV-2026-002", "14/2025-2030"]


def test_the_list_of_files_finds_the_same_open_files(office):
    with read_session(office) as session:
        for question in ("hoà", "15/QĐ-CSĐT", "VA-2025-014", "vv12345", "viện kiểm sát", "???"):
            rows = case_page(session, cast.MEMBER, CaseFilter(text=question), as_of=date(2026, 11, 20)).rows
            hits = shown(search(session, cast.MEMBER, question, kind=FILE))
            assert {row.code for row in rows} == {hit.code for hit in hits if hit.kind is FILE}


def test_pages_follow_each_other_without_gap_or_repetition(engine):
    with transaction(engine) as session:
        for n in range(7):
            make.case(session, code=f"VA-{n}", title="Vụ án qqzz", events=[("case_initiated", f"2026-01-0{n + 1}")])
        make.case(session, code="QQZZ", title="Vụ án cũ", events=[("case_initiated", "2020-01-01")])
    pages = [found(engine, "qqzz", kind=FILE, limit=3, page=page) for page in (1, 2, 3, 4)]
    hits = [[hit.code for group in page.groups for hit in group.hits] for page in pages]
    assert hits == [["VA-6", "VA-5", "VA-4"], ["VA-3", "VA-2", "VA-1"], ["VA-0"], []]
    assert all([hit.code for hit in page.exact] == ["QQZZ"] for page in pages)
    assert totals(pages[-2]) == totals(pages[-1]) == {FILE: (7, False)}  # whoever has come to the end knows


@pytest.mark.parametrize(("n", "is_more"), [(COUNTED, False), (COUNTED + 1, True)])
def test_hits_are_counted_by_kind_up_to_a_hundred(engine, n, is_more):
    """Older than many tasks without the word, so that none is met by looking at the newest."""
    with transaction(engine) as session:
        old = {"assigned_on": "2020-01-01"}
        for i in range(n):
            make.task(session, code=f"NV-{i}", content="qqzz", **old)
        for i in range(160):
            make.task(session, code=f"NV-Y{i}", content="other")
        make.case(session, title="Vụ án qqzz")
    hits = found(engine, "qqzz")
    assert totals(hits) == {FILE: (1, False), TASK: (COUNTED, is_more)}
    assert [len(group.hits) for group in hits.groups] == [1, OF_EACH]
    assert totals(found(engine, "qqzz", kind=FILE)) == {FILE: (1, False)}


def test_where_the_word_is_common_the_newest_come_first_and_there_are_more(engine):
    with transaction(engine) as session:
        for i in range(250):
            make.task(session, code=f"NV-{i:03}", content="qqzz", assigned_on=date.fromordinal(737000 + i))
    (group,) = found(engine, "qqzz").groups
    assert [hit.code for hit in group.hits] == ["NV-249", "NV-248", "NV-247", "NV-246", "NV-245"]
    assert group.is_more and OF_EACH < group.total <= COUNTED


# --- every true hit ------------------------------------------------------------------------------------------------

SYLLABLES = [
    "án", "bình", "cao", "đạo", "đức", "giám", "hoà", "hòa", "hoá", "kiểm", "luật", "mỹ", "nghiêm", "nghiêng", "ngoại",
    "quyết", "quỹ", "sát", "thắng", "thuỷ", "vụ",
]  # fmt: skip


def phrase(chance, most):
    made = [chance.choice(SYLLABLES) for _ in range(chance.randint(1, most))]
    made += [str(chance.randint(1, 400))] * chance.randint(0, 1) + ["QĐ-CSĐT"] * chance.randint(0, 1)
    chance.shuffle(made)
    return chance.choice((" ", ", ", "/", "–")).join(chance.choice((word, word.upper())) for word in made)


def fill(engine, chance):
    """Sixty files with events, documents, a task and a request each, and sessions with conclusions.

    Some of it is retracted, some documents have a level, some conclusions are about a file: none of that is found.
    """
    with transaction(engine) as session:
        agency = make.agency(session, code="THADS")
        asks, asked = (make.agency(session, code=f"SO{n}", name_vi=f"Sở {phrase(chance, 2)}") for n in (1, 2))
        files = []
        for n in range(60):
            gone = {"retracted_at": RETRACTED, "detail": "qqzz " + phrase(chance, 4)}
            events = [
                ("progress_note", "2026-01-05", {"detail": phrase(chance, 6)}),
                ("progress_note", "2026-02-05", gone),
            ]
            file = make.case(
                session, code=f"VA-{n:03}", title=phrase(chance, 5),
                locality=phrase(chance, 2), notes=phrase(chance, 5),
                events=[*events, ("case_initiated", "2026-01-01", {"document": phrase(chance, 2)})],
                lead=agency if n % 7 == 0 else None,
            )  # fmt: skip
            make.task(session, code=f"NV-{n:03}", content=phrase(chance, 5), case=file)
            replied = {
                "replied_on": "2026-11-05",
                "reply_document": phrase(chance, 2),
                "reply_summary": phrase(chance, 4),
            }
            make.request(
                session, code=f"PH-{n:03}", subject=phrase(chance, 5), document=phrase(chance, 2), asks=asks,
                asked=asked, case=file if n % 2 else None, **(replied if n % 3 else {}),
            )  # fmt: skip
            for level in (Secrecy.NONE, Secrecy.CONFIDENTIAL):
                session.add(_document(chance, file, level))
            session.add(_document(chance, file, Secrecy.NONE, **RETRACTION))
            files.append(file)
        make.request(session, code="PH-999", subject="qqzz", asks=asks, asked=asked, **RETRACTION)
        for n in range(1, 21):
            more = {name: phrase(chance, 4) for name in ("subject", "place", "notice")}
            held = make.session_(session, number=n, held_on=date(2026, 1, n), **more)
            for number, own in enumerate(({}, {"case_id": files[n].id}, RETRACTION), start=1):
                said = ("qqzz " if own else "") + phrase(chance, 5)
                session.add(Conclusion(session_id=held.id, item_no=number, text=said, recorded_at=NOON, **own))


def _document(chance, file, level, **more):
    words = "qqzz " if more or level is not Secrecy.NONE else ""
    return Attachment(case_id=file.id, number=phrase(chance, 2), title=words + phrase(chance, 4), secrecy=level,
                      recorded_at=NOON, **more)  # fmt: skip


SCAN = {
    FILE: """
        SELECT f.code, f.code FROM case_file f
        UNION ALL SELECT f.code,
            d.title || ' ' || d.locality || ' ' || d.notes || ' ' || COALESCE(a.code || ' ' || a.name_vi, '')
          FROM case_file f JOIN case_detail d ON d.case_id = f.id LEFT JOIN agency a ON a.id = d.lead_agency_id
        UNION ALL SELECT f.code, e.detail || ' ' || e.document
          FROM case_file f JOIN case_event e ON e.case_id = f.id
          WHERE e.retracted_at IS NULL
        UNION ALL SELECT f.code, m.number || ' ' || m.title
          FROM case_file f JOIN attachment m ON m.case_id = f.id
          WHERE m.retracted_at IS NULL AND m.secrecy = 'none'""",
    SESSION: """
        SELECT s.number || '/' || s.term,
            s.number || ' ' || s.term || ' ' || s.subject || ' ' || s.place || ' ' || s.notice
          FROM committee_session s
        UNION ALL SELECT s.number || '/' || s.term, c.text
          FROM committee_session s JOIN conclusion c ON c.session_id = s.id
          WHERE c.retracted_at IS NULL AND c.case_id IS NULL""",
    REQUEST: """
        SELECT r.code, r.code || ' ' || r.subject || ' ' || r.document || ' ' || r.reply_document || ' ' ||
            r.reply_summary || ' ' || a.name_vi || ' ' || b.name_vi || ' ' || COALESCE(f.code, '')
          FROM coordination_request r JOIN agency a ON a.id = r.from_agency_id JOIN agency b ON b.id = r.to_agency_id
          LEFT JOIN case_file f ON f.id = r.case_id
          WHERE r.retracted_at IS NULL""",
    TASK: """
        SELECT t.code, t.code || ' ' || t.content || ' ' || f.code FROM task t JOIN case_file f ON f.id = t.case_id""",
}


def scanned(engine, kind, question):
    """The same by reading everything: every word asked for begins a word of the thing; its texts unfolded here."""
    words: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for code, texts in connection.execute(text(SCAN[kind])):
            read = set(re.findall(r"[a-z0-9]+", fold(texts)))
            words.setdefault(code, {re.sub("[^a-z0-9]", "", fold(code))}).update(read)
    for read in words.values():  # the short forms that these texts hold
        read |= {"quyet", "dinh"} if "qd" in read else set()
        read |= {"canh", "sat", "dieu", "tra"} if "csdt" in read else set()
        read |= {"tha"} if "thads" in read else set()
    terms = re.findall(r"[a-z0-9]+", fold(question))
    return {code for code, read in words.items() if all(any(word.startswith(term) for word in read) for term in terms)}


def everything(engine, kind, question):
    hits, page = [], 1
    while some := [hit.code for group in found(engine, question, kind=kind, page=page).groups for hit in group.hits]:
        hits += some
        page += 1
    hits += [hit.code for hit in found(engine, question, kind=kind).exact if hit.kind is kind]
    assert len(hits) == len(set(hits))
    return set(hits)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_true_hit_is_found_and_no_other(engine, seed):
    chance = random.Random(seed)
    fill(engine, chance)
    questions = [phrase(chance, 2)[: chance.randint(1, 12)] for _ in range(40)]
    questions += [
        "v",
        "VA-0",
        "va012",
        "qd",
        "quyết định",
        "cảnh sát",
        "thads",
        "3",
        "nghiê",
        "qqzz",
        "VA-017",
        "PH-0",
        "2025",
    ]
    met = dict.fromkeys(SCAN, 0)
    for question in questions:
        for kind in SCAN:
            expected = scanned(engine, kind, question)
            assert everything(engine, kind, question) == expected, (question, kind)
            met[kind] += len(expected)
    assert all(count > 100 for count in met.values()), "the questions are not all without an answer"
    assert met[FILE] + met[TASK] > 500
    with read_session(engine) as session:
        assert out_of_step(session) == []
