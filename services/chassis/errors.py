"""The chassis's errors.

ChassisError
├── UnavailableError        a server does not answer: try again, nothing was lost
│   ├── StoreUnavailableError
│   │   └── StoreTroubleError
│   └── BrokerUnavailableError
├── NoReplyError            no answer to a request came in time
├── OtherFormatError        another version of the service has written the database
├── RecordTooLargeError     Kafka does not take a record of this size
├── ExistsError             a document of this id, or with a value that is unique, is stored already
├── StaleError              the document has changed since it was read
├── LeaseLostError          the job has ended, or another worker has claimed it
└── RefusalError            the request can't be met, and why: the client is told
    └── RequestMismatchError
"""

from typing import ClassVar


class ChassisError(Exception):
    """Base of the chassis's errors."""


class UnavailableError(ChassisError):
    """A server does not answer. Trying again is safe."""


class StoreUnavailableError(UnavailableError):
    """MongoDB does not answer."""


class StoreTroubleError(StoreUnavailableError):
    """MongoDB answers that it has failed or has a defect, which may be one command's alone."""


class BrokerUnavailableError(UnavailableError):
    """Kafka does not answer."""


class NoReplyError(ChassisError):
    """No answer to a request came in time. The request may still be carried out."""


class OtherFormatError(ChassisError):
    """Another version of the service has written the database: this one must not use it."""


class RecordTooLargeError(ChassisError):
    """Kafka does not take a record of this size, however often it is tried."""


class ExistsError(ChassisError):
    """A document of this id, or with a value that is unique, is stored already. Nothing was stored."""


class StaleError(ChassisError):
    """The document has changed since it was read. Nothing was changed; read it again."""


class LeaseLostError(ChassisError):
    """The job has ended, or another worker has claimed it."""


class RefusalError(ChassisError):
    """A request that can't be met. Services derive their own; the consumer replies with code and message.

    Attributes:
        code: stable; becomes the type of an HTTP problem.
        published: whether it is published too: not if its ids are those of a request that was not refused.
        extra: details for the client, as JSON values.

    """

    code: ClassVar[str] = "refused"
    published: ClassVar[bool] = True

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.extra = extra


class RequestMismatchError(RefusalError):
    """The id of a request was used before, for a request with other content."""

    code = "request-mismatch"
    published = False

    def __init__(self, request_id: str) -> None:
        super().__init__(
            f"'{request_id}' was used for another request: the same Idempotency-Key, or id, must come "
            "with the same content; use a new one"
        )
