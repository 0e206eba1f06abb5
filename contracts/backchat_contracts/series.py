"""The curves and fills of completed backtests: a request, and the event that has them."""

from typing import Literal

from pydantic import ConfigDict

from backchat_contracts.backtests import BacktestCompleted
from backchat_contracts.base import Contract, Event, Id, Request


class BacktestSeriesRequested(Request):
    """Request to publish the curves and fills of a completed backtest."""

    backtest_id: Id


class Fills(Contract):
    """The fills of a backtest in the order of execution: an array in each field, with an element per fill.

    `bar`: the number of the trading day, counted from 0. `shares` are negative for a sale; `profit`, realised
    and net of commission, is 0 for a purchase. In JSON an array is base64url of its little-endian bytes:
    `bar` int32, all others float64.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    bar: bytes
    shares: bytes
    price: bytes
    commission: bytes
    profit: bytes


class BacktestSeries(Contract):
    """The curves of a completed backtest: an array in each field, with an element per trading day.

    `days`: since 1970-01-01. `equity`: what the account was worth at the close; `benchmark`: what it would
    have been had it held the benchmark; `exposure`: the share of the equity that was invested; null where
    they were not kept. `fills`: null where there were too many for a record. `content`: a hash of all of it.
    In JSON an array is base64url of its little-endian bytes: `days` int32, all others float64.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    content: str
    days: bytes
    equity: bytes
    benchmark: bytes | None
    exposure: bytes | None
    fills: Fills | None


class BacktestSeriesPublished(Event):
    """The curves and fills of a backtest, as they were asked for, with the event of its completion.

    Without them `code` says why: `backtest-not-found`; `result-not-ready`, it has not completed; or
    `series-too-long`, they do not fit a record.
    """

    backtest_id: Id
    completed: BacktestCompleted | None = None
    series: BacktestSeries | None = None
    code: Literal["backtest-not-found", "result-not-ready", "series-too-long"] | None = None
