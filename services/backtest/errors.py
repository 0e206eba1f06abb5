"""The backtest service's errors.

RefusalError (chassis)
├── StrategyNotFoundError
├── StrategyExistsError
├── TooManyVersionsError
├── UnknownStrategyTypeError
├── InvalidParametersError
├── BacktestNotFoundError
├── OtherStrategyError
├── BacktestEndedError
├── ResultNotReadyError
├── NotRepeatedError
└── TooManyVerificationsError
JobError                    a backtest that ends as failed
"""

from services.chassis.errors import RefusalError


class StrategyNotFoundError(RefusalError):
    code = "strategy-not-found"

    def __init__(self, strategy_id: str) -> None:
        super().__init__(f"there is no strategy '{strategy_id}'")


class StrategyExistsError(RefusalError):
    code = "strategy-exists"

    def __init__(self, strategy_id: str) -> None:
        super().__init__(
            f"there is a strategy '{strategy_id}' already; delete it first, or choose another name",
            strategy_id=strategy_id,
        )


class TooManyVersionsError(RefusalError):
    code = "too-many-versions"


class UnknownStrategyTypeError(RefusalError):
    code = "unknown-strategy-type"


class InvalidParametersError(RefusalError):
    code = "invalid-parameters"


class BacktestNotFoundError(RefusalError):
    code = "backtest-not-found"

    def __init__(self, backtest_id: str) -> None:
        super().__init__(f"there is no backtest '{backtest_id}'")


class OtherStrategyError(RefusalError):
    code = "other-strategy"

    def __init__(self, backtest_id: str, strategy_id: str, wanted: str) -> None:
        super().__init__(
            f"backtest '{backtest_id}' is of the strategy '{strategy_id}': only one of '{wanted}' can stand "
            "for that"
        )


class BacktestEndedError(RefusalError):
    code = "backtest-ended"

    def __init__(self, backtest_id: str, status: str) -> None:
        super().__init__(f"backtest '{backtest_id}' is {status} already", backtest_status=status)


class ResultNotReadyError(RefusalError):
    code = "result-not-ready"

    def __init__(self, backtest_id: str, status: str) -> None:
        reason = "its result was not kept" if status == "completed" else "only a completed one has a result"
        super().__init__(f"backtest '{backtest_id}' is {status}: {reason}")


class NotRepeatedError(RefusalError):
    code = "not-repeated"

    def __init__(self, backtest_id: str, code: str, detail: str) -> None:
        super().__init__(f"backtest '{backtest_id}' could not be run again: {code}: {detail}")


class TooManyVerificationsError(RefusalError):
    code = "too-many-verifications"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} verifications wait already; ask again later")


class JobError(Exception):
    """A backtest that can't be completed; `code` is the code of its failure."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
