"""How a run was set otherwise than the run of its strategy before it: so that a toy run is seen at once."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

from backchat_contracts import BacktestConfig, Language, ParameterValue, ResultWarning, Texts

IN_FULL: Final = 50
"""The most symbols that are all listed."""
SHOWN: Final = 5
"""How many are listed of more."""

Show = Callable[[BacktestConfig], str]


def _definition(config: BacktestConfig) -> str:
    values = ", ".join(f"{name} {_value(value)}" for name, value in config.parameters.items())
    return f"{config.type} ({values})" if values else config.type


def _value(value: ParameterValue) -> str:
    if isinstance(value, dict):
        return _listed([f"{name} {number!r}" for name, number in sorted(value.items())]) or "{}"
    return value if isinstance(value, str) else repr(value)


def _listed(entries: Sequence[str]) -> str:
    """List entries in full, or the first ones of many with a digest of all."""
    text = ", ".join(entries)
    if len(entries) <= IN_FULL:
        return text
    digest = sha256(text.encode()).hexdigest()[:8]
    return f"{', '.join(entries[:SHOWN])}, … ({len(entries)}, {digest})"


def _percent(rate: float) -> str:
    return f"{100 * rate:.12g} %"


SETTINGS: Final[Sequence[tuple[Texts, Show]]] = (
    (Texts(ko="전략", en="strategy"), _definition),
    (Texts(ko="종목", en="symbols"), lambda config: _listed(sorted(config.symbols))),
    (Texts(ko="기간", en="period"), lambda config: f"{config.start_date}~{config.end_date}"),
    (Texts(ko="초기 자금", en="initial cash"), lambda config: f"{config.initial_cash:,.16g}"),
    (Texts(ko="수수료율", en="commission"), lambda config: _percent(config.commission_rate)),
    (Texts(ko="슬리피지", en="slippage"), lambda config: _percent(config.slippage_rate)),
    (Texts(ko="벤치마크", en="benchmark"), lambda config: config.benchmark or "buy-and-hold"),
)
"""What is compared, as it is shown: in full or with a digest, so that what differs never looks the same."""


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
