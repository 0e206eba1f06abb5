"""What a text asks, once the names of strategies in it are known."""

from collections.abc import Sequence
from dataclasses import replace

from backchat_contracts import METRICS
from services.language.among import read_among, without_excluded
from services.language.asked_settings import read_asked_settings
from services.language.continuing import continues, is_farewell, read_continuation, without_correction
from services.language.detection import language_of
from services.language.finishing import unknown_words
from services.language.following import is_plain
from services.language.grammar import understand
from services.language.names import Mention
from services.language.question import Continuation, Question
from services.language.scanning import scan
from services.language.terms import Named, Token
from services.language.timed import names_in, of_timing
from services.language.timing import Reading
from services.language.timing_reading import read_timing
from services.language.unknown_names import is_how_one_did, of_an_unknown_in_a_window
from services.language.whether import is_of_the_start, without_is_it, without_tag
from services.language.window_reading import Time, read_time
from services.language.windows_apart import of_windows, with_reason


def understood(text: str, found: Sequence[Mention]) -> Question:
    """Return what a text asks of the strategies that it mentions."""
    spans = [(each.start, each.end) for each in found]
    asked = read_asked_settings(text, spans)
    if asked and not asked.is_of_before:
        named = dict.fromkeys(key for each in found for key in each.ids)
        return Question(named=tuple(named), beyond="settings", settings=asked)
    timed = timing_in(text, spans)
    if timed and timed.timing.part is None:
        return _of_days(timed, text, found, spans)
    time = read_time(without_tag(text), spans)
    if time.windows and not found and is_farewell(time.left):
        return Question()  # "thanks, see you in 2013"
    spoken = without_excluded(time.left, spans) if found else time.left
    continuation = read_continuation(without_is_it(spoken)) if spoken is not None else None
    if continuation and continuation.kind in {"best", "worst"} and time.windows and not continues(text):
        continuation = None
    corrected = None if found or continuation else without_correction(time.left)
    left = " " * len(text) if continuation == Continuation("opposite") else corrected or time.left
    among = None if continuation or corrected else _of_those_before(left, found)
    question = replace(
        among or _of_the_rest(left, found),
        continuation=continuation,
        timing=timed.timing if timed else None,
        settings=asked,
    )
    if corrected and question.criteria:
        question = replace(question, continuation=Continuation("metric"), unresolved=(), unknown=())
    return _in_its_time(question, time, left, found)


def _of_days(
    timed: Reading, text: str, found: Sequence[Mention], spans: Sequence[tuple[int, int]]
) -> Question:
    """Return what a text asks of days and periods."""
    time = read_time(timed.dated, spans)
    left = timed.rest_of(time.left, spans)
    rest = _of_the_rest(left, found)
    asking = understand(scan(timed.words_of(text, spans), []), korean=language_of(text) == "ko")
    metrics = (each.metric for each in (*rest.criteria, *asking.criteria))
    unknown = unknown_words(_tokens(left, found))
    unresolved = names_in(time.left, unknown_words(scan(time.left, [])), unknown)
    return of_timing(timed.timing, rest, metrics, time, unresolved, unknown)


def _in_its_time(question: Question, time: Time, text: str, found: Sequence[Mention]) -> Question:
    """Return a question with the windows that were read, or the words for one, which its text lacks."""
    question = replace(
        question,
        window=next(iter(time.windows), None),
        months=time.months,
        same_window=time.is_same and not time.windows,
        shift=time.shift,
    )
    if time.windows:
        question = with_reason(question, text)
    of_a_name = question.window or is_how_one_did(text)
    if of_a_name and not (question.asks or question.named or question.beyond or question.continuation):
        question = of_an_unknown_in_a_window(question, text, unknown_words(_tokens(text, found)))
    if len(windows := time.windows_and_shifted()) > 1:
        return of_windows(question, () if time.without else windows, text)
    unknown = time.is_unknown or time.months or question.same_window or (time.shift and not time.windows)
    return replace(question, beyond="period") if unknown and not question.beyond else question


def _of_those_before(text: str, found: Sequence[Mention]) -> Question | None:
    """Return what is asked of some of the strategies spoken of before; None: not only that is asked."""
    read = read_among(text, named=bool(found))
    if read is None:
        return None
    among, left = read
    question = _of_the_rest(left, found)
    admitted, question = question.named, replace(question, named=())
    of_an_end = among.kind == "without" and among.place  # "except the worst, rank by Sharpe"
    by_figures = question.criteria or question.thresholds
    of_quality = among.kind == "without" and question.overall and not by_figures
    plain = not question.asks or of_quality or (is_plain(question) and not of_an_end)
    if question.excluded or question.unresolved or not plain:
        return None
    return replace(question, among=among, admitted=admitted)


def timing_in(text: str, spans: Sequence[tuple[int, int]]) -> Reading | None:
    """Return what a text asks of days and periods, if its words mean nothing else."""
    timed = None if is_of_the_start(text) else read_timing(text, spans)
    return None if timed and _is_of_a_metric(text, timed) else timed


def _is_of_a_metric(text: str, timed: Reading) -> bool:
    """Tell whether the words that ask for a day or a period are of a metric's name: "worst daily return"."""
    labels = (label for entry in METRICS.values() for label in (entry.label.ko, entry.label.en))
    folded = text.casefold()
    starts = ((label, folded.find(label.casefold())) for label in labels)
    return any(0 <= at <= timed.start and timed.end <= at + len(label) for label, at in starts)


def _of_the_rest(text: str, found: Sequence[Mention]) -> Question:
    """Return what a text without its words for time asks."""
    rest = text
    for each in reversed(found):
        rest = rest[: each.start] + rest[each.end :]
    return understand(_tokens(text, found), korean=language_of(rest or text) == "ko")


def _tokens(text: str, found: Sequence[Mention]) -> Sequence[Token]:
    return scan(text, [(each.start, each.end, Named(each.ids)) for each in found])
