"""How a run was set otherwise than the run of its strategy before it: so that a toy run is seen at once."""

from collections.abc import Callable, Mapping
from typing import Final

from backchat_contracts import BacktestConfig, Language, ResultWarning, Texts

Show = Callable[[BacktestConfig], str]


def _parameters(config: BacktestConfig) -> str:
    values = ", ".join(f"{name} {value:g}" for name, value in config.parameters.items())
    return f"{config.type} ({values})" if values else config.type


SETTINGS: Final[Mapping[str, tuple[Texts, Show]]] = {
    "definition": (Texts(ko="전략", en="strategy"), _parameters),
    "symbols": (Texts(ko="종목", en="symbols"), lambda config: ", ".join(sorted(config.symbols))),
    "period": (Texts(ko="기간", en="period"), lambda config: f"{config.start_date}~{config.end_date}"),
    "initial_cash": (Texts(ko="초기 자금", en="initial cash"), lambda config: f"{config.initial_cash:,.10g}"),
    "commission": (Texts(ko="수수료율", en="commission"), lambda config: f"{config.commission_rate:.4%}"),
    "slippage": (Texts(ko="슬리피지", en="slippage"), lambda config: f"{config.slippage_rate:.4%}"),
}


def setting_changed(config: BacktestConfig, before: BacktestConfig) -> tuple[ResultWarning, ...]:
    """Return the warning that says what differs from the run before; none where nothing does."""
    changed = [(label, show(config), show(before)) for label, show in SETTINGS.values()]
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
