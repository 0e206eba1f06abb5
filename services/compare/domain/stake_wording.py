"""What a sum of money became, in words: it is computed from the total return."""

from collections.abc import Iterator
from typing import Final

from backchat_contracts import Texts
from services.compare.domain.metrics import METRICS
from services.compare.domain.wording import MOST_LISTED, Context

BECAME: Final = Texts(
    ko="{stake}: '{name}'에서 {became} ({period}; 총수익률 {value}로 계산).",
    en="{stake} became {became} with '{name}' ({period}; computed from its total return of {value}).",
)
EACH: Final = Texts(
    ko="{stake}의 결과, 많은 순 (총수익률로 계산): {listed}.",
    en="What {stake} became, highest first (computed from the total returns): {listed}.",
)
UNKNOWN: Final = Texts(ko="알 수 없음", en="not known")
WHOLE_FROM: Final = 1_000
"""From so much on, no hundredths are written."""


def said_of_stake(stake: float, context: Context) -> Iterator[str]:
    """Say what a sum became with each of those asked about, by their total returns."""
    returned = {key: context.value(METRICS["total_return"], key) for key in context.figures}
    became = {key: None if value is None else stake * (1 + value) for key, value in returned.items()}
    order = sorted(became, key=lambda key: -1.0 if (value := became[key]) is None else value, reverse=True)
    written = {key: UNKNOWN.of(context.language) if (v := became[key]) is None else money(v) for key in order}
    if len(order) == 1:
        (only,) = order
        yield BECAME.of(context.language).format(
            stake=money(stake),
            became=written[only],
            name=context.name(only),
            period=context.period(only),
            value=context.text(METRICS["total_return"], only),
        )
        return
    listed = (
        f"'{context.name(key)}' {written[key]} ({context.text(METRICS['total_return'], key)}, "
        f"{context.period(key)})"
        for key in order[:MOST_LISTED]
    )
    yield EACH.of(context.language).format(
        stake=money(stake), listed=f"{'; '.join(listed)}{context.more(len(order))}"
    )


def money(value: float) -> str:
    """Write a sum."""
    return f"{value:,.0f}" if value >= WHOLE_FROM else f"{value:,.2f}"
