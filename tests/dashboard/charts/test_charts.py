"""Charts are what their rows say: every row in the spec, words in the reader's language, nothing to fetch."""

import json
from datetime import date

import pytest

from dashboard.charts.ageing import ageing, step_of
from dashboard.charts.pipeline import StageBar, pipeline
from dashboard.charts.recovery import MoneyBar, recovery
from dashboard.charts.timeline import Mark, timeline
from dashboard.charts.timeline import StageBar as Span
from models.text import translator

EN, VI = translator("en"), translator("vi")
STAGES = [StageBar("Điều tra", 22, 5, "/cases?stage=investigation"), StageBar("Truy tố", 6, 0, "/cases?stage=x")]


def values(spec):
    """Every row of every layer."""
    layers = spec.get("layer", [spec])
    found = [layer["data"]["values"] for layer in layers if "data" in layer]
    if "data" in spec:
        found.append(spec["data"]["values"])
    return [row for rows in found for row in rows]


def test_the_pipeline_has_a_late_and_a_calm_part_per_stage():
    rows = values(pipeline(STAGES, EN))
    assert [(row["stage"], row["part"], row["from"], row["to"]) for row in rows[:4]] == [
        ("Điều tra", "late", 0, 5), ("Điều tra", "other", 5, 22), ("Truy tố", "late", 0, 0), ("Truy tố", "other", 0, 6),
    ]  # fmt: skip
    assert [row["said"] for row in rows[1:4:2]] == ["22 (5 late)", "6"]


def test_a_bar_leads_to_its_files():
    spec = pipeline(STAGES, EN)
    assert '"href": {"field": "href"' in json.dumps(spec)
    assert {row["href"] for row in values(spec)} == {"/cases?stage=investigation", "/cases?stage=x"}


@pytest.mark.parametrize(("longest", "step"), [(0, 1), (23, 1), (24, 2), (47, 2), (48, 3)])
def test_ageing_never_has_more_than_twenty_four_bars(longest, step):
    assert step_of({0: 1, longest: 2}) == step
    assert step_of({}) == 1


def test_ageing_keeps_every_file():
    months = {0: 3, 1: 2, 30: 1, 31: 4}
    rows = [row for row in values(ageing(months, 1.5, {0: "/cases?months=0-2"}, EN)) if "files" in row]
    assert [(row["from"], row["to"], row["files"]) for row in rows] == [(0, 2, 5), (30, 32, 5)]
    assert rows[0]["href"] == "/cases?months=0-2"


def test_the_median_is_marked_with_its_number():
    said = [row["said"] for row in values(ageing({0: 1, 4: 1}, 2.25, {}, VI)) if "at" in row]
    assert said and all("2,3" in each for each in said)
    assert "strokeDash" not in json.dumps(ageing({}, None, {}, EN))


def test_a_timeline_draws_stages_limits_and_extensions():
    bars = [Span("Investigation", date(2026, 1, 5), date(2026, 5, 29), "past", "…"),
            Span("Prosecution", date(2026, 5, 29), date(2026, 11, 20), "present", "…")]  # fmt: skip
    marks = [Mark("Investigation", date(2026, 6, 5), "met", "…"), Mark("Prosecution", date(2026, 7, 1), "missed", "…"),
             Mark("Investigation", date(2026, 3, 20), "extension", "…")]  # fmt: skip
    rows = values(timeline(bars, marks, date(2026, 11, 20), EN))
    assert [row["look"] for row in rows if "look" in row] == ["past", "present", "met", "missed", "extension"]
    assert {row["on"] for row in rows} >= {"2026-01-05T00:00:00", "2026-07-01T00:00:00", "2026-11-20T00:00:00"}


def test_what_is_outstanding_begins_where_the_recovered_ends():
    bars = [MoneyBar("Recovered", 0, 200, "recovered", "200"), MoneyBar("Outstanding", 200, 1000, "outstanding", "800")]
    rows = values(recovery(bars, EN))
    assert [(row["from"], row["to"]) for row in rows[:2]] == [(0, 200), (200, 1000)]


def test_a_sum_of_a_billion_billion_is_drawn():
    assert values(recovery([MoneyBar("Damage", 0, 10**18, "plain", "…")], EN))[0]["to"] == 10**18


@pytest.mark.parametrize("t", [EN, VI])
def test_charts_carry_their_data_and_their_number_signs(t):
    drawn = [pipeline(STAGES, t), pipeline([], t), ageing({2: 1}, 2.0, {}, t), recovery([], t)]
    for spec in [*drawn, timeline([], [], date(2026, 1, 1), t)]:
        assert "url" not in json.dumps({key: value for key, value in spec.items() if key != "$schema"})
        assert spec["config"]["locale"]["number"]["decimal"] == ("," if t is VI else ".")
        assert spec["usermeta"]["embedOptions"]["actions"] is False
