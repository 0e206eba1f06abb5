"""Keeps the use of language models within budgets."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from backchat_contracts import Language
from services.session.domain.budgets import Budgets, used_by
from services.session.domain.model_use import ModelUse
from services.session.domain.session import Session
from services.session.errors import BudgetExceededError, UserBudgetExceededError
from services.session.ports import SessionStore, UseStore

_A_DAY: Final = timedelta(days=1)


class Spending:
    """Refuses messages whose answer a language model would write after a budget was used up.

    A turn that has begun is finished, so that a budget may be exceeded by the turns that run at once.
    """

    def __init__(
        self, uses: UseStore, sessions: SessionStore, budgets: Budgets, clock: Callable[[], datetime]
    ) -> None:
        self._uses = uses
        self._sessions = sessions
        self._budgets = budgets
        self._clock = clock

    async def check(self, session: Session, language: Language) -> None:
        """Raise BudgetExceededError if no more may be taken for a session, or by its user today."""
        budgets = self._budgets
        if reached := budgets.session.exhausted(session.used):
            raise BudgetExceededError(language, reached.of(language))
        if not budgets.user.is_limited:
            return
        now = self._clock()
        if reached := budgets.user.exhausted(await self._uses.of(session.user_id, now.date())):
            tomorrow = datetime.combine(now.date() + _A_DAY, datetime.min.time(), now.tzinfo)
            seconds = int((tomorrow - now).total_seconds()) + 1
            said = (session.user_id, reached.of(language), tomorrow.isoformat())
            raise UserBudgetExceededError(language, *said, retry_after=seconds)

    async def add(self, session: Session, use: ModelUse | None) -> None:
        """Note what a session's turn has taken, whatever becomes of the turn."""
        if use:
            used = used_by([use])
            await self._uses.add(session.user_id, self._clock().date(), used)
            await self._sessions.add_use(session.session_id, used)
