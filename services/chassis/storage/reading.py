"""From documents to state as it was read, and back."""

from typing import Any, TypeVar

from services.chassis.messaging.envelope import address_of, origin_of
from services.chassis.storage.mongo import Document
from services.chassis.stored import Stored

T = TypeVar("T")


def as_stored(document: Document, state: T) -> Stored[T]:
    """Return the state that was read from an aggregate's document, with the rest that a change needs."""
    origin, address = origin_of(document), address_of(document)
    version, sequence, fence = document["version"], document["sequence"], document.get("fence", 0)
    return Stored(document["_id"], state, version, sequence, origin, address, fence)


def as_read(stored: Stored[Any]) -> Document:
    """Return what `Aggregates.change` needs of a document as it was read."""
    return {"_id": stored.id, "version": stored.version, "sequence": stored.sequence}
