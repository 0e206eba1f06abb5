"""Answers of a corpus: every invented, swapped or altered figure is caught, and right answers pass."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from services.grounding.writing import figure_text
from tests.grounding.corpus import Case, cases, facts_of
from tests.grounding.report import FEWEST, Outcome, show, write

ALL = [*cases()]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("verdict", ["bad", "good"])
def test_answers_are_judged_rightly(language: str, verdict: str) -> None:
    of_kind = [case for case in ALL if (case.language, case.verdict) == (language, verdict)]
    assert {case.text: case.problems() for case in of_kind if not case.is_right} == {}


def test_there_are_enough_answers_in_both_languages() -> None:
    numbers = Outcome(ALL, []).numbers
    assert min(numbers["bad"], numbers["good"]) >= FEWEST
    for verdict in ("bad", "good"):
        korean = sum(each.language == "ko" for each in ALL if each.verdict == verdict)
        assert 0.4 <= korean / numbers[verdict] <= 0.6


def test_no_answer_is_written_twice() -> None:
    texts = [(each.text, each.message, each.facts) for each in ALL]
    assert len(set(texts)) == len(texts)


WRONG = [
    Case("Golden Cross has a Sharpe ratio of [[g.sharpe]].", "", "trio", "k", "en", "bad"),
    Case("The Sharpe ratio is 7.", "", "trio", "k", "en", "good"),
]


def test_the_outcome_counts_what_is_missed_and_what_is_refused(tmp_path: Path) -> None:
    assert [*Outcome.of([*ALL[:20], *WRONG]).wrong] == WRONG
    assert Outcome(ALL, []).is_enough
    assert not Outcome(ALL[:10], []).is_enough
    outcome = Outcome([*ALL, *WRONG], WRONG)
    assert not outcome.is_enough
    write(tmp_path / "build" / "grounding.json", outcome)
    content = json.loads((tmp_path / "build" / "grounding.json").read_text(encoding="utf-8"))
    bad, good = (sum(each.verdict == verdict for each in ALL) for verdict in ("bad", "good"))
    assert content == {"bad": bad + 1, "caught": bad, "good": good + 1, "false_alarms": 1}


def test_what_is_judged_wrongly_is_shown() -> None:
    console = Console(record=True, width=200)
    show(console, Outcome.of(WRONG))
    shown = console.export_text()
    assert "bad, k: Golden Cross has a Sharpe ratio of [[g.sharpe]]. (nothing found)" in shown
    assert "free-numeral '7'" in shown
    assert "caught: 0 of 1 (0.0 %), false alarms: 1 of 1 (100.0 %)" in shown


GOOD = [each for each in ALL if each.verdict == "good"]
REFERENCE = re.compile(r"\[\[([a-z]+\d?)\.([a-z]+)\]\]")


def with_another(case: Case, found: re.Match[str], written: str) -> Case:
    return replace(case, text=case.text[: found.start()] + written + case.text[found.end() :], verdict="bad")


@pytest.mark.long
def test_figures_of_right_answers_are_caught_beside_another_name() -> None:
    swapped = [
        with_another(case, found, f"[[{ref}]]")
        for case in GOOD
        for found in REFERENCE.finditer(case.text)
        for ref in facts_of(case.facts, case.language).by_ref
        if ref.endswith(f".{found[2]}") and "d" not in {found[1], ref[0]} and found[2] != "bm"
    ]
    right = {each.text for each in GOOD}
    swapped = [each for each in swapped if each.text not in right]
    missed = [each.text for each in swapped if not each.is_right]
    assert len(missed) <= 0.01 * len(swapped), missed


@pytest.mark.parametrize("language", ["ko", "en"])
def test_values_that_are_written_out_are_caught(language: str) -> None:
    written = [
        with_another(case, found, figure_text(known.by_ref[found[0][2:-2]], case.language))
        for case in GOOD
        if case.language == language
        for known in (facts_of(case.facts, case.language),)
        for found in REFERENCE.finditer(case.text)
    ]
    assert written
    assert [each.text for each in written if not each.is_right] == []
