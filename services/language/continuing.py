"""Texts that ask something of the question before, and only that: "why?", "the second?", "제일 작은 건?"."""

from typing import Final

from services.language.phrases import compiled, one_of
from services.language.question import Continuation
from services.language.vocabulary import continuing as words
from services.language.vocabulary.commands import ORDINALS
from services.language.vocabulary.periods import CONTINUING

_BEFORE: Final = rf"^\W*(?>(?:{one_of(CONTINUING)}|{one_of(words.ASKING)})[\s,]*){{0,3}}(?:the\s+)?"
_END: Final = r"""
    (?>이에요|에요|예요|나요|가요|해요|합니까|입니까|인가|인데|인지|한가|한데|한지|이야|이지|이냐|[은는이가을를야지냐니죠요]){0,3}
    (?:\s+(?:one|ones|place|then|though|exactly|좀|뭐|누구|얼마)(?:야|지|예요|에요|요)?)?[\s?!.~ㅋㅎ]*$
"""
_AGAIN: Final = compiled(rf"{_BEFORE}{one_of(words.AGAIN)}{_END}")
_REST: Final = compiled(rf"{_BEFORE}{one_of(words.REST)}{_END}")
_NEXT: Final = compiled(rf"{_BEFORE}{one_of(words.NEXT)}{_END}")
_RANK: Final = compiled(rf"{_BEFORE}([2-9])\s*[등위]{_END}")
_PLACES: Final = tuple(
    (compiled(rf"{_BEFORE}{one_of(phrases)}(?:\s*{one_of(words.HEADS)})?{_END}"), place + 1)
    for phrases, place in ORDINALS
    if place > 0
)
_DEGREES: Final = tuple(
    (
        compiled(
            rf"{_BEFORE}(?:{one_of(words.MOST)}\s*)?{one_of(degree)}(?:\s*{one_of(words.HEADS)})?{_END}"
        ),
        sign,
    )
    for degree, sign in ((words.HIGHEST, 1), (words.LOWEST, -1))
)


def continuation_of(text: str) -> Continuation | None:
    """Return what a text asks of the question before, if it asks nothing else."""
    if _AGAIN.search(text):
        return Continuation("again")
    if _REST.search(text):
        return Continuation("rest")
    if _NEXT.search(text):
        return Continuation("next")
    if rank := _RANK.search(text):
        return Continuation("place", int(rank[1]))
    for kind, patterns in (("place", _PLACES), ("degree", _DEGREES)):
        for pattern, number in patterns:
            if pattern.search(text):
                return Continuation("place" if kind == "place" else "degree", number)
    return None
