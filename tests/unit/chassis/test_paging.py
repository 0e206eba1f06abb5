"""Cursors of lists: written, read again, refused if they are of another list."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote

import pytest

from services.chassis.paging import BadCursorError, cursor_of, page_of, read_cursor

MOMENT = datetime(2026, 3, 2, 9, 30, 0, 123_000, tzinfo=UTC)


@pytest.mark.parametrize("entry_id", ["b-1", "가-나", "a~b", "~", "2026-03-02T09:30:00Z~x"])
@pytest.mark.parametrize("moment", [MOMENT, MOMENT.astimezone(timezone(timedelta(hours=9)))])
def test_a_cursor_names_the_entry_it_was_made_of(moment: datetime, entry_id: str) -> None:
    assert read_cursor(cursor_of(moment, entry_id)) == cursor_of(MOMENT, entry_id)


def test_it_needs_no_escaping_in_a_url() -> None:
    cursor = cursor_of(MOMENT.astimezone(timezone(timedelta(hours=9))), "b-1")

    assert quote(cursor, safe=":") == cursor == "2026-03-02T09:30:00.123Z~b-1"


def test_cursors_sort_as_the_times_do_and_then_the_ids() -> None:
    moments = [MOMENT + timedelta(milliseconds=number) for number in (-124, -123, 0, 1, 877)]
    cursors = [cursor_of(moment, entry_id) for moment in moments for entry_id in ("a", "b", "가")]

    assert cursors == sorted(cursors)


def test_without_a_cursor_a_list_begins_at_its_beginning() -> None:
    assert read_cursor(None) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "~",
        "x",
        "~b-1",
        "yesterday~b-1",
        "2026-03-02T09:30:00Z",
        "2026-03-02T09:30:00Z~",
        "2026-03-02T09:30:00~b-1",
        "2026-13-02T09:30:00Z~b-1",
        "0001-01-01T00:00:00+14:00~b-1",
        "9999-12-31T23:59:59-14:00~b-1",
    ],
)
def test_anything_else_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursorError):
        read_cursor(cursor)


@pytest.mark.parametrize(
    ("found", "limit", "page"),
    [
        ("", 2, ("", False, None)),
        ("a", 2, ("a", False, None)),
        ("ab", 2, ("ab", False, None)),
        ("abc", 2, ("ab", True, "B")),
    ],
)
def test_one_more_than_the_limit_tells_that_there_are_more(
    found: str, limit: int, page: tuple[str, bool, str | None]
) -> None:
    assert page_of(found, limit, str.upper) == page
