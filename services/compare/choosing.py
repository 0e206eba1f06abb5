"""Which strategies a request is about: those that it names, the subject of a conversation, or all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from backchat_contracts import ComparisonRequested
from services.compare.domain.catalogue import Catalogue
from services.compare.domain.criteria import is_beside_others
from services.compare.domain.gathering import KnownStrategy
from services.compare.domain.listing import Listed, list_of
from services.compare.domain.survey import MOST_COMPARED, Survey, survey
from services.compare.ports import StrategyModel
from services.language.differences import asks_by_how_much
from services.language.following import of_one, without
from services.language.listing import read_listing
from services.language.parsing import parse, parse_all
from services.language.question import Criterion, End, Question, Relation

_NEAR: Final[Mapping[Relation, End]] = {
    "above": "highest",
    "at_least": "highest",
    "below": "lowest",
    "at_most": "lowest",
}
"""The end at which those are that a bound lets in."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in which any strategy of the catalogue may be named.

    `survey`: what the figures of all say, where only the first of them are compared. `listed`: which
    strategies there are, where it asks that. `first_of`: of how many those compared are the first by their
    stored figures, where these do not answer it.
    """

    question: Question
    survey: Survey | None = None
    listed: Listed | None = None
    first_of: int = 0


_IT: Final = re.compile(
    r"(?<=\bthan )(?:it|that|this)(?: one)?(?=\W*$|\s+(?:by|in|on)\b)"
    r"|(?<=\bbeat )(?:it|that|this)(?: one)?\b|(?<=\bbeats )(?:it|that|this)(?: one)?\b"
    r"|(?:그것|그거|걔|얘|그\s*전략)(?=보다|\s+보다)"
    r"|(?<=\bis )it\b(?=.*\b(?:others?|rest)\b)|(?<=\bdoes )it\b(?=.*\b(?:others?|rest)\b)"
    r"|(?:그\s*전략|그거|걔|얘)(?=[이가은는]?\s*(?:나머지|다른\s*\S+)보다)",
    re.IGNORECASE,
)
"""The strategy in focus, which others are compared with: "how many beat it?", "그거보다 나은 건?"."""

_SUBJECT: Final = re.compile(
    r"(?<![가-힣])(?:그게|그건|그거|걔가|얘가|걔|얘)(?![네들])|\b(?:that|it|this)(?:\s+one)?\b", re.IGNORECASE
)
"""The strategy in focus, whose difference to another is asked for: "그게 RSI보다 얼마나 작은데"."""
_WITH: Final = re.compile(
    r"\bit\b.*\b(?:compared\s+(?:to|with)|than(?!\s+(?:\d|half|in\b|before))|versus|vs|against|relative\s+to|(?:out|under)perform\w*|beat(?:s|en)?)"
    r"\s+(?!it\b|that\b|this\b|the\s+(?:benchmark|market)\b|buy)\w",
    re.IGNORECASE,
)
"""What one is compared with, after it: "how many trades did it make compared to RSI?"."""
_THAN_ANOTHER: Final = re.compile(
    r"^(?!.*(?:누가|누구|무엇|뭐|뭔|어떤|어느|몇|얼마|(?:은|는|한|인)\s*(?:거|것|건|게|애|놈|전략)))(?!.*(?:다들|모두|전부|전략들))\W*"
    r"(?!(?:그|이)\s*(?:거|것|게|전략)|걔|얘|(?:생각|예상|기대|평소|보기|무엇|작년|\d{4}년?)\s*보다)\S.{0,40}?보다\s"
    r".*(?:지|나|니|네|냐|야|까|어|죠|요)\W*$"
)
"""What one is compared with, and nothing said of which: "Hold MSFT보다 수익률 낮지?"."""
_SAID_OF: Final = "{}가 {}"
"""Read and never shown."""
_THEM: Final = re.compile(
    r"(?:그|이|저)\s*(?:둘|셋|두\s*개|것들|애들)|(?:걔|얘)네|둘보다|\b(?:those|these|the)\s+(?:two|three|\d)\b"
    r"|\b(?:them|both|either)\b",
    re.IGNORECASE,
)
"""Those spoken of, with which one that is named is compared: "is SMA better than those two?"."""
Chosen = tuple[Sequence[str], Mapping[str, KnownStrategy], Asked | None]
"""The ids of strategies, what is known of them, and what is answered from the whole catalogue."""


async def chosen(model: StrategyModel, request: ComparisonRequested) -> Chosen:
    """Return which strategies a request without backtests is about. Raises UnavailableError."""
    if request.strategy_ids is not None:
        return request.strategy_ids, await model.get(request.strategy_ids), None
    catalogue = await model.catalogue()
    names = await model.names()
    question = question_of(request, names, names)
    beside = {*question.excluded, *(question.named if _IT.search(request.query) else ())}
    context = tuple(each for each in request.context_strategy_ids or () if each not in beside)
    context = (*context, *(each for each in question.admitted if each not in context)) if context else ()
    if listed := list_of(read_listing(request.query), question, catalogue, context):
        about = Question(named=question.named, beyond="catalogue")
        return await _there(model, listed.shown, Asked(about, listed=listed))
    if question.named and not is_beside_others(question):
        return question.named, await model.catalogued(question.named), Asked(question)
    beside_all = question.claimed and len(question.named) == 1 and not _THEM.search(request.query)
    if context and not beside_all:  # "is A the best?" is of all
        together = tuple(dict.fromkeys((*context, *question.named)))
        return together, await model.catalogued(together), Asked(question)
    if len(catalogue.completed) <= MOST_COMPARED:
        return await _there(model, [row.strategy_id for row in catalogue.completed], Asked(question))
    first, asked = _first(
        question, catalogue, of_all_days=not (request.window or question.window or question.timing)
    )
    return await _there(model, first, asked)


def _first(question: Question, catalogue: Catalogue, *, of_all_days: bool) -> tuple[Sequence[str], Asked]:
    """Return the first of all by their stored figures, which are of all days.

    Of a part of the days they say who may be first, not who is within a bound: that is computed for these.
    """
    if of_all_days:
        found, first = survey(question, catalogue)
        return first, Asked(question, found)
    by = replace(question, thresholds=(), rank=None)
    if not (question.criteria or question.overall):
        ends: Mapping[str, End] = {each.metric: _NEAR[each.relation] for each in question.thresholds}
        by = replace(by, criteria=tuple(Criterion(metric, end) for metric, end in ends.items()))
    _, first = survey(by, catalogue)
    return first, Asked(question, first_of=len(catalogue.completed))


async def _there(model: StrategyModel, strategy_ids: Sequence[str], asked: Asked) -> Chosen:
    """Return those that are still there: another process may have just deleted one."""
    known = await model.catalogued(strategy_ids)
    return [key for key in strategy_ids if key in known], known, asked


def question_of(
    request: ComparisonRequested, names: Mapping[str, str], catalogue: Mapping[str, str] | None = None
) -> Question:
    """Return what a request asks, after the questions that it continues.

    Args:
        request: has the questions.
        names: of the strategies that they may mention.
        catalogue: of all, where these are more: a name that is not written in full may be of any.

    """
    context, queries = request.context_strategy_ids or (), (*request.context_queries, request.query)
    if len(context) == 2:  # noqa: PLR2004 - the one that a question before was about, and the one it named
        queries = tuple(
            _with_the_other(each, [names[key] for key in context if key in names]) for each in queries
        )
    if len(context) == 1 and context[0] in names:
        queries = tuple(_with_subject(each, names[context[0]]) for each in queries)
        queries = (*queries[:-1], _IT.sub(lambda _: names[context[0]], queries[-1]))
    question = parse_all(queries, names, catalogue)
    if request.excluded_strategy_ids:
        question = without(question, request.excluded_strategy_ids)
    if (focus := request.focus_strategy_id) and is_of_one_beside_others(question):
        return replace(question, named=(focus,))
    if len(context) != 1:
        return question
    asked = parse(request.query, {}).continuation if request.context_queries else None
    if asked and asked.kind == "others":
        return replace(question, excluded=(*question.excluded, *context))
    return of_one(question, context[0])


def _with_the_other(query: str, both: Sequence[str]) -> str:
    """Return a question that names one of two with the other as what it is about, if it says of none."""
    others = [name for name in both if name.casefold() not in query.casefold()]
    said = len(others) == 1 < len(both) and _THAN_ANOTHER.search(query)
    return _SAID_OF.format(others[0], query) if said else query


def _with_subject(query: str, name: str) -> str:
    """Return a question that compares "it" with another with a name in place of "it"."""
    if _THAN_ANOTHER.search(query):
        return _SAID_OF.format(name, query)
    if asks_by_how_much(query):
        return _SUBJECT.sub(lambda _: name, query, count=1)
    return (
        re.sub(r"\bit\b", lambda _: name, query, count=1, flags=re.IGNORECASE)
        if _WITH.search(query)
        else query
    )


def is_of_one_beside_others(question: Question) -> bool:
    """Tell whether a question that names none is about one beside all others: "is it the best?"."""
    of_one = question.whether == "first" or question.asks_rank
    return of_one and not (question.named or question.unresolved)
