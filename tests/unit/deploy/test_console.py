"""The lines of many processes in one output: whole, without secrets or control characters, not too many."""

import io

import pytest

from deploy.embedded.console import LEFT_OUT, Console, Limit
from services.chassis.redaction import REDACTED, Redaction
from services.chassis.repeats import FIRST_PAUSE_SECONDS as MINUTE


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("plain 한글", "plain 한글"),
        ("\x1b[2m12:00\x1b[0m \x1b[31mERROR\x1b[0m", "12:00 ERROR"),
        ("a\x1b[2J\x1b]0;title\x07", r"a\x1b[2J\x1b]0;title\x07"),
        ("a\rstack | forged\nb\x9b\u202e\u2028", r"a\rstack | forged\nb\x9b\u202e\u2028"),
        ("\tat org.apache", "        at org.apache"),
        ("401 for sk-0123456", f"401 for {REDACTED}"),
    ],
)
def test_a_line_stays_one(line: str, shown: str) -> None:
    stream = io.StringIO()
    Console(stream, {"kafka": None, "db": None}, Redaction(["sk-0123456"])).write("db", line, "next")
    assert stream.getvalue() == f"db    | {shown}\ndb    | next\n"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_is_written_at_once_is_cut_and_the_next_period_says_so() -> None:
    clock = Clock()
    limit = Limit(2, clock)
    assert limit.cut(["a", "b", "c"]) == ["a", "b", LEFT_OUT.format(1)]
    clock.now = MINUTE / 2
    assert limit.cut(["d"]) == []
    clock.now = MINUTE
    assert limit.cut(["e"]) == ["(2 lines left out)", "e"]


def test_the_period_doubles_while_lines_are_left_out() -> None:
    clock, written = Clock(), []
    limit = Limit(1, clock)
    while clock.now < 16 * MINUTE:
        written += [clock.now / MINUTE for line in limit.cut(["again"]) if line == "again"]
        clock.now += 1
    assert written == [0, 1, 3, 7, 15]


def test_what_comes_after_a_quiet_minute_is_written() -> None:
    clock = Clock()
    limit = Limit(1, clock)
    while clock.now < 33 * MINUTE:  # an outage, in whose last period some lines are left out
        limit.cut(["again"])
        clock.now += 1
    clock.now += MINUTE
    assert limit.cut(["Traceback", "of another error"])[1:] == ["Traceback", LEFT_OUT.format(1)]


def test_a_quiet_program_is_written_whole() -> None:
    clock = Clock()
    limit = Limit(2, clock)
    for _ in range(10):
        assert limit.cut(["a", "b"]) == ["a", "b"]
        clock.now += MINUTE


def test_programs_without_a_limit_are_not_cut() -> None:
    stream = io.StringIO()
    console = Console(stream, {"service": None, "server": 1})
    console.write("service", "a", "b")
    console.write("server", "a", "b")
    left_out = LEFT_OUT.format(1)
    assert stream.getvalue() == f"service | a\nservice | b\nserver  | a\nserver  | {left_out}\n"
