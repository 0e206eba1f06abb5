"""The chassis's errors.

ChassisError
├── UnavailableError        a server does not answer: try again, nothing was lost
│   ├── StoreUnavailableError
│   └── BrokerUnavailableError
├── RecordTooLargeError     Kafka does not take a record of this size
├── NoReplyError            nobody answered in time
├── StaleError              somebody else changed the document meanwhile
└── RefusalError            the request can't be met, and why: goes out to whoever asked
    └── RequestMismatchError
"""

from typing import ClassVar


class ChassisError(Exception):
    """Base of the chassis's errors."""


class UnavailableError(ChassisError):
    """A server does not answer. Trying again is safe."""


class StoreUnavailableError(UnavailableError):
    """MongoDB does not answer."""


class BrokerUnavailableError(UnavailableError):
    """Kafka does not answer."""


class RecordTooLargeError(ChassisError):
    """Kafka does not take a record of this size, however often it is tried."""


class NoReplyError(ChassisError):
    """Nobody answered in time. The request may still be carried out."""


class StaleError(ChassisError):
    """The document changed since it was read. Read it again."""


class RefusalError(ChassisError):
    """A request that can't be met. Services derive theirs; the consumer answers with code and message.

    Attributes:
        code: stable; becomes the type of an HTTP problem.
        extra: more that helps the request_client, as JSON values.

    """

    code: ClassVar[str] = "refused"

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.extra = extra


class RequestMismatchError(RefusalError):
    """The id of a request was used for another one."""

    code = "request-mismatch"

    def __init__(self, request_id: str) -> None:
        super().__init__(
            f"'{request_id}' stands for another request already: the same Idempotency-Key, or id, must come "
            "with the same content; use a new one"
        )
