"""The compare service's errors.

RefusalError (chassis)
├── ComparisonNotFoundError
├── SeriesUnavailableError
└── TooManyComparisonsError
SummaryError                the language model gave no usable summary
"""

from services.chassis.errors import RefusalError


class ComparisonNotFoundError(RefusalError):
    code = "comparison-not-found"

    def __init__(self, comparison_id: str) -> None:
        super().__init__(
            f"there is no comparison '{comparison_id}': it is not complete yet, it is older than comparisons "
            "are kept, or it was data only, which is not stored"
        )


class SeriesUnavailableError(RefusalError):
    code = "series-unavailable"

    def __init__(self) -> None:
        super().__init__("the daily returns did not come in time; try again in a moment")


class TooManyComparisonsError(RefusalError):
    code = "too-many-comparisons"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} comparisons are being computed already; try again in a moment")


class SummaryError(Exception):
    """The language model gave no usable summary; a computed one takes its place."""
