"""What a question asks beside its metrics, bounds and names, once these are known."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from backchat_contracts import METRICS
from services.language.asides import asks_for_meaning, asks_for_settings, beyond
from services.language.bounds import is_scaled
from services.language.capital import asks_for_capital
from services.language.counting import numbers_left
from services.language.nesting import chooses_among_chosen, compares_metrics
from services.language.question import Criterion, End, Question
from services.language.sentence import Sentence
from services.language.short_questions import short_question
from services.language.strategies import is_measured_from
from services.language.terms import NONE, Degree, Grade, Mark, Number, Token, Word
from services.language.vocabulary.operands import ARTICLES, AUXILIARIES, NO_NAMES

_COMPARING: Final = (
    "compar",
    "vs",
    "versus",
    "differ",
    "gap",
    "each other",
    "against",
    "head to",
    "rank",
    "비교",
    "차이",
    "순위",
    "랭킹",
)
_OF_VERBS: Final = frozenset({"trades", "costs_paid", "total_return"})
_DIFFERING: Final = ("differ", "차이")
_GOOD: Final[dict[str, End | None]] = {
    "higher_is_better": "highest",
    "lower_is_better": "lowest",
    "neither": None,
}
_LITTLE_WORDS: Final = NO_NAMES | AUXILIARIES | ARTICLES
_JAMO: Final = re.compile("[\u1100-\u11ff\u3130-\u318f]+")


def finished(question: Question, sentence: Sentence, tokens: Sequence[Token]) -> Question:
    """Return a question with what it asks beside, from all of its terms."""
    of_settings = asks_for_settings(tokens) and _names_no_end(question)
    if of_settings or asks_for_capital(tokens):
        settings = Question(
            named=question.named,
            excluded=question.excluded,
            unresolved=question.unresolved,
            beyond="settings" if of_settings else "capital",
        )
        return replace(settings, unread=_unread(sentence, settings) if of_settings else ())
    if any(token.term == Mark("small talk") for token in tokens) and not _asks_for_figures(question):
        return Question()
    short = short_question(question, tokens)
    if short or question.asks_about_nothing:
        advice = not short and _asks_for_advice(question, tokens) and not unknown_words(tokens)
        return (
            replace(question, overall=True, overview=True, beyond="advice") if advice else short or question
        )
    if is_measured_from(sentence) and question.named and not question.relation:
        question = _turned(question)
    alone = len(question.named) == 1 and question.overall
    alone = alone and not (question.overall_ends or question.relation)
    overview = alone and not any(map(compares, tokens))
    if _names_only_metrics(question) and asks_for_meaning(tokens, korean=sentence.korean):
        return replace(question, beyond="meaning")
    if refused := _of_no_figure(question, sentence, tokens):
        return refused
    aside = beyond(tokens) or ("metrics" if compares_metrics(sentence) else None)
    twice = (
        _asks_twice(question) or _rules_out_both_ends(question, tokens) or _rules_out_chosen(question, tokens)
    )
    if twice or chooses_among_chosen(sentence, tokens):
        aside = aside or "nested"
    if question.named and _asks_for_advice(question, tokens):
        aside = aside or "advice"
    question = _aside(replace(question, overview=overview, beyond=aside), sentence, tokens)
    return replace(question, unread=_unread(sentence, question))


def _of_no_figure(question: Question, sentence: Sentence, tokens: Sequence[Token]) -> Question | None:
    """Return a question for what is not computed: shares of another's figure, correlations of metrics."""
    if is_scaled(tokens, korean=sentence.korean):
        return replace(question, thresholds=(), beyond="scaled")
    if _correlates_metrics(question):
        return replace(question, relation=None, beyond="metrics", unread=_unread(sentence, question))
    return None


def _correlates_metrics(question: Question) -> bool:
    """Whether the correlation of two metrics is asked for, and not that of strategies."""
    metrics = {each.metric for each in question.criteria if not each.end}
    return question.relation == "correlation" and len(metrics) > 1 and len(question.named) < 2  # noqa: PLR2004


def compares(token: Token) -> bool:
    """Tell whether a word says that there is a comparison."""
    return token.text.startswith(_COMPARING) or token.term in {Mark("others"), Mark("than")}


def _names_no_end(question: Question) -> bool:
    """Whether nothing is asked of figures but what a verb seems to name: "which symbols does it trade?"."""
    of_verbs = all(each.end is None and each.metric in _OF_VERBS for each in question.criteria)
    return of_verbs and not (question.overall or question.thresholds)


def _asks_for_figures(question: Question) -> bool:
    return any((question.criteria, question.thresholds, question.named, question.excluded))


def _aside(question: Question, sentence: Sentence, tokens: Sequence[Token]) -> Question:
    """Return a question with what is beside its metrics: settings, reasons, all metrics, what metrics are."""
    if _asks_for_a_norm(question, sentence):
        question = replace(question, beyond="norm")
    figures = any((*question.thresholds, *(each.end for each in question.criteria)))
    if (question.beyond == "norm" and question.named) or (question.beyond == "strengths" and figures):
        question = replace(question, beyond=None)
    if _asks_what_it_is_best_at(question, tokens) or _asks_on_what(question, tokens):
        question = replace(question, beyond="strengths")
    lacks = any(isinstance(token.term, Grade) and token.term.zero == NONE for token in tokens)
    if question.beyond == "why" and len(question.named) == 1 and lacks:  # "why has RSI no win rate?"
        question = replace(question, criteria=tuple(Criterion(each.metric) for each in question.criteria))
    if question.beyond == "why" and question.asks_whether:
        metrics = (Criterion(each.metric) for each in question.thresholds)
        return replace(question, criteria=tuple(dict.fromkeys(metrics)), thresholds=())
    if any(token.term == Mark("every metric") for token in tokens):
        return _of_every_metric(question)
    plain = len(question.criteria) > 1 and _names_only_metrics(question)
    if plain and any(token.text.startswith(_DIFFERING) for token in tokens):
        return replace(question, beyond="meaning")
    return question


def _names_only_metrics(question: Question) -> bool:
    """Whether nothing is in it but metrics."""
    more = (question.thresholds, question.named, question.excluded, question.relation, question.count)
    ended = any(each.end or each.judged for each in question.criteria)
    return not any(more) and bool(question.criteria) and not ended


def _asks_twice(question: Question) -> bool:
    """Whether two answers are asked for: "the best Sharpe and the correlation of A and B"."""
    ended = [each for each in question.criteria if each.end]
    mixed = any(each.negated for each in ended) and not all(each.negated for each in ended)
    return (mixed and not question.count) or (question.relation == "correlation" and bool(ended))


def _asks_for_advice(question: Question, tokens: Sequence[Token]) -> bool:
    first = [token.text for token in tokens[:2]]
    asks = first in (["should", "i"], ["should", "we"])
    of_one = len(question.named) == 1 and " ".join(first).startswith(("should i ", "should we "))
    return asks or of_one or any(token.term == Mark("advice") for token in tokens)


def _rules_out_both_ends(question: Question, tokens: Sequence[Token]) -> bool:
    """Whether it is about those between the ends: "neither best nor worst", "최고도 최저도 아닌"."""
    ends = [at for at, token in enumerate(tokens) if isinstance(token.term, Grade) and token.term.superlative]
    signs = {token.term.sign for token in tokens if isinstance(token.term, Grade)}
    if question.asks_rank or len(ends) != len(signs) or len(signs) == 1 or not ends:
        return False
    neither = any(token.text == "neither" for token in tokens[: ends[0]])
    after = tokens[ends[-1] + 1 :]
    return neither or (ends[-1] - ends[0] == 1 and bool(after) and after[0].text.startswith("아닌"))


def _rules_out_chosen(question: Question, tokens: Sequence[Token]) -> bool:
    """Whether those that one choice finds are left out of another: "except the two worst, by Sharpe"."""
    words = [token for token in tokens if token.term not in {Mark("filler"), Mark("head"), Mark("comma")}]
    words = [token for token in words if not isinstance(token.term, Number | Degree)]
    chosen = any(
        _is_choice(one, other) if one.term == Mark("except") else _is_choice(other, one)
        for one, other in pairwise(words)
    )
    return chosen and bool(question.criteria) and not any(each.negated for each in question.criteria)


def _is_choice(mark: Token, other: Token) -> bool:
    """Whether a word that leaves out stands beside one that chooses."""
    leaves_out = mark.term in {Mark("except"), Mark("ruled out")} and not mark.text.startswith("아닌")
    return leaves_out and isinstance(other.term, Grade)


def _asks_on_what(question: Question, tokens: Sequence[Token]) -> bool:
    """Whether it is asked by which metrics one is before another: "what does A lag B on?"."""
    words = [token for token in tokens if token.term != Mark("break")]
    asks = len(words) > 1 and words[0].text in {"what", "where"} and words[-1].text in {"on", "at", "in"}
    return asks and question.overall and bool(question.named)


def _of_every_metric(question: Question) -> Question:
    """Return a question about all metrics, each from its good end; the figures of one, if no end is named."""
    ends = {name: _GOOD[entry.direction] for name, entry in METRICS.items()}
    if len(question.named) == 1 and not question.overall_ends:
        return replace(question, criteria=tuple(map(Criterion, ends)), overall=False)
    criteria = tuple(Criterion(name, end) for name, end in ends.items() if end)
    return replace(question, criteria=criteria, overall=False)


def _asks_what_it_is_best_at(question: Question, tokens: Sequence[Token]) -> bool:
    """Whether it is asked by which metric a strategy is first: "what is RSI best at?"."""
    words = [token.text for token in tokens if token.term != Mark("break")]
    return bool(question.named) and words[:1] == ["what"] and words[-1:] == ["at"]


def _asks_for_a_norm(question: Question, sentence: Sentence) -> bool:
    """Whether it is asked if a value is good as such: "is a Sharpe of 1.5 good?"."""
    more = (question.named, question.thresholds, question.count, question.beyond, question.relation)
    tokens = enumerate(sentence.tokens)
    numbers = [at for at, token in tokens if isinstance(token.term, Number) and at not in sentence.used]
    graded = any(
        isinstance(token.term, Grade) and token.term.scale == "quality" and not token.term.compared
        for token in sentence.tokens
    )
    return bool(question.criteria) and not any(more) and graded and bool(numbers)


def _turned(question: Question) -> Question:
    """Return the question for those that a strategy is beyond: they are nearer to the other end."""
    turned: dict[End | None, End | None] = {"highest": "lowest", "lowest": "highest", None: None}
    criteria = tuple(replace(each, end=turned[each.end]) for each in question.criteria)
    end = turned[question.overall_end]
    ends = tuple(each for end in question.overall_ends if (each := turned[end]))
    return replace(
        question, criteria=criteria, overall_end=end, overall_ends=ends, yardsticks=question.named[:1]
    )


def unknown_words(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the words that are not in the vocabulary and may change what is asked."""
    words = (token.term.stem for token in tokens if isinstance(token.term, Word))
    return tuple(dict.fromkeys(each for each in words if _carries_meaning(each)))


def _unread(sentence: Sentence, question: Question) -> tuple[str, ...]:
    """Return the words and numbers without a meaning here, but for those of what does not exist."""
    named = {part for text in (*question.unknown, *question.unresolved) for part in text.split()}
    words = [token.term.stem for token in sentence.tokens if isinstance(token.term, Word)]
    numbers = [sentence.tokens[at].text for at in numbers_left(sentence)]
    unread = [each for each in words if _carries_meaning(each)] + (numbers if not question.beyond else [])
    return tuple(
        dict.fromkeys(each for each in unread if not any(part in each or each in part for part in named))
    )


def _carries_meaning(word: str) -> bool:
    """Whether a word that is not known may change what is asked: no pronoun, no laughter."""
    return len(word) > 1 and word not in _LITTLE_WORDS and not _JAMO.fullmatch(word)
