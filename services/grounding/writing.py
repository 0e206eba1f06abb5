"""How answers write values: of metrics in their units, differences, probabilities."""

from collections.abc import Mapping
from typing import Final

from backchat_contracts import METRICS, Language, Texts
from backchat_contracts.metrics.metric import Unit
from services.grounding.facts import Figure

SMALLEST: Final[Mapping[Unit, float]] = {"fraction": 5e-5, "ratio": 5e-3, "money": 5e-3, "count": 0.5}
"""What is not written as zero, by unit."""
SMALLEST_P: Final = 0.001
CERTAIN: Final = 0.99
COUNTED: Final[Mapping[str, Texts]] = {"longest_drawdown": Texts(ko="거래일", en=" trading days")}
"""What is counted, of metrics whose name does not say it."""
NOT_DEFINED: Final = Texts(ko="해당 없음", en="not defined")


def value_text(metric: str, value: float, language: Language) -> str:
    """Write a value of the catalogue in its unit; what rounds to zero has no sign."""
    entry = METRICS[metric]
    value = 0.0 if abs(value) < SMALLEST[entry.unit] else value
    sign = "+" if entry.signed and value else ""
    match entry.unit:
        case "fraction":
            return f"{value:{sign}.2%}".replace("%", " %")
        case "ratio":
            return f"{value:{sign}.2f}"
        case "money":
            return f"{value:{sign},.2f}"
        case "count":
            counted = COUNTED.get(metric)
            return f"{value:{sign},.0f}{counted.of(language) if counted else ''}"


def signed_text(metric: str, value: float, language: Language) -> str:
    """Write a value with its sign, also where the metric is shown without one."""
    text = value_text(metric, value, language)
    return text if text.startswith(("+", "-")) else f"+{text}"


def difference_text(metric: str, value: float, language: Language) -> str:
    """Write a difference: of percents it is in percentage points."""
    return signed_text(metric, value, language).replace(" %", " %p" if language == "ko" else " pp")


def p_value_text(value: float, language: Language) -> str:
    """Write a p-value with three decimals."""
    if value < SMALLEST_P:
        return f"{SMALLEST_P} 미만" if language == "ko" else f"less than {SMALLEST_P}"
    return f"{value:.3f}"


def probability_text(value: float, language: Language) -> str:
    """Write a probability in whole percents, never as 0 or 1."""
    if value > CERTAIN:
        return {"ko": "99 % 초과", "en": "more than 99 %"}[language]
    if value < 1.0 - CERTAIN:
        return {"ko": "1 % 미만", "en": "less than 1 %"}[language]
    return f"{100 * value:.0f} %"


def rate_text(value: float) -> str:
    """Write a rate in percent, with as many decimals as it has."""
    return f"{100 * value:.6f}".rstrip("0").rstrip(".") + " %"


def figure_text(figure: Figure, language: Language) -> str:
    """Write a figure as it stands in an answer."""
    if figure.value is None:
        return NOT_DEFINED.of(language)
    if figure.metric not in METRICS:
        return _other_text(figure.metric, figure.value, language)
    match figure.kind:
        case "value":
            return value_text(figure.metric, figure.value, language)
        case "difference":
            return difference_text(figure.metric, figure.value, language)
        case "bound":
            return signed_text(figure.metric, figure.value, language)


def _other_text(metric: str, value: float, language: Language) -> str:
    """Write a figure that is of no metric of the catalogue."""
    match metric:
        case "p_value":
            return p_value_text(value, language)
        case "probability":
            return probability_text(value, language)
        case "correlation":
            return f"{value:.2f}"
        case "rate":
            return rate_text(value)
        case "setting":
            return f"{value:,.10g}"
        case _:
            return f"{value:,.0f}"
