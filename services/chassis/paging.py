"""Lists page by page, by cursors that name the last entry shown: entries that are added shift no page."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from services.chassis.errors import RefusalError

T = TypeVar("T")


class BadCursorError(RefusalError):
    """A cursor that is not one of this list."""

    code = "bad-cursor"

    def __init__(self) -> None:
        super().__init__("the cursor is not one of this list: use the `next` of the page before")


def cursor_of(moment: datetime, entry_id: str) -> str:
    """Return the cursor after an entry of a list by time. Cursors sort as their entries do.

    It needs no escaping in a URL.
    """
    return f"{moment.astimezone(UTC).isoformat(timespec='milliseconds').replace('+00:00', 'Z')}~{entry_id}"


def read_cursor(cursor: str | None) -> str | None:
    """Return a cursor as `cursor_of` writes it. Raises BadCursorError for anything else."""
    if cursor is None:
        return None
    moment, _, entry_id = cursor.partition("~")
    try:
        read = datetime.fromisoformat(moment)
        normal = cursor_of(read, entry_id)
    except (ValueError, OverflowError) as error:  # OverflowError: the year 1 in an eastern time zone
        raise BadCursorError from error
    if not entry_id or read.tzinfo is None:
        raise BadCursorError
    return normal


def page_of(
    found: Sequence[T], limit: int, cursor: Callable[[T], str]
) -> tuple[Sequence[T], bool, str | None]:
    """Return a page's entries, whether more follow, and the next cursor.

    If more follow, `found` has one entry more than `limit`.
    """
    shown, more = found[:limit], len(found) > limit
    return shown, more, cursor(shown[-1]) if more else None
