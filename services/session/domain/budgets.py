"""Budgets of language models: how much a session, or a user in a day, may take of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from backchat_contracts import Texts
from services.session.domain.model_use import ModelUse


@dataclass(frozen=True, slots=True)
class Used:
    """What was taken of language models, as far as it was counted: requests, tokens both ways, and money."""

    requests: int = 0
    tokens: int = 0
    cost: float = 0.0

    def and_then(self, later: "Used") -> "Used":
        """Return what both took together."""
        return Used(self.requests + later.requests, self.tokens + later.tokens, self.cost + later.cost)


NOTHING: Final = Used()


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be taken, in the units of `Used`; None: any amount."""

    requests: int | None = None
    tokens: int | None = None
    cost: float | None = None

    @property
    def is_limited(self) -> bool:
        return self != Budget()

    def exhausted(self, used: Used) -> Texts | None:
        """Return which limit is reached, in words; None: none is."""
        limits = (
            (self.requests, used.requests, "요청 {:,g}회", "{:,g} requests"),
            (self.tokens, used.tokens, "토큰 {:,g}개", "{:,g} tokens"),
            (self.cost, used.cost, "비용 {:,g}", "{:,g} of cost"),
        )
        reached = (each for each in limits if each[0] is not None and each[1] >= each[0])
        return next((Texts(ko=ko.format(most), en=en.format(most)) for most, _, ko, en in reached), None)


@dataclass(frozen=True, slots=True)
class Budgets:
    """The budgets of each session as a whole, and of each user in a day (UTC)."""

    session: Budget = Budget()
    user: Budget = Budget()


def used_by(uses: Iterable[ModelUse | None]) -> Used:
    """Return what answers took together."""
    known = [each for each in uses if each]
    return Used(
        sum(each.requests for each in known),
        sum((each.input_tokens or 0) + (each.output_tokens or 0) for each in known),
        sum(each.cost or 0.0 for each in known),
    )
