"""Strategies: what is stored in the catalogue, and the events of the catalogue.

The types and their parameters are defined by the backtest service, not here: a new type changes no schema.
`strategy.queried` with `types` lists them.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Final, cast

from pydantic import Field, GetCoreSchemaHandler, Strict, StringConstraints
from pydantic_core import CoreSchema

from backchat_contracts.base import (
    MOST_SYMBOLS,
    Asked,
    Description,
    Event,
    Flag,
    Id,
    Identifier,
    Name,
    PageSize,
    Request,
    SentId,
    Symbol,
)

RESERVED_IDS: Final = frozenset({"types"})
"""Ids that no strategy gets, as `/api/v1/strategies/<id>` is another resource."""

LONGEST_SLUG: Final = 64
"""Long enough to read, short enough for a URL."""

_DIGEST: Final = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class _OneError:
    """Reports a value of no allowed kind as one error at the parameter, not one for each kind."""

    kinds: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        error = {"custom_error_type": "parameter", "custom_error_message": f"Input should be {self.kinds}"}
        return cast("CoreSchema", {**handler(source), **error})


ParameterName = Annotated[str, StringConstraints(min_length=1, max_length=64)]
WholeNumber = Annotated[int, Strict(), Field(ge=-(10**12), le=10**12)]  # exact in every JSON reader and store
Number = WholeNumber | Annotated[float, Strict()]
NumbersByName = Annotated[dict[ParameterName, Number], Field(max_length=MOST_SYMBOLS)]
ParameterValue = int | float | str | dict[str, int | float]
ParameterValues = Annotated[
    dict[
        ParameterName,
        Annotated[
            Number | Annotated[str, Strict(), StringConstraints(max_length=64)] | NumbersByName,
            _OneError(
                "a finite number, a text of at most 64 characters or an object of at most 500 finite numbers"
            ),
        ],
    ],
    Field(max_length=32),
]
"""Values by parameter name."""


class Definition(Asked):
    """A strategy type with parameters.

    The backtest service refuses a type that it does not have, and parameters that are not of the type or out
    of its bounds; it fills in the defaults of those left out.
    """

    type: Identifier | None = Field(
        default=None, description="One of the types that `strategy.queried` lists with `types`."
    )
    parameters: ParameterValues = Field(
        default_factory=dict,
        description="Parameters of the type; those left out take its defaults. None without a type.",
    )


def strategy_id(name: str) -> str:
    """Return the id that a strategy of this name has: readable, and the same wherever it is computed.

    Names that differ have ids that differ; case, and forms of a character that NFKC makes one, are no
    difference. The id is the name with hyphens for blanks if it has letters, digits and single blanks only.
    Any other one, and one that is long, reserved or ends as such an id does, ends in a digest of the name.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    words = "".join(each if unicodedata.category(each)[0] in "LMN" else " " for each in text).split()
    slug = "-".join(words)
    plain = text == " ".join(words) and not _DIGEST.fullmatch(text.rpartition(" ")[2])
    if plain and len(slug) <= LONGEST_SLUG and slug not in RESERVED_IDS:
        return slug
    digest = sha256(text.encode()).hexdigest()[:12]
    return f"{slug[:48].strip('-')}-{digest}".strip("-")


class StrategyFields(Definition):
    """The fields of a new strategy. Without a type it is buy-and-hold."""

    name: Name
    description: Description = ""
    symbols: Annotated[tuple[Symbol, ...], Field(max_length=MOST_SYMBOLS)] = ()


class StrategySaveRequested(StrategyFields, Request):
    """Request to add a strategy to the catalogue. The same `request_id` again is the same request."""

    request_id: Id | None = None


class StrategyVersionRequested(Definition, Request):
    """Request to make a definition the current version of a strategy; it is added if it is new.

    The same definition is the same version, so a request may come again.
    """

    strategy_id: Id
    type: Identifier


class StrategyStandingRequested(Request):
    """Request to let a completed backtest of a strategy stand for it; null: its latest one, as by default."""

    strategy_id: Id
    backtest_id: Id | None = None


class StrategyDeleteRequested(Request):
    """Request to delete a strategy from the catalogue. Its backtests stay."""

    strategy_id: Id


class StrategyQueried(Request):
    """Query for one strategy, with `versions` for a page of its versions; for a page of the catalogue.

    With `types`, it is a query for the strategy types.
    """

    strategy_id: Id | None = None
    versions: Flag = False
    types: Flag = False
    limit: PageSize = 50
    cursor: str | None = None


class StrategySaved(Event):
    """A strategy was added to the catalogue, or has another current version; all parameters are there.

    `created_at`: when the strategy was added.
    """

    strategy_id: Id
    name: Name
    description: str = ""
    type: Identifier
    parameters: ParameterValues = Field(default_factory=dict)
    symbols: tuple[str, ...] = ()
    version: int = 1
    created_at: datetime


class StrategyRejected(Event):
    """A request to add a strategy was rejected; nothing was stored. `code` is stable, `detail` says why."""

    name: SentId
    request_id: SentId | None = None
    code: str
    detail: str


class StrategyDeleted(Event):
    """A strategy was deleted from the catalogue."""

    strategy_id: Id
    deleted_at: datetime
