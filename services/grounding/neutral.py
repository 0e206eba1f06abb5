"""Making a text harmless where it is shown: tags of HTML, markdown links and images, control characters."""

import re
from typing import Final

from services.grounding.rendering import visible

_IMAGE: Final = re.compile(r"!\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()]*\)[^()]*)*[^()]*\)|\[[^\[\]]*\])")
_LINK: Final = re.compile(r"\[([^\[\]]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\[\]\n]*\])")
_DEFINITION: Final = re.compile(r"(?m)^\s{0,3}\[[^\[\]\n]+\]:.*$\n?")
_TAG: Final = re.compile(r"<(?=[A-Za-z/!?])")
"""What begins a tag or comment; before anything else, it is text to a parser of HTML."""
_ADDRESS: Final = re.compile(
    r"(?i)\b(?:https?|ftp|file|data|javascript|vbscript|mailto|wss?|blob)\s*:(?://)?|\bwww\."
)


def neutralised(text: str) -> str:
    """Return a text without links, images and characters that show nothing; no tag of HTML begins in it.

    It is applied once, last: after that, a text is shown as it is.
    """
    shown = visible(text)
    for _ in range(len(shown)):
        plain = _ADDRESS.sub("", _DEFINITION.sub("", _LINK.sub(r"\1", _IMAGE.sub(r"\1", shown))))
        if plain == shown:
            break
        shown = plain
    return _TAG.sub("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", shown)
