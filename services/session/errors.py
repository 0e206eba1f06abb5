"""The session service's errors.

RefusalError (chassis)
└── ConversationError               says why in the language of the conversation
    ├── SessionNotFoundError
    ├── SessionEndedError
    ├── ConversationFullError
    ├── TurnNotFoundError
    ├── TurnEndedError
    ├── TurnInProgressError
    ├── NotLastTurnError
    ├── TurnActedError
    │   └── TurnMayHaveActedError
    └── BudgetExceededError
        └── UserBudgetExceededError
"""

from typing import ClassVar

from backchat_contracts import Language, Texts
from services.chassis.errors import RefusalError


class ConversationError(RefusalError):
    """Base of the refusals; `texts` have places for values."""

    texts: ClassVar[Texts]

    def __init__(self, language: Language, *values: object, **extra: object) -> None:
        super().__init__(self.texts.of(language).format(*values), **extra)


class SessionNotFoundError(ConversationError):
    code = "session-not-found"
    texts = Texts(
        ko="'{0}' 세션이 없습니다. 세션은 마지막 메시지 뒤 얼마 동안만 보관됩니다",
        en="there is no session '{0}'; sessions expire some time after their last message",
    )


class SessionEndedError(ConversationError):
    code = "session-ended"
    texts = Texts(
        ko="'{0}' 세션은 종료되었습니다. 새 세션을 만드세요",
        en="session '{0}' was ended; create a new one",
    )


class ConversationFullError(ConversationError):
    code = "conversation-full"
    texts = Texts(
        ko="'{0}' 세션의 대화가 가득 찼습니다. 새 세션을 만들어 이어 가세요",
        en="the conversation of session '{0}' is full; create a new session and go on there",
    )


class TurnNotFoundError(ConversationError):
    code = "turn-not-found"
    texts = Texts(ko="이 세션에는 '{0}' 턴이 없습니다", en="the session has no turn '{0}'")


class TurnEndedError(ConversationError):
    code = "turn-ended"
    texts = Texts(ko="'{0}' 턴에는 이미 답이 있습니다", en="turn '{0}' has its answer already")


class TurnInProgressError(ConversationError):
    code = "turn-in-progress"
    texts = Texts(
        ko="앞 메시지에 아직 답하는 중입니다. 답이 온 뒤에 보내세요",
        en="the message before is still being answered; send this one after that",
    )


class NotLastTurnError(ConversationError):
    code = "not-last-turn"
    texts = Texts(
        ko="마지막 턴에만 다시 답할 수 있고, 그것은 '{1}'입니다. "
        "'{0}' 턴부터 다르게 하려면 세션을 포크하세요",
        en="only the last turn is answered again, and that is '{1}'; fork the session to go another way from "
        "turn '{0}'",
    )


class TurnActedError(ConversationError):
    code = "turn-acted"
    texts = Texts(
        ko="'{0}' 턴은 백테스트를 시작했거나 취소했으므로 다시 실행하지 않습니다. "
        "원하는 것을 새 메시지로 말해 주세요",
        en="turn '{0}' has started or cancelled a backtest, which is not done again; "
        "say what you want in a new message",
    )


class TurnMayHaveActedError(TurnActedError):
    """What became of a call of the turn is not known."""

    texts = Texts(
        ko="'{0}' 턴이 백테스트를 시작했거나 취소했는지 알 수 없으므로 다시 실행하지 않습니다. "
        "원하는 것을 새 메시지로 말해 주세요",
        en="it is not known whether turn '{0}' has started or cancelled a backtest, so it is not run again; "
        "say what you want in a new message",
    )


class BudgetExceededError(ConversationError):
    """The budget of language models is used up: that of a session, for good."""

    code = "budget-exceeded"
    texts = Texts(
        ko="이 세션은 언어 모델 예산을 다 썼습니다 ({0}). 새 세션을 만드세요",
        en="this session has used its budget of language models ({0}); create a new one",
    )


class UserBudgetExceededError(BudgetExceededError):
    """A user's budget of a day; `retry_after`: the seconds until there is a new one."""

    texts = Texts(
        ko="'{0}' 사용자는 오늘의 언어 모델 예산을 다 썼습니다 ({1}). {2}에 새로 시작됩니다",
        en="user '{0}' has used the day's budget of language models ({1}); it begins anew at {2}",
    )
