"""The result of a backtest as tables of comma-separated values (RFC 4180), one row for a day or a trade."""

import csv
import io
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from backchat_contracts import BacktestResultView, EquityPoint, Trade
from services.gateway.problems import ProblemError

Part = Literal["equity", "trades"]


def wants_csv(accept: str | None) -> bool:
    """Tell whether an `Accept` header names `text/csv`, and JSON not before it."""
    named = [each.partition(";")[0].strip().lower() for each in (accept or "").split(",")]
    return "text/csv" in named and "application/json" not in named[: named.index("text/csv")]


def csv_of(result: bytes, part: Part) -> bytes:
    """Write a part of a result, given as the JSON of a `BacktestResultView`.

    Raises:
        ProblemError: the trades are asked for, and were too many to keep.

    """
    view = BacktestResultView.model_validate_json(result)
    if part == "equity":
        return _table(EquityPoint, view.equity_curve)
    if view.trades_left_out:
        raise ProblemError("trades-not-kept", f"the backtest made {view.trades_left_out} trades")
    return _table(Trade, view.trades)


def _table(model: type[BaseModel], rows: Sequence[BaseModel]) -> bytes:
    columns = list(model.model_fields)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([getattr(row, column) for column in columns] for row in rows)
    return text.getvalue().encode()
