"""The base of all contract types: frozen, unknown fields ignored, JSON without NaN; common field types."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Language = Literal["ko", "en"]

Id = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\s/\\]+$")]
"""The id of an aggregate, chosen by its owner or by the publisher of the request: no blanks, no slashes."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Symbol = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9.\-]{1,12}$")
]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""The name of a strategy type: lower case, words joined by underscores."""

PageSize = Annotated[int, Field(ge=1, le=200)]


class Contract(BaseModel):
    """A value that services send to each other or to their clients.

    Unknown fields are ignored, so that a newer producer can talk to an older consumer.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Event(Contract):
    """A message on a topic of its own: the topic in CamelCase is the name of its class."""


class Texts(Contract):
    """The same text in Korean and in English."""

    ko: str
    en: str

    def of(self, language: Language) -> str:
        """Return the text in one of the languages."""
        return self.ko if language == "ko" else self.en
