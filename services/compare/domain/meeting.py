"""Which strategies are within the bounds of a question, and what yes or no answers of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from backchat_contracts import Texts
from services.compare.domain.criteria import meets
from services.compare.domain.metrics import METRICS, with_topic_particle
from services.compare.domain.subject import Subject
from services.compare.domain.wording import MOST_LISTED, Context

_YES: Final = Texts(ko="네.", en="Yes.")
_NO: Final = Texts(ko="아니요.", en="No.")
WHETHER: Final[Mapping[str, Callable[[int, int], Texts]]] = {
    "any": lambda count, _: _YES if count else _NO,
    "none": lambda count, _: (
        Texts(ko="아니요, 있습니다.", en="No, there are.")
        if count
        else Texts(ko="네, 없습니다.", en="Yes, none.")
    ),
    "all": lambda count, asked: (
        Texts(ko="네, 모두입니다.", en="Yes, all.")
        if count == asked
        else Texts(ko="아니요, 모두는 아닙니다.", en="No, not all.")
    ),
}
"""The answer where so many of those asked about are within the bounds."""


def meeting_of(subject: Subject, context: Context) -> list[str]:
    """Return the ids of those with figures as the question wants them, ranked first.

    One that held nothing but cash in a window has no rank, but figures: it did not lose, it has not traded.
    """
    ranking, bounds = context.findings.ranking[0], subject.question.thresholds
    compared = [*(each.backtest_id for each in ranking.entries), *ranking.undefined]
    if not context.findings.window:
        return compared
    candidates = idle_in_window(context) if compared else context.figures  # of too few days to compare
    metrics = {each.metric for each in bounds}
    return compared + [
        key
        for key in candidates
        if meets(
            {name: context.value(METRICS[name], key) for name in metrics},
            bounds,
            either=subject.question.either,
        )
    ]


def idle_in_window(context: Context) -> list[str]:
    """Return the ids of those with figures that held nothing but cash in the window asked about."""
    idle = {each.backtest_id for each in context.findings.excluded if each.code == "no-trades"}
    return [key for key in context.figures if key in idle and context.has_figures(key)]


def said_of_meeting(meeting: Sequence[str], subject: Subject, context: Context) -> str:
    """Say which strategies have figures as the question wants them."""
    metrics = [METRICS[name] for name in dict.fromkeys(each.metric for each in subject.question.thresholds)]
    asked = len(meeting) + sum(each.code == "filter" for each in context.findings.excluded)
    if context.findings.window and context.findings.common_window:
        asked += sum(key not in meeting for key in idle_in_window(context))
    elif context.findings.window:
        asked = sum(map(context.has_figures, context.figures))
    quoted = (
        f"'{context.name(key)}' {', '.join(context.quote(metric, key) for metric in metrics)}"
        for key in meeting[:MOST_LISTED]
    )
    listed = f"{'; '.join(quoted)}{context.more(len(meeting))}"
    counted = _counted(len(meeting), asked, listed, korean=context.korean)
    answers = WHETHER.get(subject.question.whether or "")
    if answers is None:
        return counted
    told = not meeting or subject.question.whether == "all"
    others = [key for key in context.figures if told and key not in meeting and context.has_figures(key)]
    beside = context.listed(metrics[0], others) if others else ""
    label = "그 밖의 수치" if context.korean else "Figures of the others"
    answered = answers(len(meeting), asked).of(context.language)
    return f"{answered} {counted}" + (f" {label}: {beside}." if beside else "")


def _counted(count: int, asked: int, listed: str, *, korean: bool) -> str:
    if korean:
        return f"조건에 맞는 전략은 {asked}개 중 {count}개입니다{': ' + listed if listed else ''}."
    verb = "meets" if count == 1 else "meet"
    return f"{count} of {asked} {verb} the condition{': ' + listed if listed else ''}."


def said_whether(subject: Subject, context: Context) -> Iterator[str]:
    """Answer whether one strategy meets each bound."""
    (key,) = context.figures or ("",)
    bounds = subject.question.thresholds
    if subject.question.either:
        yes = meets(
            {each.metric: context.value(METRICS[each.metric], key) for each in bounds}, bounds, either=True
        )
        quoted = ", ".join(context.quote(METRICS[each.metric], key) for each in bounds)
        word = ("네" if yes else "아니요") if context.korean else ("Yes" if yes else "No")
        yield f"{word}: '{context.name(key)}' {quoted} ({context.period(key)})."
        return
    for bound in bounds:
        metric = METRICS[bound.metric]
        value, period = context.value(metric, key), context.period(key)
        yes = meets({bound.metric: value}, [bound]) != (subject.question.whether == "none")
        name, text = context.name(key), context.text(metric, key)
        if context.korean:
            what = f"'{name}'의 {with_topic_particle(metric.label.ko)} {text}입니다"
            yield f"{'네' if yes else '아니요'}, {what} ({period})."
        else:
            yield f"{'Yes' if yes else 'No'}: the {metric.label.en} of '{name}' is {text} ({period})."
