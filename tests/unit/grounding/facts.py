"""Facts of two strategies for the tests of grounding."""

from dataclasses import replace
from datetime import date

from backchat_contracts import Language
from services.grounding.facts import Action, Count, Facts, Figure

FIGURES = (
    Figure("a.sharpe", "Alpha Wave", "sharpe_ratio", 1.24),
    Figure("b.sharpe", "SMA 50", "sharpe_ratio", 0.87),
    Figure("a.ret", "Alpha Wave", "total_return", 0.8423),
    Figure("b.ret", "SMA 50", "total_return", -0.0512),
    Figure("a.mdd", "Alpha Wave", "max_drawdown", -0.1823),
    Figure("b.mdd", "SMA 50", "max_drawdown", -0.2534),
    Figure("a.trades", "Alpha Wave", "trades", 42),
    Figure("d", "Alpha Wave", "sharpe_ratio", 0.37, "difference", "SMA 50"),
    Figure("p", "Alpha Wave", "p_value", 0.034, other="SMA 50"),
    Figure("bm", "SPY", "total_return", 0.21),
)


def facts(language: Language = "en", *done: Action) -> Facts:
    return Facts(
        FIGURES,
        ("Alpha Wave", "SMA 50"),
        frozenset({date(2003, 1, 2), date(2013, 3, 1)}),
        frozenset({Count(2519, "days"), Count(5, "symbols")}),
        frozenset(done),
        language,
        "SPY",
    )


def named(*names: str) -> Facts:
    """Return facts of strategies with these names, each with a Sharpe ratio of its own: `n0`, `n1`."""
    figures = tuple(Figure(f"n{n}", name, "sharpe_ratio", 0.5 + n / 10) for n, name in enumerate(names))
    return replace(facts(), figures=figures, names=names)
