"""The title of a session, made from its first message."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 60
"""Of a title that is made here, in characters."""
_LONGEST_NAME: Final = 100
_JOINERS: Final = "\u200c\u200d"
_GREETING: Final = re.compile(
    r"(?:안녕\s?(?:하세요|하십니까)[\s,.!~]*|(?:안녕|hi|hello|hey)(?: there)?\s*[,.!~]+\s*)(?=[^\s,.!~])",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile("[?!\u3002\uff1f\uff01](?=\\s)|(?:(?<=[가-힣])|(?<=[a-z]{3}))\\.(?=\\s)")
_QUOTES: Final = ("''", '""', "\u2018\u2019", "\u201c\u201d", "\u300c\u300d", "\u300e\u300f")
_QUOTED: Final = re.compile(
    "|".join(rf"(?<!\w){opening}[^{closing}]{{1,{_LONGEST_NAME}}}{closing}" for opening, closing in _QUOTES)
)
"""A name, which is kept whole."""


def title_of(message: str) -> str | None:
    """Return a title for the conversation that a message opens: as many of its words as there is room for.

    It is one line without control and invisible characters. None: nothing is left of the message.
    """
    line = " ".join("".join(map(_printable, message)).split())
    if greeting := _GREETING.match(line):
        line = line[greeting.end() :]
    if len(line) <= LONGEST:
        return line or None
    ends = [match.end() for match in _SENTENCE.finditer(line[: LONGEST + 1])]
    if ends and not _splits_name(line, ends[-1]):
        return line[: ends[-1]]
    return f"{_cut(line)}…"


def _printable(character: str) -> str:
    """Return a blank for what ends a line, and nothing for what can't be seen."""
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category[0] == "C" and character not in _JOINERS else character


def _cut(line: str) -> str:
    """Return the beginning of a line up to a blank: no word and no name is cut, unless it is the first."""
    end = line.rfind(" ", 0, LONGEST)
    for quoted in _QUOTED.finditer(line):
        if quoted.start() < end < quoted.end():
            end = quoted.start() if quoted.start() > 0 else quoted.end()
    if end > 0:
        return line[:end].rstrip(" ,;:")
    end = LONGEST - 1
    while end > 1 and (unicodedata.combining(line[end]) or {line[end], line[end - 1]} & set(_JOINERS)):
        end -= 1
    return line[:end]


def _splits_name(line: str, end: int) -> bool:
    return any(quoted.start() < end < quoted.end() for quoted in _QUOTED.finditer(line))
