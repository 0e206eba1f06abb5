"""Making a text harmless where it is shown: tags of HTML, links of Markdown, control characters."""

import re
from typing import Final

from services.grounding.rendering import visible

_HARMLESS: Final = (
    (re.compile(r"<(?=[A-Za-z/!?]|$)"), "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"),
    (re.compile(r"\](?=[(\[:]|$)"), "\N{FULLWIDTH RIGHT SQUARE BRACKET}"),
    (re.compile(r"/(?=/|$)|(?<=/)/|^/"), "\N{DIVISION SLASH}"),
    (re.compile(r"(?i)(?<=\bwww)\."), "\N{ONE DOT LEADER}"),
)
"""What begins a tag, ends the text of a link, or makes an address a link, each with what looks like it."""


def neutralised(text: str) -> str:
    """Return a text in which no tag, link or image of HTML or Markdown begins, and nothing is hidden.

    Characters are replaced by others that look like them, and none is left out: what a text says stays what
    was checked. Sentences that are neutralised alone are harmless when they are joined.
    """
    shown = visible(text)
    for pattern, replacement in _HARMLESS:
        shown = pattern.sub(replacement, shown)
    return shown
