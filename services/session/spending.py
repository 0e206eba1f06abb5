"""Keeps the use of language models within budgets."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from backchat_contracts import Language
from services.session.domain.budgets import Budgets, used_by
from services.session.domain.model_use import ModelUse
from services.session.domain.session import Session
from services.session.errors import BudgetExceededError, UserBudgetExceededError
from services.session.ports import UseStore

_A_DAY: Final = timedelta(days=1)


class Spending:
    """Refuses messages whose answer a language model would write after a budget was used up.

    A turn that has begun is finished, so that a budget may be exceeded by the turns that run at once.
    """

    def __init__(self, store: UseStore, budgets: Budgets, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._budgets = budgets
        self._clock = clock

    async def check(self, session: Session, language: Language) -> None:
        """Raise BudgetExceededError if no more may be taken for a session, or by its user today."""
        budgets = self._budgets
        if budgets.session.is_limited:
            used = used_by(each.model_use for each in session.history)
            if reached := budgets.session.exhausted(used):
                raise BudgetExceededError(language, reached.of(language))
        if not budgets.user.is_limited:
            return
        now = self._clock()
        if reached := budgets.user.exhausted(await self._store.of(session.user_id, now.date())):
            tomorrow = datetime.combine(now.date() + _A_DAY, datetime.min.time(), now.tzinfo)
            seconds = int((tomorrow - now).total_seconds()) + 1
            said = (session.user_id, reached.of(language), tomorrow.isoformat())
            raise UserBudgetExceededError(language, *said, retry_after=seconds)

    async def add(self, user_id: str, use: ModelUse | None) -> None:
        """Note what a user's turn has taken."""
        if use:
            day: date = self._clock().date()
            await self._store.add(user_id, day, used_by([use]))
