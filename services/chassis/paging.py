"""Lists page by page: a cursor names the last entry shown, so nothing is skipped when others are added."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from services.chassis.errors import RefusalError

T = TypeVar("T")


class BadCursorError(RefusalError):
    """A cursor that no page gave out."""

    code = "bad-cursor"

    def __init__(self) -> None:
        super().__init__("the cursor is not one that this list gave out: use the `next` of the page before")


def cursor_of(moment: datetime, entry_id: str) -> str:
    """Return the cursor behind an entry of a list by time; it can stand in an address as it is."""
    return f"{moment.astimezone(UTC).isoformat().replace('+00:00', 'Z')}~{entry_id}"


def read_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    """Read what `cursor_of` wrote. Raises BadCursorError for anything else."""
    if cursor is None:
        return None
    moment, _, entry_id = cursor.partition("~")
    try:
        read = datetime.fromisoformat(moment)
        in_utc = read.astimezone(UTC)
    except (ValueError, OverflowError) as error:  # the latter: the year 1 in an eastern time zone
        raise BadCursorError from error
    if not entry_id or read.tzinfo is None:
        raise BadCursorError
    return in_utc, entry_id


def cut(found: Sequence[T], limit: int, cursor: Callable[[T], str]) -> tuple[Sequence[T], bool, str | None]:
    """Return a page's entries, whether there are more, and the next cursor. `found` has one more if so."""
    shown, more = found[:limit], len(found) > limit
    return shown, more, cursor(shown[-1]) if more else None
