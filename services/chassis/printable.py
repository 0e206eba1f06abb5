"""Characters that a terminal would obey, or that change how a line reads, as escapes."""

import json


def printable(text: str) -> str:
    r"""Escape all characters that are neither printable nor a line feed, as `\x1b` or `\u202e`."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def printable_line(text: str) -> str:
    r"""Escape all characters that are not printable; a line feed becomes `\n`."""
    return printable(text).replace("\n", r"\n")


def printable_json(text: str) -> str:
    """Escape the characters of a JSON text that are not printable, as JSON does."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)
