"""The questions of people: there are enough, of known catalogues, and the runner counts what is not right."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from tests.questions.asking import Case, ask_all
from tests.questions.catalogue import strategies
from tests.questions.corpus import Question, Talk, talks
from tests.questions.report import FEWEST_CONVERSATIONS, FEWEST_QUESTIONS, Outcome, show, write

ALL = [*talks()]


def test_there_are_enough_questions() -> None:
    assert sum(len(each.questions) for each in ALL) >= FEWEST_QUESTIONS
    assert len(ALL) >= FEWEST_CONVERSATIONS
    titles = [(each.catalogue, each.title) for each in ALL]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("catalogue", sorted({each.catalogue for each in ALL}))
def test_names_of_a_catalogue_are_different(catalogue: str) -> None:
    names = [each.name for each in strategies(catalogue)]
    assert len(set(names)) == len(names)


@pytest.mark.anyio
async def test_a_conversation_is_held_and_judged(tmp_path: Path) -> None:
    questions = [
        Question("Sharpe of Dual Momentum?", "figure sharpe_ratio of Dual Momentum"),
        Question("수익률이 가장 높은 전략은?", "best total_return lowest"),
        Question("run rsi on aapl", "proposes 1 type=rsi symbols=AAPL"),
        Question("yes", "starts 1"),
        Question("(finish)", "with done"),
    ]
    cases = await ask_all(
        [Talk("four", "try", questions), Talk("none", "empty", [Question("best?", "cannot")])]
    )
    assert [each.judgement for each in cases] == ["right", "wrong", "right", "right", "right", "right"]
    outcome = Outcome(cases)
    assert not outcome.is_enough
    write(tmp_path / "build" / "questions.json", outcome)
    content = json.loads((tmp_path / "build" / "questions.json").read_text(encoding="utf-8"))
    assert content["questions"] == 6
    assert content["ko"] == {"right": 0, "cannot": 0, "wrong": 1}
    console = Console(record=True, width=200)
    show(console, outcome)
    assert "wrong (four, try): 수익률이 가장 높은 전략은?" in console.export_text()


def outcome(right: int, cannot: int, wrong: int) -> Outcome:
    def case(number: int) -> Case:
        judgement = "right" if number < right else "cannot" if number < right + cannot else "wrong"
        return Case(Talk("four", str(number % 70)), Question("q", "cannot"), "ko", "", judgement)

    return Outcome([case(number) for number in range(right + cannot + wrong)])


def test_the_bars() -> None:
    assert outcome(270, 30, 0).is_enough
    assert not outcome(269, 31, 0).is_enough
    assert not outcome(299, 0, 1).is_enough
    assert not outcome(299, 0, 0).is_enough
