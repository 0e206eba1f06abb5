"""Tells publishers of commands that one was refused, on the topic that the catalogue names for it."""

from pydantic import ValidationError
from pydantic_core import from_json

from backchat_contracts import BY_NAME, REJECTIONS, Event, Refused

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

    None if the catalogue has none for this topic, or if the command has no ids by which its publisher would
    recognise it.
    """
    rejection = REJECTIONS.get(BY_NAME[topic].event)
    if rejection is None:
        return None
    sent = from_json(body)
    ids = {name: sent[name] for name in rejection.model_fields if name in sent}
    try:
        return rejection.model_validate({**ids, "code": refused.code, "detail": refused.detail})
    except ValidationError:
        return None
