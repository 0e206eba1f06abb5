"""The lines of many processes in one output: none begins another, moves the cursor or shows a secret."""

import io

import pytest

from deploy.embedded.console import Console
from services.chassis.redaction import REDACTED, Redaction


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
