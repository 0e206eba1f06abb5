"""Computes comparisons from the read model and the curves of the backtests."""

import asyncio
import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from backchat_contracts import (
    BacktestCompleted,
    ComparisonCompleted,
    ComparisonQueried,
    ComparisonRequested,
    Language,
    MentionedStrategy,
    NearMention,
    PairPage,
    StrategyFigures,
    StrategyMentionQueried,
    StrategyMentions,
)
from backchat_contracts.comparisons import RequestedWindow
from backchat_contracts.findings import AskedWindow
from services.chassis.paging import BadCursorError
from services.compare.answers import Answer, Answered, Earlier, Memory, answer_of
from services.compare.choosing import Asked, chosen, question_of
from services.compare.domain.comparability import Run
from services.compare.domain.criteria import metrics_of
from services.compare.domain.findings import compare, wanted_of
from services.compare.domain.gathering import (
    UNKNOWN_NAME,
    KnownStrategy,
    gather,
    gather_backtests,
)
from services.compare.domain.pairs import page_of_pairs
from services.compare.domain.subject import Compared, Entry, Subject
from services.compare.domain.trials import Trial, search_of
from services.compare.errors import SeriesUnavailableError
from services.compare.ports import StrategyModel, TrialStore
from services.compare.series import Published, SeriesLibrary
from services.language.detection import language_of
from services.language.names import mentions
from services.language.near_names import Near, near_names
from services.language.parsing import LONGEST
from services.language.question import Criterion, Question
from services.language.window import Window

SERIES_SECONDS: Final = 3.0
"""How long curves are waited for; those that have not come are left out, and it is said that they are."""
REMEMBERED: Final = 1_000
"""Of how many strategies answers are remembered, by what was compared; as many by the request."""
MOST_DIGITS: Final = 6
"""Of the number of a pair: 200 strategies have 19,900."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a request is about: the data of each, and the events of those that completed a backtest."""

    entries: Sequence[Entry]
    completed: Mapping[str, BacktestCompleted]
    known: Mapping[str, KnownStrategy] = field(default_factory=dict)
    asked: Asked | None = None


class Comparing:
    """Computes comparisons; an equal one again, of the same backtests, is remembered.

    So is the answer to an equal request for the same strategies, as it is sent.

    Args:
        model: the strategies and the backtests that stand for them.
        trials: the definitions that were run.
        library: the curves of backtests.
        default_language: of error texts, where a request names none.

    """

    def __init__(
        self,
        model: StrategyModel,
        trials: TrialStore,
        library: SeriesLibrary,
        default_language: Language,
    ) -> None:
        self._model = model
        self._trials = trials
        self._library = library
        self._default_language = default_language
        self._answers: Memory[Answer] = Memory(REMEMBERED)
        self._earlier: Memory[Earlier] = Memory(REMEMBERED)
        self._last: tuple[object, Compared] | None = None  # of which pairs were shown, with its key
        self._computing = asyncio.Lock()

    async def at_once(self, request: ComparisonRequested) -> Answered | None:
        """Return an answer that is remembered, or can be made of what is; None: it takes longer."""
        if request.backtest_ids is not None and self._library.in_memory(request.backtest_ids) is None:
            return None
        if earlier := await self._earlier_answer(request):
            return earlier
        resolved = await self._resolve(request, 0.0)
        published = self._library.in_memory(resolved.completed)
        if published is None:
            return None
        subject = await self._subject(request, resolved, published)
        answer = self._answers.get(subject.key)
        return self._answered(request, resolved, subject, answer) if answer else None

    async def compute(self, request: ComparisonRequested) -> Answered:
        """Compute an answer. Raises UnavailableError where broker or database do not answer."""
        resolved = await self._resolve(request, SERIES_SECONDS)
        published = await self._library.get(list(resolved.completed), SERIES_SECONDS)
        subject = await self._subject(request, resolved, published)
        return self._answered(request, resolved, subject, await self._answer(subject))

    async def pairs(self, completed: ComparisonCompleted, query: ComparisonQueried) -> PairPage:
        """Return a page of the pairs of a stored comparison. Raises UnavailableError as `compute` does."""
        ruled_out = completed.understood.excluded if completed.understood else ()
        request = ComparisonRequested(
            comparison_id=completed.comparison_id,
            backtest_ids=tuple(
                each.backtest_id
                for each in completed.strategies_data
                if isinstance(each, StrategyFigures) and each.strategy_id not in ruled_out
            ),
            query=completed.query,
            window=_again(completed.window),
        )
        resolved = await self._resolve(request, SERIES_SECONDS)
        published = await self._library.get(list(resolved.completed), SERIES_SECONDS)
        if published.keys() < resolved.completed.keys() or len(resolved.completed) < len(
            request.backtest_ids or ()
        ):
            raise SeriesUnavailableError
        subject = await self._subject(request, resolved, published)
        subject = replace(subject, question=_as_answered(subject.question, completed))
        first = _number(query.cursor)
        async with self._computing:
            if self._last is None or self._last[0] != subject.key:
                self._last = subject.key, await asyncio.to_thread(compare, subject)
            wanted, metrics = wanted_of(subject), metrics_of(subject.question)
            shown, more = await asyncio.to_thread(
                page_of_pairs, wanted, self._last[1], metrics, first, query.limit
            )
        return PairPage(data=shown, has_more=more, next=str(first + query.limit) if more else None)

    async def mentioned(self, query: StrategyMentionQueried) -> StrategyMentions:
        """Return the strategies that a text mentions, and what the backtests that stand for them have run."""
        text, names = unicodedata.normalize("NFKC", query.text), await self._model.names()
        found = mentions(text, names)
        near = {
            each: NearMention(written=text[each.start : each.end], names=each.names(names))
            for each in near_names(text[:LONGEST], [each for each in found if each.end <= LONGEST], names)
            if each.is_free_of(found)
        }
        named = list(dict.fromkeys(key for each in found for key in each.ids))
        wanted = named or list(query.context_strategy_ids)
        known = await self._model.catalogued([*wanted, *(each.fits[0][0] for each in near)])
        data = tuple(_mentioned(known[key]) for key in wanted if key in known)
        may_be = tuple(_with_strategy(mention, each, known) for each, mention in near.items())
        return StrategyMentions(data=data, in_context=not named, near=may_be)

    async def _answer(self, subject: Subject) -> Answer:
        """Compute in a thread, one comparison at a time; an equal one again is remembered."""
        async with self._computing:
            if (answer := self._answers.get(subject.key)) is None:
                answer = await asyncio.to_thread(answer_of, subject)
                self._answers.keep(subject.key, answer)
        return answer

    async def _earlier_answer(self, request: ComparisonRequested) -> Answered | None:
        """Return the answer to an equal request for the same strategies, if nothing has changed since."""
        if request.strategy_ids is None or (earlier := self._earlier.get(_key_of(request))) is None:
            return None
        known = list((await self._model.get(request.strategy_ids)).values())
        tried = _counted(await self._trials.of(earlier.tried))
        return earlier.answered if (known, tried) == (earlier.known, earlier.tried) else None

    def _answered(
        self, request: ComparisonRequested, resolved: Resolved, subject: Subject, answer: Answer
    ) -> Answered:
        """Return the answer, and remember it for equal requests, if all strategies that they name are known.

        For an unknown one the answer names those that fit, which may be others at any time.
        """
        answered = Answered(request.query, resolved.entries, answer)
        named = request.strategy_ids
        complete = all(run.series for run in subject.runs)
        if complete and named is not None and set(named) <= resolved.known.keys():
            known = list(resolved.known.values())
            self._earlier.keep(_key_of(request), Earlier(known, _counted(subject.tried), answered))
        return answered

    async def _resolve(self, request: ComparisonRequested, seconds: float) -> Resolved:
        language = request.language or self._default_language
        if request.backtest_ids is not None:
            backtests = list(dict.fromkeys(request.backtest_ids))
            return _of_backtests(backtests, await self._library.get(backtests, seconds), language)
        wanted, known, asked = await chosen(self._model, request)
        entries = gather(wanted, known, language, await self._fitting(wanted, known))
        compared = () if asked and asked.listed else dict.fromkeys(wanted)
        standing = (known[key].standing for key in compared if key in known)
        return Resolved(entries, _with_figures(each for each in standing if each), known, asked)

    async def _fitting(
        self, wanted: Sequence[str], known: Mapping[str, KnownStrategy]
    ) -> Mapping[str, Sequence[str]]:
        """Return the ids of strategies that fit what is no id, such as a name."""
        unknown = [key for key in wanted if key not in known]
        if not unknown:
            return {}
        names, fitting = await self._model.names(), {}
        for text in unknown:
            fitting[text] = names.near.nearest(text)
            await asyncio.sleep(0)  # of ten thousand names each takes some milliseconds
        return fitting

    async def _subject(
        self, request: ComparisonRequested, resolved: Resolved, published: Mapping[str, Published]
    ) -> Subject:
        runs = tuple(
            Run(completed, published[key].series if key in published else None)
            for key, completed in resolved.completed.items()
        )
        tried = await self._trials.of({search_of(run.completed) for run in runs})
        names = _names_of(resolved.entries)
        of_ids = request.strategy_ids is not None or request.backtest_ids is not None
        catalogue = None if of_ids else await self._model.names()
        known = names if catalogue is None else catalogue  # earlier questions may have named others
        asked = resolved.asked or Asked(question_of(request, known, catalogue))
        return Subject(
            runs=runs,
            entries=tuple(resolved.entries),
            question=asked.question,
            tried=tried,
            language=self._spoken(request, names.values()),
            survey=asked.survey,
            listed=asked.listed,
            first_of=asked.first_of,
            window=Window(request.window.start, request.window.end) if request.window else None,
        )

    def _spoken(self, request: ComparisonRequested, names: Iterable[str]) -> Language:
        """Return the language of the answer: in a conversation that of the request, else of the question."""
        spoken = request.language if request.session_id else None
        return spoken or language_of(request.query, names)


def _of_backtests(wanted: Sequence[str], published: Mapping[str, Published], language: Language) -> Resolved:
    """Return the data of backtests; `published` has no entry of one whose curves did not come in time."""
    late = Published(None, None, "result_not_in_time")
    found = {key: published.get(key, late) for key in wanted}
    entries = gather_backtests(
        wanted, {key: each.completed or each.gap for key, each in found.items()}, language
    )
    return Resolved(entries, _with_figures(each.completed for each in found.values() if each.completed))


def _as_answered(question: Question, completed: ComparisonCompleted) -> Question:
    """Return a question by the metrics that were answered: alone, a follow-up, "in 2010?", names none."""
    answered = tuple(dict.fromkeys(each.metric for each in completed.ranking))
    if answered == metrics_of(question):
        return question
    criteria = dict.fromkeys(Criterion(each.metric, each.end) for each in completed.ranking)
    return Question(criteria=tuple(criteria), window=question.window)


def _mentioned(strategy: KnownStrategy) -> MentionedStrategy:
    standing = strategy.standing
    return MentionedStrategy(
        strategy_id=strategy.strategy_id,
        name=strategy.name,
        backtest_id=standing and standing.backtest_id,
        config=standing and standing.config,
        symbols=() if standing else strategy.symbols,
    )


def _with_strategy(mention: NearMention, near: Near, known: Mapping[str, KnownStrategy]) -> NearMention:
    """Return a mention with its strategy, if only one name may be meant."""
    only = known.get(near.fits[0][0]) if len(near.fits) == 1 else None
    return mention.model_copy(update={"strategy": only and _mentioned(only)})


def _key_of(request: ComparisonRequested) -> Hashable:
    """Return what the answer to a request for strategies depends on, but for what is known of them."""
    asked = (request.query, request.context_queries, request.window)
    return request.strategy_ids, asked, request.language, request.session_id is None


def _again(window: AskedWindow | None) -> RequestedWindow | None:
    """Return a window as it was asked for, of what was completed: it stays where the data go on."""
    if window is None or (window.asked_start is None and window.asked_end is None):
        return None
    return RequestedWindow(start=window.asked_start, end=window.asked_end)


def _counted(tried: Mapping[str, Sequence[Trial]]) -> Mapping[str, int]:
    return {search: len(trials) for search, trials in tried.items()}


def _names_of(entries: Sequence[Entry]) -> Mapping[str, str]:
    """Return the names that a question may mean; what was not found has none."""
    return {
        entry.strategy_id: entry.name for entry in entries if entry.strategy_id and entry.name != UNKNOWN_NAME
    }


def _number(cursor: str | None) -> int:
    """Return how many pairs come before a page. Raises BadCursorError."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < MOST_DIGITS):
        raise BadCursorError
    return int(cursor)


def _with_figures(completed: Iterable[BacktestCompleted]) -> Mapping[str, BacktestCompleted]:
    return {each.backtest_id: each for each in completed if each.performance}
