"""The forms of many strategies' names, indexed for words that are near to one."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from services.language.name_forms import (
    MOST_WRONG,
    Form,
    apart,
    digits_of,
    forms_of,
    in_latin,
    is_slip,
    key_of,
    words_of,
)

MOST_FITTING: Final = 5
"""How many names are shown that may be meant."""
_UNLIKE: Final = 0.3
"""How much of a text may differ from a name that is shown as near."""
_TWO_WRONG: Final = 10
"""Of so many letters or jamo two may be wrong."""
_FEWEST_SHARED: Final = 3
"""Of how many letters or jamo a name is, at the least, that is shown as it is in a text."""
_MOST_BEGUN: Final = 200
"""How many texts are looked at that begin as a shortened name does, or that have a part of one."""
_LONGEST: Final = 100
"""How many letters or jamo are read of what is no name."""


class NearIndex:
    """The forms in which names may be written, by their texts.

    Args:
        names: by their ids; those that are put and dropped later are changed there too.

    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._forms: dict[str, dict[Form, dict[str, None]]] = {}
        self._alike: dict[int, dict[tuple[str, ...], dict[str, str]]] = {}  # texts by length and numbers
        self._words: Counter[str] = Counter()
        for strategy_id, name in names.items():
            self._add(strategy_id, name)
        self._sorted = sorted(self._forms)
        self._lines = ""  # all texts, to search them at once; none: they have changed

    def put(self, strategy_id: str, name: str) -> None:
        """Add a name that there is now."""
        self._lines = ""
        for text in self._add(strategy_id, name):
            insort(self._sorted, text)

    def _add(self, strategy_id: str, name: str) -> list[str]:
        """Add a name, and return the texts that are new."""
        new = []
        for form in forms_of(name):
            text = form.text
            if text not in self._forms:
                self._forms[text] = {}
                self._alike.setdefault(len(text), {}).setdefault(digits_of(text), {})[text] = text
                new.append(text)
            self._forms[text].setdefault(form, {})[strategy_id] = None
            self._words.update(form.words)
        return new

    def drop(self, strategy_id: str, name: str) -> None:
        """Take a name out that was put in."""
        self._lines = ""
        for form in forms_of(name):
            text, forms = form.text, self._forms[form.text]
            del forms[form][strategy_id]
            self._words.subtract(form.words)
            if not forms[form]:
                del forms[form]
            if not forms:
                del self._forms[text], self._sorted[bisect_left(self._sorted, text)]
                del self._alike[len(text)][digits_of(text)][text]

    def fitting(
        self, words: Sequence[str], free: Sequence[bool], *, shortened: bool
    ) -> list[tuple[str, ...]]:
        """Return the ids of the strategies of each name that a text is a form of.

        Those that it fits less well are left out where it fits others; of many, some are returned.

        Args:
            words: of the text, in lower case.
            free: for each letter of it, with syllables taken apart, whether it may be wrong.
            shortened: it may be a shortened name.

        """
        if not words or not all(self._are_possible(words, free)):
            return []
        written = apart("".join(words))
        texts = dict.fromkeys((written, apart("".join(in_latin(words)))))
        equal = [form for text in texts for form in self._forms.get(text, ())]
        if whole := [form for form in equal if form.whole]:
            return self._by_name(whole)
        slips = [form for form in self._slips(written, free) if form.whole or shortened]
        near = [form for form in slips if form.whole]
        if shortened:
            near += [*equal, *(form for text in texts for form in self._begun(text))]
        return self._by_name(near or slips)

    def _are_possible(self, words: Sequence[str], free: Sequence[bool]) -> Iterator[bool]:
        """Yield for each word whether a form has it, or may have it with a letter wrong."""
        at = 0
        for word in map(apart, words):
            yield any(free[at : at + len(word)]) or self._words[word] > 0
            at += len(word)

    def _slips(self, written: str, free: Sequence[bool]) -> Iterator[Form]:
        """Yield the forms that a text is with a letter wrong."""
        digits, most = digits_of(written), MOST_WRONG if len(written) >= _TWO_WRONG else 1
        for length in range(len(written) - most, len(written) + most + 1):
            texts = self._alike.get(length, {}).get(digits, {})
            for text, wrong, _ in process.extract(
                written, texts, scorer=OSA.distance, score_cutoff=most, limit=None
            ):
                forms = self._forms[text] if wrong else ()
                yield from (form for form in forms if is_slip(written, free, form, int(wrong)))

    def _begun(self, written: str) -> Iterator[Form]:
        """Yield the forms of whose words a text is the first ones."""
        first = bisect_left(self._sorted, written)
        for text in islice(self._sorted, first, first + _MOST_BEGUN):
            if not text.startswith(written):
                return
            yield from (form for form in self._forms[text] if form.begins_with(written))

    def _by_name(self, forms: Iterable[Form]) -> list[tuple[str, ...]]:
        """Return the ids of the strategies of each name that has one of some forms."""
        found: dict[str, dict[str, None]] = {}
        for form in forms:
            for strategy_id in self._forms[form.text][form]:
                found.setdefault(key_of(self._names[strategy_id]), {})[strategy_id] = None
                if len(found) > MOST_FITTING:
                    break
        return [tuple(ids) for _, ids in sorted(found.items())]

    def nearest(self, text: str) -> list[str]:
        """Return the ids of the strategies whose name is, has, is in or is like a text; at most five."""
        words = words_of(text)
        written = apart("".join(words))[:_LONGEST]
        if not written:
            return []
        equal = [each for each in (written, apart("".join(in_latin(words)))) if each in self._forms]
        parts = sorted(
            (*self._having(written), *self._within(written)),
            key=lambda each: (abs(len(each) - len(written)), each),
        )
        texts = dict.fromkeys((*equal, *parts[:MOST_FITTING], *self._like(written)))
        ids = (key for each in texts for of_form in self._forms[each].values() for key in of_form)
        return list(islice(dict.fromkeys(ids), MOST_FITTING))

    def _having(self, part: str) -> Iterator[str]:
        """Yield the texts that another one is in."""
        self._lines = self._lines or "\n".join(("", *self._sorted, ""))
        lines, found = self._lines, self._lines.find(part)
        for _ in range(_MOST_BEGUN):
            if found < 0:
                return
            end = lines.index("\n", found)
            yield lines[lines.rindex("\n", 0, found + 1) + 1 : end]
            found = lines.find(part, end)

    def _within(self, written: str) -> Iterator[str]:
        """Yield the texts that are in another one."""
        for start in range(len(written)):
            for stop in range(start + _FEWEST_SHARED, len(written) + 1):
                if (text := written[start:stop]) in self._forms:
                    yield text

    def _like(self, written: str) -> list[str]:
        """Return the texts that are like another one, the nearest first."""
        most = int(_UNLIKE * len(written))
        texts = [
            text
            for length in range(len(written) - most, len(written) + most + 1)
            for texts in self._alike.get(length, {}).values()
            for text in texts
        ]
        found = process.extract(written, texts, scorer=OSA.distance, score_cutoff=most, limit=MOST_FITTING)
        return [text for text, _, _ in found]
