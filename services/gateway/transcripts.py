"""A conversation as a document in Markdown (CommonMark)."""

import re
from collections.abc import Collection, Iterator
from html import escape
from typing import Final

from backchat_contracts import HistoryEntry, Language, SessionView, Texts

_LINKS: Final = re.compile(r"([\[\]\\])")
_REPLACED: Final = Texts(ko="다른 답으로 바뀜", en="replaced")
_CANCELLED: Final = Texts(ko="취소됨", en="cancelled")
_NOT_ANSWERED: Final = Texts(ko="답 없음", en="no answer")
_TITLE: Final = Texts(ko="Backchat 대화", en="Conversation with Backchat")
_USER: Final = Texts(ko="사용자", en="User")
_TIME: Final = "%Y-%m-%d %H:%M:%S UTC"


def markdown_of(session: SessionView) -> str:
    """Write a session with all that was said, in the language of its last message.

    What was said stands in block quotes, with its HTML, links and images as plain text.
    """
    language: Language = next(
        (each.language for each in reversed(session.conversation_history) if each.language), "en"
    )
    return "\n".join(_lines(session, language))


def _lines(session: SessionView, language: Language) -> Iterator[str]:
    yield f"# {_plain(session.title) if session.title else _TITLE.of(language)}"
    yield ""
    yield f"`{session.session_id}` · {_plain(session.user_id)} · {session.created_at:{_TIME}}"
    replaced = {entry.replaces for entry in session.conversation_history}
    for entry in session.conversation_history:
        mark = _mark(entry, replaced)
        yield ""
        said = f" · {mark.of(language)}" if mark else ""
        yield f"## {_speaker(entry, language)} · {entry.timestamp:{_TIME}}{said}"
        yield ""
        for line in entry.content.splitlines() or [""]:
            yield f"> {_plain(line)}".rstrip()
    yield ""


def _mark(entry: HistoryEntry, replaced: Collection[str | None]) -> Texts | None:
    """Return what became of an answer or a message, where that can't be seen."""
    if entry.role != "user":
        return _REPLACED if entry.turn_id in replaced else None
    if entry.unanswered is None:
        return None
    return _CANCELLED if entry.unanswered == "turn-cancelled" else _NOT_ANSWERED


def _speaker(entry: HistoryEntry, language: Language) -> str:
    if entry.role == "user":
        return _USER.of(language)
    return f"Backchat ({_plain(entry.provider)})" if entry.provider else "Backchat"


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is, as far as it could load or hide anything."""
    return _LINKS.sub(r"\\\1", escape(text, quote=False))
