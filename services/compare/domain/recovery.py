"""Whether a strategy has made up for its maximum drawdown."""

import numpy as np

from backchat_contracts import Texts
from services.compare.domain.comparability import Run
from services.grounding.writing import value_text


def said_of_recovery(run: Run) -> Texts | None:
    """Say when the peak before the maximum drawdown was reached again; None without a curve."""
    series = run.series
    if series is None or len(series.equity) == 0:
        return None
    name, peaks = run.completed.strategy_name, np.maximum.accumulate(series.equity)
    lowest = int(np.argmin(series.equity / peaks))
    depth = float(series.equity[lowest] / peaks[lowest]) - 1.0
    if depth >= 0.0:
        return Texts(ko=f"네, '{name}'에는 낙폭이 없었습니다.", en=f"Yes: '{name}' had no drawdown.")
    back = np.flatnonzero(series.equity[lowest:] >= peaks[lowest])
    ko, en = (value_text("max_drawdown", depth, each) for each in ("ko", "en"))
    bottom = series.days[lowest]
    if not len(back):
        last = series.days[-1]
        return Texts(
            ko=f"아니요, '{name}'의 최대 낙폭은 {bottom}의 {ko}이고, {last}까지 그 고점을 회복하지 "
            "못했습니다.",
            en=f"No: after its maximum drawdown of {en} on {bottom}, '{name}' had not reached that peak "
            f"again by {last}.",
        )
    day = series.days[lowest + int(back[0])]
    return Texts(
        ko=f"네, '{name}'의 최대 낙폭은 {bottom}의 {ko}이고, {day}에 그 고점을 회복했습니다.",
        en=f"Yes: after its maximum drawdown of {en} on {bottom}, '{name}' reached that peak again on {day}.",
    )
