"""The strategies spoken of in a conversation: those of the last answer, in its order, and of those before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from services.language.among import Among
from services.language.choosing import is_a_place
from services.language.parsing import parse, parse_all
from services.language.phrases import compiled
from services.language.question import Question
from services.session.domain.referring import Ids, tells_each, told_of
from services.session.domain.session import Asked, Context

Those = tuple[Ids, tuple[str, ...]]
"""The ids of the strategies that are meant, None where these are all there are; and of those left out."""
_RANKS: Final = compiled(
    r"순위|순서|순으로|랭킹|나열|각각|전부|모두|전체|비교|\b(?:rank\w*|order\w*|list|leader\s?board|compare|each|all"
    r"|every\s?(?:one|body|thing)?)\b"
)
"""What asks for all of an order, and not for the first one alone."""
_BOTTOM: Final = compiled(r"\b(?:bottom|last|worst)\b|하위|꼴찌|꼴등|맨\s*아래|밑에서")
"""What asks for some from the end of an order, of which the first is "the last one"."""


@dataclass(frozen=True, slots=True)
class Told:
    """The strategies that an answer was about, in its order, and the one that it found."""

    strategy_ids: tuple[str, ...]
    focus: str | None = None


@dataclass(frozen=True)  # with a __dict__, for what is cached
class Spoken:
    """What was spoken of: `context` and `asked` are of the answer before, `answers` all of them, in order."""

    context: Context
    asked: Asked
    answers: Sequence[Told] = ()

    @cached_property
    def question(self) -> Question:
        """What was asked before, without its names."""
        return parse_all(self.asked.queries, {})

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The strategies that the answer before named: of a ranking as many as were asked for."""
        return told_of(self.context)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The strategies of the answer before, as they were ordered, also where it was told from the end."""
        last = parse(self.asked.queries[-1], {})
        meant = last.continuation
        if meant:
            from_the_end = meant.kind == "place" and meant.number < 0
        elif last.count and _BOTTOM.search(self.asked.queries[-1]):
            from_the_end = True
        else:
            from_the_end = is_a_place(self.asked.queries[-1], last) and last.overall_end == "lowest"
        return self.context.strategy_ids[::-1] if from_the_end else self.context.strategy_ids

    def order_of(self, number: int) -> tuple[str, ...]:
        """Return the newest order of at least so many strategies; none if there is none."""
        if len(self.order) >= number:
            return self.order
        larger = (each.strategy_ids for each in reversed(self.answers) if len(each.strategy_ids) >= number)
        return next(larger, ())

    @cached_property
    def is_of_several(self) -> bool:
        """Whether the answer before was about several as asked, and not about the one that it found."""
        question, asked = self.question, self.asked
        if question.timing or question.asks_rank or question.beyond not in {None, "certainty"}:
            return False
        about = (
            self.context.strategy_ids,
            asked.strategy_ids or (),
            *(each.strategy_ids for each in self.answers[-1:]),
        )
        if any(len(each) == 1 for each in about):
            return False
        several = asked.strategy_ids or (question.count or 1) > 1 or question.thresholds
        of_each = self.context.focus is None and tells_each(asked)
        return bool(several) or of_each or any(_RANKS.search(each) for each in asked.queries)

    @property
    def asked_about(self) -> Ids:
        """All strategies that the answer before spoke of as asked; None: all there are."""
        return self.told if self.question.count or self.question.thresholds else self.asked.strategy_ids

    def so_many(self, number: int) -> tuple[str, ...]:
        """Return as many as are said, where the last answer named others: at both ends, or found last."""
        ends = {each.end for each in self.question.criteria if each.end} | set(self.question.overall_ends)
        if number == 2 and len(ends) == 2 and len(self.order) > number:  # noqa: PLR2004 - the best and the worst
            return self.order[0], self.order[-1]
        found = tuple(dict.fromkeys(each.focus for each in reversed(self.answers) if each.focus))[:number]
        alike = (each.strategy_ids for each in reversed(self.answers) if len(each.strategy_ids) == number)
        return next(alike, found if len(found) == number else ())

    def those(self, among: Among) -> Those | None:
        """Return which strategies are meant; None: that is not clear."""
        few = among.number if 0 < (among.number or 0) < len(self.order) else None
        match among.kind:
            case "all":
                return self._all(among.number), ()
            case "former":
                found = self._former(among)
            case "first":
                found = self.order[:few] if few else ()
            case "middle":
                first = (len(self.order) - (few or 0)) // 2
                found = self.order[first : len(self.order) - first] if few else ()
            case "back":
                return (next(self._larger(), None) if self.asked.strategy_ids else None), ()
            case "without":
                return self._without(self._left_out(among))
            case "rest":
                return self._rest(among)
        return (found, ()) if found else None

    def _all(self, number: int | None) -> Ids:
        """Return those spoken of, if these are so many; else all there are."""
        every = (self.told, *(each.strategy_ids for each in reversed(self.answers)))
        return next((each for each in every if len(each) == number), None)

    def _larger(self) -> Iterator[tuple[str, ...]]:
        """Yield the strategies of answers before that had those of the last, and more; the newest first."""
        every = (each.strategy_ids for each in reversed(self.answers))
        return (each for each in every if set(each) > set(self.told))

    def _former(self, among: Among) -> tuple[str, ...]:
        """Return the strategies of an answer before that were as many."""
        alike = [each.strategy_ids for each in self.answers if len(each.strategy_ids) == among.number]
        others = [each for each in alike if set(each) != set(self.order)] or alike
        if others:
            return others[0 if among.place == 1 else -1]
        return self.order[: among.number] if (among.number or 0) < len(self.order) else ()

    def _left_out(self, among: Among) -> tuple[str, ...]:
        """Return those that are to be left out: the one or those spoken of, or one of the order."""
        if among.place:
            few = among.number or 1
            return self.order[:few] if among.place > 0 else self.order[-few:]
        if among.number == 1:
            return (self.context.focus,) if self.context.focus else ()
        if among.number is None or len(self.told) == among.number:
            return self.told
        alike = (each.strategy_ids for each in reversed(self.answers))
        first = self.told[: among.number] if among.number < len(self.told) else ()
        return next((each for each in alike if len(each) == among.number), first)

    def _without(self, out: tuple[str, ...]) -> Those | None:
        """Return those of the question before but some; where these are all of it, all others there are."""
        left = tuple(each for each in self.asked.strategy_ids or () if each not in out)
        return ((left, ()) if left else (None, out)) if out else None

    def _rest(self, among: Among) -> Those | None:
        """Return those beside the one that was found, or beside all spoken of, as many as are said."""
        context = self.context
        others = tuple(each for each in context.strategy_ids if each != context.focus)
        found_one = context.focus in context.strategy_ids and self.told == context.strategy_ids
        fits = len(others) == among.number if among.number else len(others) > 1
        if found_one and fits and (self.asked.strategy_ids or among.number):
            return others, ()
        if found_one and context.focus and not (among.number or self.is_of_several):
            return None, (context.focus,)
        larger = [tuple(key for key in each if key not in self.told) for each in self._larger()]
        beside = [*self._beside(), *larger]
        if as_many := next((each for each in beside if len(each) == among.number), None):
            return as_many, ()
        ranked = len(self.told) > 1 and self.told == context.strategy_ids and not self.question.thresholds
        of_all = ranked and self.asked.strategy_ids is None
        return None if of_all or (larger and among.number) else (None, self.told)

    def _beside(self) -> Iterator[tuple[str, ...]]:
        """Yield what is left of a ranking beside those that the last answers found in it."""
        left = self.told
        for each in reversed(self.answers):
            if each.focus is None or set(each.strategy_ids) != set(self.told):
                return
            left = tuple(key for key in left if key != each.focus)
            yield left
