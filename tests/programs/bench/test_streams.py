"""The measurement of streamed answers reads each to its end, both ways."""

import pytest

from tests.bench.streams import CHUNKS, fast_model, measure_streams, through_chain, through_sdk

pytestmark = [pytest.mark.anyio, pytest.mark.long]


async def test_both_ways_read_all_pieces() -> None:
    async with fast_model() as url, through_chain(url) as chain, through_sdk(url) as sdk:
        assert await chain() == await sdk() == CHUNKS


async def test_the_rates_are_of_both() -> None:
    rates = await measure_streams(streams=2, rounds=1)
    assert rates.ratio == pytest.approx(rates.chain / rates.sdk)
    assert rates.chain > 0
