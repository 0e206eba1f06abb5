"""What stands beside an order where a question asks why: what was run, and the figures that go with it."""

from collections.abc import Iterator
from typing import Final

from backchat_contracts import StrategyFigures
from services.compare.domain.metrics import METRICS
from services.compare.domain.wording import Context

MOST_EXPLAINED: Final = 3
BESIDE: Final = ("cagr", "volatility", "max_drawdown", "exposure", "trades", "costs_paid")
"""Return and risk, of which the ratios are made, and how much and how often it was in the market."""
BESIDE_WINS: Final = ("payoff_ratio", "profit_factor")
"""What many wins made of few losses: told where a win rate is asked about."""


def reasons(context: Context) -> Iterator[str]:
    """Say of the first ones of each order what they ran, and what their other figures are."""
    rankings = context.findings.ranking
    first = [each.backtest_id for ranking in rankings for each in ranking.entries[:MOST_EXPLAINED]]
    if not first and len(context.figures) == 1:  # one that has nothing to rank, as it never traded
        first = list(context.figures)
    told = {each.metric for each in rankings}
    for key in dict.fromkeys(first):
        ran = _ran(context.figures[key])
        beside = (*BESIDE_WINS, *BESIDE) if "win_rate" in told else BESIDE
        others = [METRICS[name] for name in beside if name not in told]
        quoted = ", ".join(
            context.quote(each, key) for each in others if context.value(each, key) is not None
        )
        yield f"'{context.name(key)}'{f' ({ran})' if ran else ''}: {quoted}."


def _ran(figures: StrategyFigures) -> str:
    """Return the type of a strategy and its parameters, those that are single values."""
    single = {name: each for name, each in figures.parameters.items() if isinstance(each, int | float | str)}
    values = ", ".join(
        f"{name} {each:g}" if isinstance(each, float) else f"{name} {each}" for name, each in single.items()
    )
    return ": ".join(filter(None, (figures.type, values)))
