"""Answers of a corpus: every invented, swapped or altered figure is caught, and right answers pass."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from tests.grounding.corpus import Case, cases
from tests.grounding.report import FEWEST, Outcome, show, write

ALL = [*cases()]


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.verdict}-{case.text[:40]}")
def test_an_answer_is_judged_rightly(case: Case) -> None:
    found = case.problems()
    assert bool(found) == (case.verdict == "bad"), found


def test_there_are_enough_answers_in_both_languages() -> None:
    numbers = Outcome.of(ALL).numbers
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
    outcome = Outcome.of([*ALL, *WRONG])
    assert [*outcome.wrong] == WRONG
    assert not outcome.is_enough
    assert not Outcome.of(ALL[:10]).is_enough
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
