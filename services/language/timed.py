"""Questions for days and periods as a whole, and those that continue one: "and its best?", "그 다음은?"."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final

from backchat_contracts.timing import TimingAsked
from services.language.following import in_its_window
from services.language.last_day_reading import of_the_last_day_again
from services.language.near_names import is_ordinary
from services.language.phrases import compiled
from services.language.question import Continuation, Question
from services.language.timing import Timing
from services.language.window import Window
from services.language.window_reading import Time

_OF_RETURNS: Final = frozenset({"total_return", "cagr"})
"""The metrics whose words a question for the returns of periods has."""
_BY_RETURN: Final = frozenset[TimingAsked | None]({"best", "worst", "ends", "returns", "wins"})
_OF_A_DRAWDOWN: Final = frozenset({"max_drawdown", "longest_drawdown", "time_under_water", "ulcer_index"})
_OF_LENGTH: Final = frozenset({"longest_drawdown", "time_under_water"})
_OTHER: Final[dict[TimingAsked, TimingAsked]] = {
    "best": "worst", "worst": "best", "gains": "losses", "losses": "gains"
}  # fmt: skip
_OF: Final = compiled(
    r"\b(?:of|for|did|was|has|is|are|does)\s+(?P<after>[\w.-]+)|(?P<before>[\w.-]+)(?:'s\b|\s+strategy\b)"
)
_HANGUL_NAME: Final = compiled(r"[가-힣]{2,}[a-z\d]*")
_NO_NAME: Final = compiled(
    r"[어냐에야여지요까니네음임듯며고서게다던줘봐해만씩쯤들]$|[률율]$|지수$|^(?:하루|제일|그|근데|혹시|솔직|그냥|좀|아무|다들|모두|전부|하나도|전?고점|본전|원금)"
)
_SAID: Final = frozenset(
    {"the", "it", "its", "that", "this", "they", "them", "strategy", "one", "each", "all"}
)


def of_timing(
    timing: Timing,
    rest: Question,
    metrics: Iterable[str],
    time: Time,
    unresolved: Iterable[str],
    unknown: Collection[str],
) -> Question:
    """Return the question for days and periods.

    Args:
        timing: what it asks of them.
        rest: what its other words say.
        metrics: those that it names.
        time: the window of time that it names.
        unresolved: its words that stand where names do.
        unknown: its other words that mean nothing.

    """
    of_returns = _OF_RETURNS if timing.asks in {"returns", "wins"} else _OF_RETURNS | _OF_A_DRAWDOWN
    others = (each for each in metrics if each not in of_returns)
    named = tuple(dict.fromkeys((*rest.named, *rest.yardsticks)))
    measures = tuple(each for each in unknown if each.endswith(("률", "율", "지수")))
    names = rest.unresolved or (() if named else tuple(unresolved))
    among_all = timing.asks == "wins" and len(named) == 1 and not timing.benchmark
    apart = len(time.named) > 1
    if apart and timing.asks in {"drawdowns", "last_drawdown"}:
        return Question(named=rest.named, beyond="windows", apart=time.named)
    window = None if apart else next(iter(time.named), None)
    asked = Question(
        named=named,
        yardsticks=named if among_all else (),
        excluded=rest.excluded,
        unknown=() if timing.asks == "last_drawdown" else rest.unknown or measures,
        unresolved=names,
        window=window,
        same_window=time.is_same and not window,
        shift=None if window else time.shift,
        months=time.months,
        timing=replace(
            timing,
            metrics=tuple(dict.fromkeys(others)) if timing.asks in _BY_RETURN else (),
            only=time.named if apart else (),
            without=time.without,
        ),
    )
    return _on_all_its_days(asked)


def _on_all_its_days(question: Question) -> Question:
    """Return a question with the days before or after its window that count, too.

    A recovery may be after the window of the loss; the peak from which a strategy ends may be before it.
    """
    timing, window = question.timing, question.window
    if timing is None or window is None:
        return question
    if timing.asks == "last_drawdown":
        return replace(question, window=None if window.recent else Window(end=window.end))
    if not (timing.asks == "drawdowns" and timing.recovery):
        return question
    if timing.until and window.end:
        until = replace(timing, only=(Window(end=window.end),), by=window.end)
        return replace(question, window=None, timing=until)
    return replace(question, window=None, timing=replace(timing, only=(window,)))


def names_in(text: str, unknown: Collection[str], others: Collection[str]) -> Iterator[str]:
    """Yield the words that stand where a strategy's name does: "worst month of Foo", "볼린저 최악의 달".

    Args:
        text: a question, without its windows of time.
        unknown: its words that mean nothing.
        others: those of them that do not ask for a day or period.

    """
    for found in _OF.finditer(text):
        word = (found["after"] or found["before"]).lower()
        if word in unknown and word not in _SAID and not is_ordinary(word):
            yield word
    yield from (each for each in others if _HANGUL_NAME.fullmatch(each) and not _NO_NAME.search(each))


def following_timing(question: Question, earlier: Question, text: str, *, goes_on: bool) -> Question | None:
    """Return what a question asks where it, or the one before, is for days and periods; None: neither is.

    `text`: the question, as it is written.
    """
    question = _on_all_its_days(in_its_window(question, earlier))
    asked, before = question.timing, earlier.timing
    if before and before.asks == "last_drawdown" and not asked:
        again = of_the_last_day_again(text)
        if again:
            named = question.named or earlier.named
            return replace(earlier, named=named, excluded=question.excluded, timing=again)
    if asked:
        return (
            _changed(asked, question, earlier) if asked.part else _whole(question, earlier, goes_on=goes_on)
        )
    if before is None or (question.asks and not question.continuation):
        return None
    if question.continuation:
        return _continued(question, earlier, before, question.continuation)
    if question.named or (question.window and not question.unresolved):
        return replace(
            earlier,
            named=question.named or earlier.named,
            excluded=question.excluded,
            window=question.window or earlier.window,
            timing=replace(before, only=(), without=()) if question.window else before,
            unresolved=question.unresolved,
            read_as=question.read_as,
            near=question.near,
        )
    return question if question.unresolved else None


def _whole(question: Question, earlier: Question, *, goes_on: bool) -> Question:
    """Return a question for days and periods in the window of the one before, unless it is for years."""
    asked, before = question.timing, earlier.timing
    of_wins = before is not None and before.asks == "wins" and not question.named
    if asked and before and of_wins and asked.asks == "returns" and asked.only:
        return replace(earlier, timing=replace(before, only=asked.only))  # "just 2008? what about 2012?"
    if asked is None or question.window or asked.by or asked.unit == "year" or asked.asks == "last_drawdown":
        return question
    keeps = goes_on or not question.named
    return _on_all_its_days(replace(question, window=earlier.window)) if keeps else question


def _changed(asked: Timing, question: Question, earlier: Question) -> Question | None:
    """Return the question before with another part: "when was that?", "and its best?"."""
    before = earlier.timing
    window = question.window or earlier.window
    if before is None:
        about = {each.metric for each in earlier.criteria} | {each.metric for each in earlier.thresholds}
        if asked.part == "length" and about & _OF_LENGTH:
            lengths = tuple(replace(each, metric="longest_drawdown") for each in earlier.criteria[:1])
            return replace(earlier, criteria=lengths, window=window, unread=())
        if asked.part not in {"when", "length"} or not about & _OF_A_DRAWDOWN:
            return None
        fall = Timing("drawdowns")
        return Question(named=earlier.named, excluded=earlier.excluded, window=window, timing=fall)
    match asked.part:
        case "length" if before.asks not in {"drawdowns", "last_drawdown"}:
            return None
        case "next":
            before = _at(before, (before.rank or before.count or 1) + 1)
        case "end":
            before = replace(_at(before, None), asks=asked.asks)
        case "unit":
            asks = "worst" if before.asks == "drawdowns" else before.asks
            before = replace(_at(before, None), asks=asks, unit=asked.unit)
    return replace(earlier, window=window, timing=before)


def _at(timing: Timing, rank: int | None) -> Timing:
    """Return what is asked, for another place."""
    return replace(timing, rank=rank, count=None, whether=False)


def _continued(question: Question, earlier: Question, before: Timing, meant: Continuation) -> Question | None:
    """Return what is asked of the answer to a question for days and periods."""
    base = replace(earlier, window=question.window or earlier.window)
    if meant.kind == "others":
        excluded = earlier.named if len(earlier.named) == 1 else ()
        return replace(base, named=(), yardsticks=(), excluded=excluded)
    timing = _turned(before, meant)
    return replace(base, timing=timing) if timing else None


def _turned(before: Timing, meant: Continuation) -> Timing | None:
    """Return what is asked, by another end or at another place."""
    if before.asks == "last_drawdown":
        return _of_the_last_day(before, meant)
    at_an_end = before.asks in {"best", "worst", "ends"}
    match meant.kind:
        case "again":
            return before
        case "next" | "place":
            rank = (before.rank or before.count or 1) + 1 if meant.kind == "next" else meant.number
            return _at(before, rank) if rank > 0 else None
        case "opposite" if before.asks in _OTHER:
            return replace(_at(before, None), asks=_OTHER[before.asks])
        case "best" | "worst" | "degree" if at_an_end:
            best = meant.kind == "best" or meant.number > 0
            return replace(_at(before, None), asks="best" if best else "worst")
    return None


def _of_the_last_day(before: Timing, meant: Continuation) -> Timing | None:
    """Return what is asked of where strategies end, from another end."""
    match meant.kind:
        case "again":
            return before
        case "opposite":
            turned = before.nearest is None
            return (
                replace(before, high=not before.high)
                if turned
                else replace(before, nearest=not before.nearest)
            )
        case "best" | "worst":
            return replace(before, which=True, nearest=meant.kind == "best")
        case "degree":
            return replace(before, which=True, nearest=meant.number < 0)
    return None
