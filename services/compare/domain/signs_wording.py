"""What answers say of several strategies that gained or lost in periods: in all of them, or together."""

from collections.abc import Iterator, Sequence

from backchat_contracts.timing import PeriodReturn, StrategyTiming
from services.compare.domain.calendar_wording import UNITS, label_of
from services.compare.domain.metrics import with_subject_particle
from services.compare.domain.subject import Subject
from services.compare.domain.wording import Context


def said_of_several(there: Sequence[StrategyTiming], subject: Subject, context: Context) -> Iterator[str]:
    """Say which gained, or lost, in every period, or in which periods all of them did, if asked."""
    asked = subject.question.timing
    if asked is None or asked.asks not in {"gains", "losses"} or len(there) < 2:  # noqa: PLR2004
        return
    unit, gains = UNITS[asked.unit or "year"].of(context.language), asked.asks == "gains"
    if asked.never:
        found = [each.backtest_id for each in there if each.of and not each.matching]
        yield _in_none(found, unit, context, gains=gains)
    elif asked.every:
        found = [each.backtest_id for each in there if each.of and each.matching == each.of]
        yield _in_every(found, unit, context, gains=gains)
    elif asked.together and all(each.matching == len(each.periods) for each in there):
        first, *others = ({(each.start, each.end): each for each in told.periods} for told in there)
        common = [each for when, each in first.items() if all(when in other for other in others)]
        labels = [_label(each, subject, context) for each in common]
        yield _together(labels, len(there), unit, context, gains=gains)


def _in_every(found: Sequence[str], unit: str, context: Context, *, gains: bool) -> str:
    if context.korean:
        sign = f"모든 {unit}에서 {'수익이' if gains else '손실이'} 난 전략"
        return f"네, {sign}: {context.named(found)}." if found else f"아니요, {sign}은 없습니다."
    if found:
        return f"Yes: {context.named(found)} {'gained' if gains else 'lost'} in every {unit}."
    return f"No: none {'gained' if gains else 'lost'} in every {unit}."


def _in_none(found: Sequence[str], unit: str, context: Context, *, gains: bool) -> str:
    if context.korean:
        sign = f"{'수익이' if gains else '손실이'} 난 {with_subject_particle(unit)} 없는 전략"
        return f"네, {sign}: {context.named(found)}." if found else f"아니요, {sign}은 없습니다."
    verb = "gained" if gains else "lost"
    return (
        f"Yes: {context.named(found)} {verb} in no {unit}." if found else f"No: each {verb} in some {unit}."
    )


def _together(labels: Sequence[str], count: int, unit: str, context: Context, *, gains: bool) -> str:
    listed = ", ".join(labels)
    if context.korean:
        sign = f"{count}개 전략 모두 {'수익이' if gains else '손실이'} 난 {unit}"
        return f"{sign}: {listed}." if labels else f"{sign}: 없습니다."
    every = "both" if count == 2 else f"all {count}"  # noqa: PLR2004
    sign = f"in which {every} {'gained' if gains else 'lost'}"
    return f"Each {unit} {sign}: {listed}." if labels else f"There is no {unit} {sign}."


def _label(period: PeriodReturn, subject: Subject, context: Context) -> str:
    asked = subject.question.timing
    return label_of(period.start, period.end, (asked and asked.unit) or "year", context.language)
