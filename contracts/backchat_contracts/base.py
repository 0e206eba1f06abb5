"""The base of all contract types: frozen, JSON without NaN; common field types that say what is wrong."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_before_validator_function

Language = Literal["ko", "en"]

_CONTROLS: Final = r"\x00-\x1f\x7f-\x9f"
_DIRECTIONS: Final = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
"""Line separators, and marks that change the direction of what follows: what is shown would deceive."""
_JOINERS: Final = "\u200c\u200d"
"""Invisible too, but some scripts and emoji need them."""
_INVISIBLE: Final = (
    r"\xad"
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb"
)
_TAGS: Final = "\U000e0000-\U000e0fff"
"""Invisible; in no schema, as dialects of regular expressions differ beyond U+FFFF."""
_NO_URL: Final = r'\x20"#%/<>?\[\\\]^`{|}' + r"\xa0" + "\u1680\u2000-\u200a\u202f\u205f\u3000"
"""What a segment of a URL's path can't hold as it is (RFC 3986), and blanks."""


_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class _Without:
    """Refuses some characters, with an error that names the first one found, and says so in the JSON Schema.

    The characters are written as in a class of a regular expression; those beyond U+00FF stand for
    themselves, as no escape of them is understood by all dialects (ECMA-262, RE2, Python).
    """

    characters: str
    what: str
    not_first: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        unwanted = re.compile(f"[{self.characters}{_TAGS}]")

        def check(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
            if not isinstance(value, str):
                return value
            if self.not_first and value.startswith(self.not_first):
                found = self.not_first
                message = "{what} may not begin with {character}"
            elif match := unwanted.search(value):
                found = match[0]
                message = "{what} may not contain {character}"
            else:
                return value
            named = f"U+{ord(found):04X} ({unicodedata.name(found, 'a control character')})"
            raise PydanticCustomError("character", message, {"what": self.what, "character": named})

        return no_info_before_validator_function(check, handler(source))  # blanks are stripped after it

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        first = f"[^{self.not_first}{self.characters}]" if self.not_first else ""
        return {**handler(schema), "pattern": f"^{first}[^{self.characters}]*$"}


def _day(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    """Let only a date through: pydantic takes numbers for seconds since 1970, and times for dates."""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    if is_day or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("day", "Input should be a date like 2012-03-01, as text")


Id = Annotated[
    str,
    StringConstraints(min_length=1, max_length=128),
    _Without(
        _NO_URL + _CONTROLS + _DIRECTIONS + _JOINERS + _INVISIBLE, "An id, which is a segment of a URL,", "."
    ),
]
"""The id of an aggregate, chosen by its owner or by the publisher of the request.

It has no blanks, no invisible characters, none that a segment of a URL's path can't hold as it is, and no dot
at the start.
"""

LONGEST_SENT_ID: Final = 1000
SentId = Annotated[str, StringConstraints(max_length=LONGEST_SENT_ID)]
"""An id as it was sent, in an event that says why it can't be one."""

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    _Without(_CONTROLS + _DIRECTIONS + _INVISIBLE, "A name"),
]
"""A line of text without control and invisible characters, and without marks that change its direction."""

NameOrId = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=128),
    _Without(_CONTROLS + _DIRECTIONS + _INVISIBLE, "An id"),
]
"""An id, or a name that was given for one: the answer names the ids that fit."""

_TEXT: Final = _Without(r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f", "A text")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), _TEXT]
"""Lines of text; of the control characters, it may have tabs and line breaks."""

Description = Annotated[str, StringConstraints(max_length=1000), _TEXT]

_SYMBOL: Final = r"^[A-Za-z0-9.\-^=_]{1,32}$"
MOST_SYMBOLS: Final = 500


def _symbol(value: object) -> object:
    if not isinstance(value, str):
        return value
    stripped = value.strip(" ")
    if not re.fullmatch(_SYMBOL, stripped):
        message = "A symbol has 1 to 32 characters of A-Z 0-9 . - ^ = _, not {text}"
        raise PydanticCustomError("symbol", message, {"text": repr(value[:40])})
    return stripped


def _symbols(value: object) -> object:
    if isinstance(value, list | tuple) and not 1 <= len(value) <= MOST_SYMBOLS:
        message = "From 1 to {most} symbols can be given, not {count}"
        raise PydanticCustomError("symbols", message, {"most": MOST_SYMBOLS, "count": len(value)})
    return value


Symbol = Annotated[str, StringConstraints(to_upper=True, pattern=_SYMBOL), BeforeValidator(_symbol)]
Symbols = Annotated[
    tuple[Symbol, ...],
    Field(json_schema_extra={"minItems": 1, "maxItems": MOST_SYMBOLS}),
    BeforeValidator(_symbols),
]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""The name of a strategy type: lower case, words joined by underscores."""

# Strict: pydantic would take true for 1, "1" for 1, and 1 for true.
Flag = Annotated[bool, Strict()]
Day = Annotated[date, BeforeValidator(_day)]
PageSize = Annotated[int, Strict(), Field(ge=1, le=200)]


class Contract(BaseModel):
    """A value that services send to each other or to their clients.

    Unknown fields are ignored, so that a newer producer can talk to an older consumer.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Event(Contract):
    """A message on a topic of its own: the topic in CamelCase is the name of its class."""


class Asked(Contract):
    """What a command or a query asks for: an unknown field is refused, as a misspelt one would be ignored."""

    model_config = ConfigDict(extra="forbid")


class Request(Event, Asked):
    """A command or a query, which other programs may send too."""


def is_none(value: object) -> bool:
    """Tell whether a field is left out, as it has no value."""
    return value is None


def is_empty(value: tuple[object, ...]) -> bool:
    """Tell whether a field is left out, as it has no values."""
    return not value


class Texts(Contract):
    """The same text in Korean and in English."""

    ko: str
    en: str

    def of(self, language: Language) -> str:
        """Return the text in one of the languages."""
        return self.ko if language == "ko" else self.en
