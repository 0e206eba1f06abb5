"""The result of a backtest as tables of comma-separated values (RFC 4180), one row for a day or a trade."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, Literal

from pydantic import BaseModel
from pydantic_core import from_json

from backchat_contracts import EquityPoint, Trade
from services.gateway.problems import ProblemError

Part = Literal["equity", "trades"]
_Q: Final = re.compile(r"[01](\.[0-9]{0,3})?")


def wants_csv(accept: str | None) -> bool:
    """Tell whether an `Accept` header (RFC 9110) prefers `text/csv` to JSON; of equals, the first named."""
    weights: dict[str, float] = {}
    for each in (accept or "").split(","):
        name, *parameters = (part.strip().lower() for part in each.split(";"))
        weights.setdefault(name, _weight(parameters))
    csv_weight, json_weight = weights.get("text/csv", 0.0), weights.get("application/json", 0.0)
    names = list(weights)
    first = csv_weight == json_weight > 0.0 and names.index("text/csv") < names.index("application/json")
    return csv_weight > json_weight or first


def _weight(parameters: Sequence[str]) -> float:
    """Return the `q` among the parameters of a media type: 1 without it, 0 where it is none."""
    given = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    return float(given) if _Q.fullmatch(given) else 0.0


def csv_of(result: bytes, part: Part) -> bytes:
    """Write a part of a result, given as the JSON of a `BacktestResultView`.

    Raises:
        ProblemError: the trades are asked for, and were too many to keep.

    """
    view = from_json(result)
    if part == "equity":
        return _table(EquityPoint, view["equity_curve"])
    if left_out := view["trades_left_out"]:
        raise ProblemError("trades-not-kept", f"the backtest made {left_out} trades")
    return _table(Trade, view["trades"])


def _table(model: type[BaseModel], rows: Sequence[Mapping[str, Any]]) -> bytes:
    columns = list(model.model_fields)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(map(itemgetter(*columns), rows))
    return text.getvalue().encode()
