"""What messages ask to be done, in the wording of people: `commands.txt`, a line each.

`message => what is read`: the kind, `!` where it is about what was run before, the settings, then the words
that name what is run. `0.1?` is a rate without a unit, `2x` twice what it was. Nothing: it is no command.
"""

import time
from pathlib import Path

import pytest

from services.language.commands import Command, may_change, read_change, read_command, said_words
from services.language.run_settings import Amount, Settings
from tests.unit.language import corpus

LINES = Path(__file__).with_name("commands.txt").read_text(encoding="utf-8").splitlines()
CASES = [tuple(part.strip() for part in line.split("=>")) for line in LINES if "=>" in line]
_UNITS = {"fraction": "", "factor": "x", "money": "", "bare": "?"}


def written(command: Command | None) -> str:
    """Write what was read as an expectation."""
    if command is None:
        return ""
    settings = command.settings
    amounts = {
        "commission": settings.commission_rate,
        "slippage": settings.slippage_rate,
        "cash": settings.initial_cash,
    }
    values = {
        **{name: _amount(each) for name, each in amounts.items()},
        "from": settings.start,
        "to": settings.end,
        "months": settings.months,
        "benchmark": settings.benchmark,
    }
    read = [command.kind + "!" * command.again, *(f"{name}={each}" for name, each in values.items() if each)]
    names = said_words(command.rest)
    return " ".join([*read, *(["|", *names] if names else [])])


def _amount(amount: Amount | None) -> str | None:
    return f"{amount.value:g}{_UNITS[amount.unit]}" if amount else None


@pytest.mark.parametrize(("message", "expected"), CASES)
def test_a_message_asks_for_what_it_says(message: str, expected: str) -> None:
    assert written(read_command(message)) == expected


def test_questions_ask_for_nothing_to_be_done() -> None:
    commands = {
        question: read_command(question)
        for question, asked in corpus.cases()
        if asked and "(act)" not in asked
    }
    asked_for = {question: command for question, command in commands.items() if command}
    assert commands
    # what is cancelled must be named
    assert {q: each for q, each in asked_for.items() if each.kind != "cancel" or not each.rest} == {}


def test_a_change_is_read_from_settings_alone() -> None:
    change = read_change("수수료는 0.2 %로, MSFT로")
    assert (change.kind, change.settings) == ("change", Settings(commission_rate=Amount(0.002, "fraction")))
    assert said_words(change.rest) == ["msft"]


LONG = ["0" * 1_000, "1 " * 500, "1k" * 500, "1억" * 500, "수수료 0." * 150, "2020-" * 200, "$" * 1_000]


@pytest.mark.parametrize(
    "text",
    [
        *LONG,
        "run " * 250,
        "없이 " * 300,
        "슬리피지 2%로 " * 100,
        "a-b " * 250,
        "1, " * 300,
        "1/1, " * 200,
        "window 1 and " * 70,
    ],
)
def test_the_oddest_message_is_read_in_no_time(text: str) -> None:
    began = time.process_time()
    read_command(text)
    may_change(text, read_change(text), set())
    assert time.process_time() - began < 4.0  # it takes 0.5; what grows without bound takes far longer


def test_the_longest_message_is_read_in_no_time() -> None:
    assert read_command("run " * 5_000) is not None
    assert read_command("슬리피지 2%로 " * 5_000) is None
