"""Patterns of phrases that are listed as data: separated by semicolons, in lower case."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 1_000
"""The most characters of a message that are read."""
_ALIKE: Final = str.maketrans(
    {
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}": "I",
    }
)


def normal(message: str) -> str:
    """Return a message in NFKC, with single blanks and one kind of apostrophe."""
    text = unicodedata.normalize("NFKC", message[:LONGEST])[:LONGEST].translate(_ALIKE)
    return " ".join(text.split())


def listed(phrases: str) -> list[str]:
    """Return phrases that are separated by semicolons."""
    normal = unicodedata.normalize("NFKC", phrases)
    return [" ".join(each.split()) for each in normal.split(";") if each.strip()]


def one_of(phrases: str) -> str:
    """Return a pattern for any of some phrases, the longest first.

    A blank of a Korean one may be left out; that of an English one may be a hyphen.
    """
    ordered = sorted(listed(phrases), key=len, reverse=True)
    english = "|".join(_written(each) for each in ordered if each.isascii())
    patterns = [_written(each) for each in ordered if not each.isascii()]
    if english:
        patterns.append(rf"(?<![a-z])(?:{english})(?![a-z])")
    return f"(?:{'|'.join(patterns)})"


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of phrases for a text in any case; blanks in it only lay it out."""
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


def _written(phrase: str) -> str:
    blank = r"[\s-]*" if phrase.startswith(("re ", "back ")) else r"\s+"
    return (blank if phrase.isascii() else r"\s*").join(map(re.escape, phrase.split()))
