"""The base of all contract types: frozen, JSON without NaN; common field types that say what is wrong."""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints
from pydantic_core import PydanticCustomError

Language = Literal["ko", "en"]

_CONTROLS: Final = r"\x00-\x1f\x7f-\x9f"
_DIRECTIONS: Final = r"\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
"""Line separators, and marks that change the direction of what follows: what is shown would deceive."""
_INVISIBLE: Final = r"\xad\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"
_NO_URL: Final = r'\s"#%/<>?\[\\\]^`{|}'
"""What a segment of a URL's path can't hold as it is (RFC 3986)."""

_NOT_IN_IDS: Final = re.compile(f"[{_NO_URL}{_CONTROLS}{_DIRECTIONS}{_INVISIBLE}]")
_NOT_IN_NAMES: Final = re.compile(f"[{_CONTROLS}{_DIRECTIONS}\\ufeff]")
_NOT_IN_TEXTS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ID_PATTERN: Final = f"^(?!\\.)[^{_NOT_IN_IDS.pattern[1:]}+$"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _character(character: str) -> str:
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character')})"


def _without(unwanted: re.Pattern[str], value: str, what: str) -> str:
    if found := unwanted.search(value):
        raise PydanticCustomError(
            "character",
            "{what} may not contain {character}",
            {"what": what, "character": _character(found[0])},
        )
    return value


def _id(value: str) -> str:
    if value.startswith("."):
        raise PydanticCustomError("id", "An id may not begin with a dot: a URL could not hold it")
    return _without(_NOT_IN_IDS, value, "An id, which is a segment of a URL,")


def _name(value: str) -> str:
    return _without(_NOT_IN_NAMES, value, "A name")


def _text(value: str) -> str:
    return _without(_NOT_IN_TEXTS, value, "A text")


def _day(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    """Let only a date through: pydantic takes numbers for seconds since 1970, and times for dates."""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    if is_day or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("day", "Input should be a date like 2012-03-01, as text")


Id = Annotated[
    str,
    StringConstraints(min_length=1, max_length=128),
    AfterValidator(_id),
    Field(json_schema_extra={"pattern": _ID_PATTERN}),
]
"""The id of an aggregate, chosen by its owner or by the publisher of the request.

Letters and digits of any script, and the marks that a segment of a URL's path can hold; no dot at the start.
"""

SentId = Annotated[str, StringConstraints(max_length=1000)]
"""An id as it was sent, in an event that says why it can't be one."""

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_name),
    Field(json_schema_extra={"pattern": f"^[^{_NOT_IN_NAMES.pattern[1:]}*$"}),
]
"""A line of text without control characters, and without marks that change the direction of writing."""

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(_text)
]
"""Lines of text; of the control characters, it may have tabs and line breaks."""

Description = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_text)]

Symbol = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9.\-]{1,12}$")
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


class Request(Asked, Event):
    """A command or a query, which other programs may send too."""

    model_config = ConfigDict(extra="forbid")


class Texts(Contract):
    """The same text in Korean and in English."""

    ko: str
    en: str

    def of(self, language: Language) -> str:
        """Return the text in one of the languages."""
        return self.ko if language == "ko" else self.en
