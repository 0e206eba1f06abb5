"""The definitions that each user has run on each set of symbols, in MongoDB; they are kept for good."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from backchat_contracts import BacktestCompleted
from services.chassis.storage.grouped import Grouped
from services.chassis.storage.mongo import (
    BulkWriteError,
    Collection,
    Document,
    UpdateOne,
    create_index,
    duplicates,
    translated,
)
from services.compare.domain.trials import Trial, definition_of, search_of

REMEMBERED: Final = 10_000
"""How many definitions, those stored last, are known to be there without a question to the database."""
READ_AGAIN_SECONDS: Final = 10.0
"""How long those that other processes have stored are not looked for again."""
REST: Final = 100
"""Where it is longer, this many times as long as it took to read them: 10,000 take a second."""
MOST_SEARCHES: Final = 200
"""How many searches are in memory for so long."""


class MongoTrials:
    """The collection `trials`: a definition of a search, and the Sharpe ratio of its first run."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._known: dict[str, None] = {}
        self._read: dict[str, tuple[float, dict[str, Trial]]] = {}  # until when, and by definition
        self._add: Grouped[tuple[str, BacktestCompleted], None] = Grouped(self._add_all)

    async def start(self) -> None:
        await create_index(self._collection, "search")

    async def add(self, backtest: BacktestCompleted) -> None:
        """Store the definition that a backtest ran, unless it is there."""
        key = f"{search_of(backtest)}:{definition_of(backtest.config)}"
        if key not in self._known:
            await self._add((key, backtest))

    async def of(self, searches: Iterable[str]) -> Mapping[str, Sequence[Trial]]:
        """Return the definitions of each search; those that another process adds come some time later."""
        return {search: await self._of(search) for search in searches}

    async def _of(self, search: str) -> Sequence[Trial]:
        until, trials = self._read.setdefault(search, (0.0, {}))
        if (began := time.monotonic()) < until:
            return tuple(trials.values())
        with translated():
            found = await self._collection.find({"search": search}).to_list()
        trials |= {each["definition"]: _trial(each) for each in found}
        now = time.monotonic()
        self._read.pop(search, None)
        self._read[search] = now + max(READ_AGAIN_SECONDS, REST * (now - began)), trials
        if len(self._read) > MOST_SEARCHES:
            del self._read[next(iter(self._read))]
        return tuple(trials.values())

    async def _add_all(self, items: Sequence[tuple[str, BacktestCompleted]]) -> Sequence[None]:
        new = {key: _fields(backtest) for key, backtest in reversed(items)}
        updates = [
            UpdateOne({"_id": key}, {"$setOnInsert": fields}, upsert=True) for key, fields in new.items()
        ]
        try:
            with translated():
                await self._collection.bulk_write(updates, ordered=False)
        except BulkWriteError as error:
            duplicates(error)  # another process has just stored them; it raises what is anything else
        for fields in new.values():
            if remembered := self._read.get(fields["search"]):
                remembered[1].setdefault(fields["definition"], _trial(fields))
        self._known |= dict.fromkeys(new)
        while len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        return [None] * len(items)


def _fields(backtest: BacktestCompleted) -> Document:
    return {
        "search": search_of(backtest),
        "definition": definition_of(backtest.config),
        "sharpe_ratio": backtest.performance and backtest.performance.sharpe_ratio,
    }


def _trial(document: Document) -> Trial:
    return Trial(document["definition"], document["sharpe_ratio"])
