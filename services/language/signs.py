"""Gains and losses that are told as up or down: "which had a down 2010", "who's up in 2011"."""

import re
from typing import Final

_YEAR: Final = r"(?:'?\d\d|(?:19|20)\d\d)\b"
_THEN: Final = rf"""
    (?:(?:in|for|over|during|on|by|at|after|since|that|this|through|from)\b|(?:year\s+)?{_YEAR}|q[1-4]\b|\W*$)
"""
_SUBJECTS: Final = frozenset(
    {"who's", "whos", "who", "which", "anyone", "anybody", "anything", "any", "strats", "strategies", "ones"}
)
_VERBS: Final = "they're|are|is|was|were|ended|finished|closed|end|finish|close|be|been"
_SIGNED: Final = re.compile(  # in lower case: "Up" may be a name
    rf"""\b(?:
    (?:had|has|have|having|saw|posted|with)\s+an?\s+
        (?:(?P<losing>down|losing|negative|red|loss-?making)|(?:up|winning|positive|green|profitable))\s+
        (?=(?:year\s+(?:in\s+)?)?{_YEAR})
    |(?P<before>{"|".join(sorted(_SUBJECTS, key=len, reverse=True))}|{_VERBS})
        (?:\s+(?:still|actually|even|all|both))?\s+(?:in\s+the\s+)?(?:(?P<down>down|red)|up(?!\s+(?:in\s+the|with)\b)|green)
        \s*(?={_THEN})
    |(?:ended|finished|closed|end|finish|close)\s+(?P<year>{_YEAR})\s+(?:(?P<lower>down|red)|up|green)\b
        (?!\s+(?:more|by|over|at|\d))
    |(?:ended|end)\s+up\s+in\s+the\s+(?:(?P<red>red)|black|green)\b
    )""",
    re.VERBOSE,
)

_WHO: Final = re.compile("^who'?s$")


def as_earned(text: str) -> str:
    """Return a text with money made or lost in place of what is up or down."""
    return _SIGNED.sub(_earned, text)


def _earned(found: re.Match[str]) -> str:
    before = f"{_WHO.sub('who', found['before'])} " if found["before"] in _SUBJECTS else ""
    lost = any(map(found.group, ("losing", "down", "lower", "red")))
    year = f"in {found['year']}" if found["year"] else ""
    return f"{before}{'lost' if lost else 'made'} money {year}"
