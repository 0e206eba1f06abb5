"""Parsing a question about backtests, in Korean, in English, or in both at once."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from backchat_contracts import METRICS
from backchat_contracts.findings import NearNames, ReadName
from services.language.among import read_among, without_excluded
from services.language.asked_language import without_asked_language
from services.language.asked_settings import read_asked_settings
from services.language.bearable import as_bounds
from services.language.buy_and_hold import buy_and_hold
from services.language.choosing import is_a_place, orders_by
from services.language.claims import asks_whether
from services.language.continuing import continues, is_farewell, read_continuation, without_correction
from services.language.detection import language_of
from services.language.differences import asks_by_how_much, side_of, with_orders
from services.language.families import families
from services.language.finishing import unknown_words
from services.language.following import Said, following, is_plain
from services.language.grammar import understand
from services.language.name_forms import key_of
from services.language.name_index import Names
from services.language.names import Mention, mentions
from services.language.near_index import MOST_FITTING
from services.language.near_names import Near, near_names
from services.language.numbered_names import numbered_names, unclear_in, without
from services.language.question import Continuation, Criterion, Question
from services.language.scanning import scan
from services.language.signs import as_earned
from services.language.stakes import read_stake
from services.language.terms import Named, Token
from services.language.timed import following_timing, names_in, of_timing
from services.language.timing import Reading
from services.language.timing_reading import read_timing
from services.language.unknown_names import of_an_unknown, of_an_unknown_in_a_window, quoted_names
from services.language.whether import is_of_the_start, with_whether, without_is_it, without_tag
from services.language.window_reading import read_time
from services.language.windows_apart import of_windows, with_reason

LONGEST: Final = 1_000
"""The most characters that are read; of more it is said that they were not."""
_SHOWN: Final = 30
_OF_SO_MANY: Final = re.compile(
    r"\b(all\s+(?:of\s+)?(?:the\s+|our\s+|these\s+)?)(\d{1,5})\b(?!\s*(?:%|percent|pct|years?|months?|days?|weeks?|quarters?|[.,]\d))",
    re.IGNORECASE,
)
"""How many there are, which is no bound: "which of all 8 trades the least?"."""
_ASKS_FOR_NONE: Final = re.compile(
    r"((?:[거건것게놈애]|전략[은이]?)\s*(?:하나도\s*|아무것도\s*)?)없(?=[어나니지냐습][가-힣]{0,3}\W*$)"
)
"""Whether there is none is what "is there any?" asks too: "돈 번 전략은 하나도 없어?"."""


def parse(given: str, names: Mapping[str, str], catalogue: Mapping[str, str] | None = None) -> Question:
    """Return what a question asks.

    Args:
        given: the question.
        names: by their ids, the names of the strategies that it could mention.
        catalogue: the names among which one has to be the only one that is near, where these are more.

    """
    text = without_asked_language(unicodedata.normalize("NFKC", given[:LONGEST]))
    text = as_bounds(as_earned(_ASKS_FOR_NONE.sub(r"\1있", text)))
    text = _OF_SO_MANY.sub(lambda found: found[1] + " " * len(found[2]), text)
    stake = read_stake(text)
    text = stake.rest if stake else text
    rest = given[LONGEST:].strip()
    names = Names.of(names)
    everything = names if catalogue is None else Names.of(catalogue)
    written = text
    full = _mentioned(text, names)
    numbered = numbered_names(text, full, names)
    text = without(text, numbered)
    named = [*full, *(each.mention for each in numbered if each.mention)]
    found, question = _read(text, sorted(named, key=lambda each: each.start))
    near = _near_in(text, found, everything)
    clear = {each: mention for each in near if (mention := _clear(each, names))}
    if clear:
        kept = [each for each in found if all(other.is_free_of([each]) for other in clear)]
        question = _understood(text, sorted((*kept, *clear.values()), key=lambda each: each.start))
    read_as = [
        ReadName(written=text[each.start : each.end], name=names[mention.ids[0]])
        for each, mention in clear.items()
    ]
    unclear = {
        text[each.start : each.end]: each.names(everything)
        for each in near
        if each not in clear and each.is_free_of(found)
    }
    unclear |= dict(unclear_in(written, numbered, names))
    taken = [*((each.start, each.end) for each in found), *((each.start, each.end) for each in near)]
    quoted = [text[start:end] for start, end in quoted_names(text, taken) if not _says_more(text[start:end])]
    unclear |= dict.fromkeys(quoted if question.asks and not question.named else (), ())
    question = of_an_unknown(_with_unresolved(question, unclear), text)
    counts = any(each[:1].isdigit() for each in question.unread)  # "three times better"
    if question.claimed and (counts or not asks_whether(text)):
        question = replace(question, claimed=None)
    unread = (*question.unread, f"{rest[:_SHOWN]}…") if rest else question.unread
    hints = tuple(_hints(question, unclear, everything))
    if stake:
        return _of_a_stake(replace(question, read_as=tuple(dict.fromkeys(read_as)), near=hints), stake.sum)
    question = with_orders(question, text)
    question = with_whether(question, unicodedata.normalize("NFKC", given[:LONGEST]))
    return replace(question, read_as=tuple(dict.fromkeys(read_as)), near=hints, unread=unread)


def _of_a_stake(question: Question, stake: float) -> Question:
    """Return the question what a sum became, of the strategies and the time that another one names."""
    return Question(
        criteria=(Criterion("total_return"),),
        stake=stake,
        named=question.named,
        excluded=question.excluded,
        unresolved=question.unresolved,
        unread=question.unread,
        read_as=question.read_as,
        near=question.near,
        window=question.window,
        same_window=question.same_window,
        beyond=question.beyond if question.beyond in {"period", "windows"} else None,
    )


def _near_in(text: str, found: Sequence[Mention], names: Names) -> list[Near]:
    """Return what may be names of strategies outside of the words that ask for days, or else among them."""
    spans = [(each.start, each.end) for each in found]
    timed = _timing_in(text, spans)
    if timed is None or timed.timing.part:
        return near_names(read_time(text, spans).left, found, names)
    dated = read_time(timed.dated, spans).left
    said = [each for each in unknown_words(scan(dated, [])) if each.isascii()]
    tries = (timed.rest_of(dated, spans), timed.rest_of(dated, spans, said), dated)
    return next((near for each in tries if (near := near_names(each, found, names))), [])


def _mentioned(text: str, names: Names) -> list[Mention]:
    """Return the strategies that a text names, one by one or by a word of their names."""
    found = mentions(text, names)
    found = sorted([*found, *buy_and_hold(text, found, names)], key=lambda each: each.start)
    together = list(families(text, found, names))
    if not together:
        return found
    free = [each for each in found if all(each.end <= it.start or it.end <= each.start for it in together)]
    return sorted([*free, *together], key=lambda each: each.start)


def _read(text: str, found: list[Mention]) -> tuple[list[Mention], Question]:
    """Read a text with names that are written in full; return those that are no metrics."""
    question = _understood(text, found)
    sure = [each for each in found if not each.is_metric]
    if len(sure) == len(found) or any(
        (question.overall, question.criteria, question.thresholds, question.unknown)
    ):
        return found, question
    # "Which has the highest alpha?" is about the metric, even if a strategy is called Alpha.
    return sure, _understood(text, sure)


def parse_all(
    texts: Sequence[str], names: Mapping[str, str], catalogue: Mapping[str, str] | None = None
) -> Question:
    """Return what the last of some questions asks, at least one; each may continue the one before."""
    first, *others = texts
    question = order = parse(first, names, catalogue)
    ordered = first
    for text in others:
        asked = _of_losses(parse(text, names, catalogue), order, ordered)
        of_place = asked.continuation is not None and asked.continuation.kind == "place"
        before = order if of_place else question
        goes_on = continues(text) or is_a_place(text, asked)
        goes = Said(goes_on, orders_by(text), asks_by_how_much(text), side_of(text))
        question = following_timing(asked, before, text, goes_on=goes_on) or following(
            replace(asked, timing=None), replace(before, timing=None), goes
        )
        if not of_place:  # places are counted from the same end, however often another is asked for
            order, ordered = question, text
    return question


_LOSSES: Final = re.compile(r"\b(?:lose[sr]?|lost|losing)\b|잃|손실|손해|날린|날렸|날려", re.IGNORECASE)


def _of_losses(asked: Question, order: Question, text: str) -> Question:
    """Return a question for an end of losses, "and the most?", as one for the other end of returns."""
    meant = asked.continuation
    of_returns = bool(order.criteria) and order.criteria[0].metric == "total_return"
    if meant is None or meant.kind != "degree" or not (of_returns and _LOSSES.search(text)):
        return asked
    return replace(asked, continuation=replace(meant, number=-meant.number))


def _understood(text: str, found: Sequence[Mention]) -> Question:
    spans = [(each.start, each.end) for each in found]
    asked = read_asked_settings(text, spans)
    if asked and not asked.is_of_before:
        named = dict.fromkeys(key for each in found for key in each.ids)
        return Question(named=tuple(named), beyond="settings", settings=asked)
    timed = _timing_in(text, spans)
    if timed and timed.timing.part is None:
        time = read_time(timed.dated, spans)
        left = timed.rest_of(time.left, spans)
        tokens = scan(left, [(each.start, each.end, Named(each.ids)) for each in found])
        rest = _of_the_rest(tokens, left, found)
        asking = _of_the_rest(scan(timed.words_of(text, spans), []), text, [])
        metrics = (each.metric for each in (*rest.criteria, *asking.criteria))
        said = unknown_words(scan(time.left, []))
        unresolved = names_in(time.left, said, unknown_words(tokens))
        return of_timing(timed.timing, rest, metrics, time, unresolved, unknown_words(tokens))
    time = read_time(without_tag(text), spans)
    if time.windows and not found and is_farewell(time.left):
        return Question()  # "thanks, see you in 2013"
    spoken = without_excluded(time.left, spans) if found else time.left
    continuation = read_continuation(without_is_it(spoken)) if spoken is not None else None
    if continuation and continuation.kind in {"best", "worst"} and time.windows and not continues(text):
        continuation = None
    corrected = None if found or continuation else without_correction(time.left)
    text = " " * len(text) if continuation == Continuation("opposite") else corrected or time.left
    tokens = scan(text, [(each.start, each.end, Named(each.ids)) for each in found])
    rest = _of_the_rest(tokens, text, found)
    among = None if continuation or corrected else _of_those_before(text, found)
    question = replace(
        among or rest,
        window=next(iter(time.windows), None),
        months=time.months,
        same_window=time.is_same and not time.windows,
        shift=time.shift,
        continuation=continuation,
        timing=timed.timing if timed else None,
        settings=asked,
    )
    if corrected and question.criteria:
        question = replace(question, continuation=Continuation("metric"), unresolved=(), unknown=())
    if time.windows:
        question = with_reason(question, text)
    if question.window and not (question.asks or question.named or question.beyond or continuation):
        question = of_an_unknown_in_a_window(question, text, unknown_words(tokens))
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
    question = _of_the_rest(
        scan(left, [(each.start, each.end, Named(each.ids)) for each in found]), left, found
    )
    admitted, question = question.named, replace(question, named=())
    of_an_end = among.kind == "without" and among.place  # "except the worst, rank by Sharpe"
    plain = not question.asks or (is_plain(question) and not of_an_end)
    if question.excluded or question.unresolved or not plain:
        return None
    return replace(question, among=among, admitted=admitted)


def _timing_in(text: str, spans: Sequence[tuple[int, int]]) -> Reading | None:
    """Return what a text asks of days and periods, if its words mean nothing else."""
    timed = None if is_of_the_start(text) else read_timing(text, spans)
    return None if timed and _is_of_a_metric(text, timed) else timed


def _is_of_a_metric(text: str, timed: Reading) -> bool:
    """Tell whether the words that ask for a day or a period are of a metric's name: "worst daily return"."""
    labels = (label for entry in METRICS.values() for label in (entry.label.ko, entry.label.en))
    folded = text.casefold()
    starts = ((label, folded.find(label.casefold())) for label in labels)
    return any(0 <= at <= timed.start and timed.end <= at + len(label) for label, at in starts)


def _of_the_rest(tokens: Sequence[Token], text: str, found: Sequence[Mention]) -> Question:
    rest = text
    for each in reversed(found):
        rest = rest[: each.start] + rest[each.end :]
    return understand(tokens, korean=language_of(rest or text) == "ko")


def _clear(near: Near, names: Mapping[str, str]) -> Mention | None:
    """Return the mention of a strategy, if only one name fits."""
    ids = tuple(each for each in near.fits[0] if each in names) if len(near.fits) == 1 else ()
    return Mention(near.start, near.end, ids, is_metric=False) if ids else None


def _with_unresolved(question: Question, written: Iterable[str]) -> Question:
    """Return a question with names that are of no strategy, which take their words from what is not known."""
    names = tuple(dict.fromkeys(each.lower() for each in written))

    def others(words: Iterable[str]) -> tuple[str, ...]:
        return tuple(word for word in words if not any(word in name or name in word for name in names))

    return replace(
        question,
        unresolved=(*others(question.unresolved), *names),
        unknown=others(question.unknown),
        unread=others(question.unread),
    )


def _says_more(text: str) -> bool:
    """Tell whether what is in quotes is no name: a metric, or a question."""
    read = _understood(text, [])
    return any((read.criteria, read.overall, read.window, read.thresholds))


def _hints(question: Question, unclear: Mapping[str, tuple[str, ...]], names: Names) -> Iterator[NearNames]:
    """Yield the names that may be meant by those that are of no strategy."""
    shown = {each.lower(): each for each in unclear}
    for unresolved in question.unresolved[:MOST_FITTING]:
        written = shown.get(unresolved, unresolved)
        near = unclear.get(written) or tuple(names[each] for each in names.near.nearest(written))
        others = tuple(each for each in dict.fromkeys(near) if key_of(each) != key_of(written))
        if others:
            yield NearNames(written=written, names=others)
