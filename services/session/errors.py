"""The session service's errors.

RefusalError (chassis)
├── SessionNotFoundError
├── SessionEndedError
├── ConversationFullError
├── TurnNotFoundError
├── TurnEndedError
├── BudgetExceededError
├── NotLastTurnError
├── TurnActedError
└── TurnInProgressError
"""

from services.chassis.errors import RefusalError


class SessionNotFoundError(RefusalError):
    code = "session-not-found"

    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"there is no session '{session_id}'; sessions expire some time after their last message"
        )


class SessionEndedError(RefusalError):
    code = "session-ended"

    def __init__(self, session_id: str) -> None:
        super().__init__(f"session '{session_id}' was ended; create a new one")


class ConversationFullError(RefusalError):
    code = "conversation-full"

    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"the conversation of session '{session_id}' is full; create a new session and go on there"
        )


class TurnNotFoundError(RefusalError):
    code = "turn-not-found"

    def __init__(self, turn_id: str) -> None:
        super().__init__(f"the session has no turn '{turn_id}'")


class NotLastTurnError(RefusalError):
    code = "not-last-turn"

    def __init__(self, turn_id: str, last: str) -> None:
        super().__init__(
            f"only the last turn is answered again, and that is '{last}'; fork the session to go another way "
            f"from turn '{turn_id}'"
        )


class TurnActedError(RefusalError):
    code = "turn-acted"

    def __init__(self, turn_id: str) -> None:
        super().__init__(
            f"turn '{turn_id}' has started or cancelled a backtest, which is not done again; "
            "say what you want in a new message"
        )


class TurnEndedError(RefusalError):
    code = "turn-ended"

    def __init__(self, turn_id: str) -> None:
        super().__init__(f"turn '{turn_id}' has its answer already")


class BudgetExceededError(RefusalError):
    """The budget of language models is used up; `retry_after`: the seconds until there is a new one."""

    code = "budget-exceeded"

    def __init__(self, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail, **({"retry_after": retry_after} if retry_after else {}))


class TurnInProgressError(RefusalError):
    code = "turn-in-progress"

    def __init__(self, turn_id: str | None = None) -> None:
        running = {"turn_id": turn_id} if turn_id else {}
        super().__init__("the message before is still being answered; send this one after that", **running)
