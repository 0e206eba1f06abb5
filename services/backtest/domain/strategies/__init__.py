"""The strategy types of Backchat itself, one module each, and `base`, what a type is made of.

`services.backtest.domain.strategy_types` finds them, and those of other packages. These may import `base`
here, `services.backtest.domain.indicators`, `services.backtest.domain.prices` and `backchat_contracts`.
"""
