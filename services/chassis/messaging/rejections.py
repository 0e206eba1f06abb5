"""Tells publishers of commands that one was refused, on the topic that the catalogue names for it."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from backchat_contracts import BY_NAME, LONGEST_SENT_ID, REJECTIONS, Event, Refused

LONGEST_DETAIL = 2000


class InvalidEventError(ValueError):
    """An event that can be read, and is not what its contract asks for; the message names the fields."""

    @classmethod
    def of(cls, error: ValidationError) -> "InvalidEventError":
        found = error.errors(include_url=False, include_input=False, include_context=False)
        lines = [
            f"{'.'.join(str(part) for part in each['loc']) or 'the event'}: {each['msg']}" for each in found
        ]
        return cls("; ".join(lines)[:LONGEST_DETAIL])


def rejection_of(topic: str, body: bytes, refused: Refused) -> Event | None:
    """Return the event that says that a command was refused.

    None if the catalogue has none for this topic, or if the command has no id by which its publisher would
    recognise it: an id is text.
    """
    rejection = REJECTIONS.get(BY_NAME[topic].event)
    if rejection is None:
        return None
    sent = from_json(body)
    given = sent.items() if isinstance(sent, dict) else ()
    ids = {name: value for name, value in given if name in rejection.model_fields and _may_be_sent(value)}
    try:
        return rejection.model_validate({**ids, "code": refused.code, "detail": refused.detail})
    except ValidationError:
        return None


def _may_be_sent(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(value, str) and len(value) <= LONGEST_SENT_ID
