"""The names of strategies, indexed so that those in a text are found among many."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

from services.language.name_forms import key_of
from services.language.near_index import NearIndex

_START: Final = 2
"""By how many characters the keys are indexed."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """What is looked for in a text: a name or id, how it is written, and the ids of its strategies."""

    key: str
    forms: Sequence[str]
    ids: Sequence[str]


class Names(Mapping[str, str]):
    """The names of strategies by their ids, which may change, indexed for those that a text mentions."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names: dict[str, str] = {}
        self._keys: dict[str, dict[tuple[str, str], None]] = {}
        self._lengths: dict[str, Counter[int]] = {}  # of the keys, by how they begin
        self.become(names)

    @classmethod
    def of(cls, names: Mapping[str, str]) -> Self:
        """Return names with their index, which is made if there is none yet."""
        return names if isinstance(names, cls) else cls(names)

    @cached_property
    def near(self) -> NearIndex:
        """Return the index of what is near to names: it is made when it is first needed."""
        return NearIndex(self._names)

    def __getitem__(self, strategy_id: str) -> str:
        return self._names[strategy_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def become(self, names: Mapping[str, str]) -> None:
        """Have these names and no others."""
        for strategy_id in self._names.keys() - names.keys():
            self.drop(strategy_id)
        for strategy_id, name in names.items():
            self.put(strategy_id, name)

    def put(self, strategy_id: str, name: str) -> None:
        """Add a name, or change it."""
        if self._names.get(strategy_id) == name:
            return
        self.drop(strategy_id)
        self._names[strategy_id] = name
        for written in (name, strategy_id):
            if key := key_of(written):
                if key not in self._keys:
                    self._lengths.setdefault(key[:_START], Counter())[len(key)] += 1
                self._keys.setdefault(key, {})[strategy_id, written] = None
        if "near" in self.__dict__:
            self.near.put(strategy_id, name)

    def drop(self, strategy_id: str) -> None:
        """Take a name out, if it is there."""
        name = self._names.pop(strategy_id, None)
        if name is None:
            return
        for key in {key_of(name), key_of(strategy_id)} & self._keys.keys():
            kept = {each: None for each in self._keys.pop(key) if each[0] != strategy_id}
            if kept:
                self._keys[key] = kept
            else:
                self._lengths[key[:_START]] -= Counter({len(key): 1})
        if "near" in self.__dict__:
            self.near.drop(strategy_id, name)

    def within(self, packed: str) -> Iterator[Keyed]:
        """Yield the names and ids whose keys are in a text, which is in lower case and without blanks."""
        found = {
            key
            for at in range(len(packed))
            for start in {packed[at], packed[at : at + _START]}
            for length in self._lengths.get(start, ())
            if (key := packed[at : at + length]) in self._keys
        }
        for key in found:
            there = self._keys[key]
            forms = tuple(dict.fromkeys(written for _, written in there))
            yield Keyed(key, forms, tuple(dict.fromkeys(strategy_id for strategy_id, _ in there)))
