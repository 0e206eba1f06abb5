"""How a run was set otherwise than the run of its strategy before it: so that a toy run is seen at once."""

from collections.abc import Callable, Sequence
from typing import Final

from backchat_contracts import BacktestConfig, Language, ResultWarning, Texts

Show = Callable[[BacktestConfig], str]


def _definition(config: BacktestConfig) -> str:
    values = ", ".join(f"{name} {value!r}" for name, value in config.parameters.items())
    return f"{config.type} ({values})" if values else config.type


def _percent(rate: float) -> str:
    return f"{100 * rate:.12g} %"


SETTINGS: Final[Sequence[tuple[Texts, Show]]] = (
    (Texts(ko="전략", en="strategy"), _definition),
    (Texts(ko="종목", en="symbols"), lambda config: ", ".join(sorted(config.symbols))),
    (Texts(ko="기간", en="period"), lambda config: f"{config.start_date}~{config.end_date}"),
    (Texts(ko="초기 자금", en="initial cash"), lambda config: f"{config.initial_cash:,.16g}"),
    (Texts(ko="수수료율", en="commission"), lambda config: _percent(config.commission_rate)),
    (Texts(ko="슬리피지", en="slippage"), lambda config: _percent(config.slippage_rate)),
    (Texts(ko="벤치마크", en="benchmark"), lambda config: config.benchmark or "buy-and-hold"),
)
"""What is compared, as it is shown: in full, so that what differs never looks the same."""


def setting_changed(config: BacktestConfig, before: BacktestConfig) -> tuple[ResultWarning, ...]:
    """Return the warning that says what differs from the run before; none where nothing does."""
    changed = [(label, show(config), show(before)) for label, show in SETTINGS]
    changed = [(label, now, then) for label, now, then in changed if now != then]
    if not changed:
        return ()

    def listed(language: Language, between: str) -> str:
        return "; ".join(f"{label.of(language)} {now} {between} {then}" for label, now, then in changed)

    detail = Texts(
        ko=f"직전 실행과 설정이 다릅니다: {listed('ko', '← 이전')}.",
        en=f"It was set otherwise than the run before: {listed('en', 'instead of')}.",
    )
    return (ResultWarning(code="setting-changed", detail=detail),)
