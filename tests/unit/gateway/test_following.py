"""A backtest's life as a stream: where it goes on, and when it ends."""

import pytest

from services.gateway.following import Seen

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("seen", [Seen(), Seen(3), Seen(12, 7), Seen(2, 1000)])
def test_what_was_given_out_is_read_again(seen: Seen) -> None:
    assert Seen.read(str(seen)) == seen


@pytest.mark.parametrize(
    "header", [None, "", "x", "2.", ".5", "-1", "2.5.1", "²", "1e3", "9" * 5000, "2." + "9" * 5000, "٣"]
)
def test_what_was_never_given_out_counts_as_nothing(header: str | None) -> None:
    assert Seen.read(header) == Seen()
