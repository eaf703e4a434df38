"""The public sample on twelve days: the verdicts a person read, with the reckoning (docs/reading-of-verdicts.md)."""

import re
from datetime import date

import pytest

from models.db import read_session
from models.enums import Bucket
from models.queries import judged
from models.rules.access import SYSTEM
from models.rules.judge import Verdict
from models.settings import ROOT
from tests.seed.books import SAMPLE, load

DOC = ROOT / "docs" / "reading-of-verdicts.md"

# day, file, bucket, rule, last day; after the # how it was reckoned, from the events of the file and the law alone.
READ = """
2021-04-29 VN-077 due_soon VERIFY 2021-04-29          # 9 April + 20 days = 29 April, a Thursday: the last day
2021-04-29 VN-034 overdue_91_365 VERIFY 2020-07-09    # report of 19 June 2020 + 20 days; nothing until April 2022
2021-04-29 VN-018 due_soon INV 2021-05-04             # 1 March + 2 months = Saturday 1 May; 2 Sunday, 3 observed
2021-04-29 VN-020 on_time INV 2021-05-31              # 30 March + 2 months = Sunday 30 May; class unknown: shortest
2021-04-29 VN-041 overdue_31_90 INV 2021-02-01        # charged in October 2020, + 4 months, the longest: passed
2021-04-29 VN-074 overdue_over_365 INV 2019-10-01     # initiated in June 2019 + 4 months
2021-04-29 VN-076 on_time TRIAL_PREP 2021-07-27       # indictment of 27 April stands in; gravest class: 3 months
2021-04-29 VN-026 no_limit - -                        # a conclusion of an inspection only
2021-04-30 VN-077 overdue_1_30 VERIFY 2021-04-29      # a holiday, but the last day was the working day before it
2021-04-30 VN-018 due_soon INV 2021-05-04
2022-08-01 VN-013 due_soon INV_ADD_VKS 2022-08-01     # returned in June 2022, no court yet: 2 months from 1 June
2022-08-01 VN-021 due_soon INV 2022-08-01             # charged in June 2022; shortest class: 2 months
2022-08-01 VN-002 cannot_tell INV -                   # 29 April 2022: between 29 June (2 months) and 29 August (4)
2022-08-01 VN-034 on_time INV 2022-08-15              # 13 April + 4 months = Saturday 13 August, to Monday
2022-08-01 VN-033 overdue_1_30 INV 2022-07-29         # 29 March + 4 months, the longest: a Friday
2022-08-01 VN-028 overdue_31_90 THADS_DEC 2022-05-20  # judgment of 13 April + 30 days = 13 May; Friday 20 is the fifth
2022-08-01 VN-071 overdue_91_365 TRIAL_PREP 2022-02-28  # 30 November + 3 months: no 30 February
2022-08-01 VN-020 overdue_over_365 INV 2021-07-30     # 30 March 2021 + 4 months, the longest
2022-08-02 VN-013 overdue_1_30 INV_ADD_VKS 2022-08-01
2022-08-02 VN-021 cannot_tell INV -                   # past 2 months (1 August), before 4 (1 October, to Monday 3)
2023-11-15 VN-013 cannot_tell PROS -                  # second conclusion of 19 October: 20 days (8 Nov) or 30 (20)
2023-11-15 VN-041 on_time INV_ADD_VKS 2023-12-01      # returned in October, by whom is not said, no court recorded
2023-11-15 VN-029 no_limit - -                        # judgment of 17 October: may be protested until 16 November
2023-11-15 VN-050 overdue_1_30 THADS_DEC 2023-11-07   # judgment in October: 1 + 30 days = Tuesday 31; five days
2023-11-15 VN-001 overdue_31_90 PROS 2023-08-31       # concluded in August: 30 days, the longest, from the 1st
2023-11-15 VN-025 overdue_91_365 INV 2023-07-03       # 1 March + 4 months = Saturday 1 July
2023-11-15 VN-026 cannot_tell INV -                   # charged in August: 2 months (Sunday 1 October) to 4 (1 Dec)
2023-11-15 VN-071 paused - -                          # suspended on 29 June 2023
2023-11-15 VN-076 no_limit - -                        # a hearing opened on 1 and 19 November 2021
2024-06-26 VN-007 cannot_tell INV -                   # 26 February: the longest, 4 months, ends on this day
2024-06-26 VN-033 cannot_tell TRIAL_PREP -            # 8 April 2024 + 30 days to 3 months
2024-06-26 VN-001 overdue_31_90 THADS_DEC 2024-05-24  # appellate judgment on Friday 17 May, five working days
2024-06-26 VN-009 overdue_31_90 THADS_DEC 2024-05-20  # 11 April + 30 days = Saturday 11 May, to Monday 13; five days
2024-06-26 VN-039 overdue_1_30 INV 2024-05-30         # 30 January + 4 months
2024-06-26 VN-047 overdue_31_90 PROS 2024-05-02       # April + 30 days = Wednesday 1 May, a holiday
2024-06-26 VN-060 overdue_1_30 THADS_DEC 2024-06-14   # 8 May + 30 days = Friday 7 June; five days
2024-06-26 VN-063 overdue_over_365 INV 2023-06-13     # 13 February 2023 + 4 months
2024-06-27 VN-007 overdue_1_30 INV 2024-06-26         # every class has passed
2024-06-27 VN-002 overdue_over_365 THADS_DEC 2023-05-31  # appellate judgment on 24 May 2023
2025-03-31 VN-004 overdue_31_90 THADS_DEC 2025-02-05  # 22 January: 23, 24, then Tết until 2 February, 3, 4, 5
2025-03-31 VN-044 due_soon INV 2025-04-10             # 10 February + 2 months, the shortest; ten days before it
2025-03-31 VN-052 overdue_31_90 PROS 2025-02-03       # 1 January + 30 days = 31 January, Tết; Monday 3 February
2025-03-31 VN-057 on_time INV 2025-07-02              # initiated on a Sunday, 2 March: a start does not move
2025-03-31 VN-065 no_limit - -                        # 27 February + 30 days = Saturday 29 March, open until 31 March
2025-03-31 VN-068 overdue_1_30 INV 2025-03-20         # 20 November + 4 months
2025-03-31 VN-010 no_limit - -                        # the appellate hearing has opened
2025-03-31 VN-013 no_limit - -                        # … here too, adjourned on the day it opened (not an event)
2025-03-31 VN-017 no_limit - -                        # a conclusion of an inspection only
2025-03-31 VN-073 overdue_31_90 INV 2025-02-03        # 1 October + 4 months = Saturday in Tết 1 February
2025-10-15 VN-061 overdue_1_30 THADS_DEC 2025-10-08   # judgment in September: 1 + 30 days = 1 October; five days
2025-10-15 VN-007 on_time APPEAL_OPEN_SUP 2025-11-04  # appeal of 6 August + 90 days
2025-10-15 VN-015 overdue_1_30 PROS 2025-09-29        # 28 August + 30 days = Saturday 27 September
2025-10-15 VN-017 cannot_tell INV -                   # charged on 18 June: 2 months (18 August) to 4 (20 October)
2025-10-15 VN-031 overdue_1_30 THADS_DEC 2025-09-30   # appellate judgment on 23 September
2025-10-15 VN-044 cannot_tell TRIAL_PREP -            # 5 September: 30 days (to Monday 6 October) to 3 months
2025-10-15 VN-053 due_soon TRIAL_PREP 2025-10-21      # 21 September + 30 days, the shortest
2025-10-15 VN-058 on_time INV 2025-11-10              # 10 July + 4 months
2026-03-31 VN-023 overdue_31_90 THADS_DEC 2026-01-10  # 5 January: 6, 7, 8, 9 and the worked Saturday 10
2026-03-31 VN-042 overdue_31_90 THADS_DEC 2026-01-06  # Sunday 28 December: 29, 30, 31, 5, 6 (1, 2 January off)
2026-03-31 VN-005 overdue_31_90 THADS_DEC 2026-02-26  # 13 Jan + 30 days = 12 Feb; 13, Tết until 22, 23, 24, 25, 26
2026-03-31 VN-036 overdue_31_90 THADS_DEC 2026-02-23  # 9 Jan + 30 = Sunday 8 Feb, to 9; 10, 11, 12, 13, 23
2026-03-31 VN-037 overdue_1_30 THADS_DEC 2026-03-12   # 3 February + 30 days = Thursday 5 March
2026-03-31 VN-058 on_time APPEAL_OPEN_SUP 2026-06-08  # appeal of 10 March + 90 days
2026-03-31 VN-061 overdue_31_90 APPEAL_OPEN_SUP 2026-01-21  # appeal of 23 October + 90 days
2026-03-31 VN-039 no_limit - -                        # a hearing opened on 28 April 2025
2026-06-08 VN-058 due_soon APPEAL_OPEN_SUP 2026-06-08  # a Monday: the last day
2026-11-21 VN-058 overdue_91_365 APPEAL_OPEN_SUP 2026-06-08
2026-11-21 VN-045 overdue_over_365 INV 2023-06-02     # 2 February 2023 + 4 months
2026-11-21 VN-069 overdue_over_365 INV 2022-12-08     # 8 August 2022 + 4 months
2026-11-21 VN-071 paused - -
2026-11-21 VN-074 overdue_over_365 INV 2019-10-01
2026-11-21 VN-079 overdue_91_365 THADS_DEC 2026-03-12
"""


def read_by_a_person() -> dict[tuple[date, str], tuple[str, str, str]]:
    found = {}
    for line in READ.strip().splitlines():
        day, code, bucket, rule, last = line.split("#")[0].split()
        found[date.fromisoformat(day), code] = (bucket, "" if rule == "-" else rule, "" if last == "-" else last)
    return found


EXPECTED = read_by_a_person()
DAYS = sorted({day for day, _ in EXPECTED})


def scanned(engine, day: date) -> dict[str, Verdict]:
    with read_session(engine) as session:
        return {verdict.code: verdict for verdict in judged.verdicts(session, SYSTEM, as_of=day)}


@pytest.fixture
def sample(engine):
    """The public sample in a database of its own."""
    load(engine, SAMPLE)
    return engine


def test_the_public_files_are_judged_as_a_person_read_them(sample):
    found = {}
    for day in DAYS:
        verdicts = scanned(sample, day)
        for at, code in EXPECTED:
            if at == day:
                verdict = verdicts[code]
                last = verdict.due_on.isoformat() if verdict.due_on else ""
                found[day, code] = (verdict.bucket.value, verdict.rule, last)
    assert found == EXPECTED


def test_every_date_that_stands_on_less_than_its_own_event_says_so(sample):
    """Of the rows read, only these have their own start on an exact day and the class of offence recorded."""
    sure = {
        (day, code)
        for day, code in EXPECTED
        if (verdict := scanned(sample, day)[code]).due_on and not verdict.approximate
    }
    assert sure == {
        (date(2021, 4, 29), "VN-034"),  # the report itself
        (date(2023, 11, 15), "VN-025"), (date(2024, 6, 26), "VN-039"), (date(2024, 6, 26), "VN-063"),
        (date(2025, 3, 31), "VN-057"), (date(2025, 10, 15), "VN-058"),
    }  # fmt: skip


def test_the_document_prints_what_the_scan_counts_on_each_day(sample):
    lines = re.findall(r"^\| (\d{4}-\d\d-\d\d) \| (\d+) \|(.*)\|$", DOC.read_text(encoding="utf-8"), re.MULTILINE)
    assert [day for day, _, _ in lines] == [day.isoformat() for day in DAYS]
    for day, files, cells in lines:
        verdicts = scanned(sample, date.fromisoformat(day)).values()
        open_files = [verdict for verdict in verdicts if verdict.is_open]
        counted = [sum(1 for verdict in open_files if verdict.bucket is bucket) for bucket in Bucket]
        assert [int(cell.strip().replace("–", "0")) for cell in cells.split("|")] == counted, day
        assert int(files) == sum(counted), day


def test_every_verdict_that_the_document_explains_was_read():
    told = re.findall(r"^\* \*\*(VN-\d{3}) on (\d{4}-\d\d-\d\d)\*\*", DOC.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(told) >= 10
    assert {(date.fromisoformat(day), code) for code, day in told} <= set(EXPECTED)
