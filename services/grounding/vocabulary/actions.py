"""The words that claim an action, and those that only offer or describe one."""

import re
from collections.abc import Mapping
from typing import Final

from services.grounding.facts import Action

_EN: Final[Mapping[Action, str]] = {
    "started": "started|launched|queued|submitted|scheduled|triggered|kicked off|initiated|re-?run|rerun|"
    "executed|requested|begun",
    "cancelled": "cancel(?:l)?ed|aborted|stopped|halted|terminated|killed",
    "saved": "saved|stored|recorded|registered|bookmarked|created|added|exported",
    "deleted": "deleted|removed|erased|dropped",
    "changed": "changed|updated|modified|adjusted|renamed|set up|configured|reset|switched|set",
}
_OBJECT_EN: Final = (
    r"(?:back-?tests?|runs?|jobs?|simulations?|strateg(?:y|ies)|comparisons?|orders?|reports?|tests?|"
    r"settings?|parameters?|requests?|it|them|this|that|"
    r"version|result|results|everything|notifications?|alerts?)"
)
_KO: Final[Mapping[Action, str]] = {
    "started": "실행|시작|요청|접수|예약|개시|착수|가동|재실행|의뢰|제출|등록",
    "cancelled": "취소|중단|중지|정지|종료",
    "saved": "저장|등록|보관|기록|생성|추가|내보내기",
    "deleted": "삭제|제거",
    "changed": "변경|수정|업데이트|갱신|조정|설정|교체",
}
_DONE_KO: Final = (
    r"(?:했습니다|했어요|했고|했으며|했다(?![면])|하였습니다|해 ?(?:두었|놓았|드렸|뒀|놨|줬|보았|봤)\S*|"
    r"됐습니다|되었습니다|됐어요|되었어요|되었으며|완료했\S*|완료\S*(?:했|됐|되었)\S*|"
    r"을 마쳤\S*|를 마쳤\S*|(?:을|를) 완료\S*|중입니다|하고 있습니다|시켰습니다|(?:이|가) (?:완료|"
    r"시작)(?:됐|되었)\S*|하겠습니다|할게요|해 드리겠습니다|해 둘게요|하도록 하겠습니다)"
)
_OBJECT_KO: Final = (
    r"(?:백테스트|테스트|시뮬레이션|실행|전략|작업|요청|비교|주문|설정|파라미터|매개변수|보고서|리포트|"
    r"결과|알림|버전|조건|예약|이를|그것|조합|포트폴리오|내용)"
)


_NATIVE_KO: Final[Mapping[Action, str]] = {
    "cancelled": r"(?:멈췄|멈추었|세웠|그만뒀)\S*",
    "saved": r"(?:만들었|만들어 ?(?:두었|뒀|놓았)|남겨 ?(?:두었|뒀))\S*",
    "deleted": r"(?:지웠|지워 ?(?:두었|뒀))\S*",
    "changed": r"(?:바꿨|바꾸었|바꿔 ?(?:두었|뒀|놓았)|고쳤)\S*",
}
"""Verbs that are no noun with 하다."""


def _claim(action: Action) -> re.Pattern[str]:
    verbs = _EN[action]
    english = (
        rf"\b(?:i|we)(?:['’]ve| have|['’]ve just| have just| just| already| have already|['’]ve already|"
        rf" also|)\s+(?:now\s+|just\s+|already\s+|successfully\s+|also\s+|gone ahead and\s+|"
        rf"went ahead and\s+)*(?:{verbs})\b|"
        rf"\b{_OBJECT_EN}\b[^.?!;,]{{0,40}}?\b(?:has|have) (?:now |just |already |successfully |"
        rf"also )*been (?:now |just |already |successfully )*(?:{verbs})\b|"
        rf"\b(?:your|the|a|new|this)\s+(?:[\w-]+\s+){{0,3}}?(?:back-?test|run|job|simulation|order|"
        rf"comparison)s?\s+(?:is|was|are|were) (?:now |just |already |successfully |being )*(?:{verbs})\b|"
        rf"\b(?:back-?test|run|job|simulation|comparison|strategy|settings?)s?\s+(?:successfully |now )?"
        rf"(?:{verbs})\s*(?:[.!]|$)|(?:^|[.!?]\s+)(?:all |successfully )?(?:{verbs})\s*[.!]|"
        rf"(?:^|[.!?:]\s+|\n\s*)(?:done[,.:!-]?\s*)?(?:successfully |just )?(?:{verbs})\s+(?:(?:your|the|"
        rf"a|this|that|it|new|both)\b)"
    )
    korean = (
        rf"{_OBJECT_KO}(?:을|를|은|는|이|가|도)?\s?(?:[가-힣\ue001-\ue004]+(?:로|으로|게|에|"
        rf"히)\s)?(?:{_KO[action]})(?:을|를|이|가)?\s?{_DONE_KO}|"
    )
    korean += (
        rf"(?:^|[.!?]\s|[,\n]\s?|(?:방금|이미|지금|바로|성공적으로|새로)\s)(?:{_KO[action]})\s?{_DONE_KO}"
    )
    native = _NATIVE_KO.get(action)
    korean += rf"|{_OBJECT_KO}(?:을|를|은|는)?\s?(?:[가-힣]+\s)?(?:{native})" if native else ""
    return re.compile(f"{english}|{korean}", re.IGNORECASE)


CLAIMS: Final[Mapping[Action, re.Pattern[str]]] = {action: _claim(action) for action in _EN}
ALSO_STARTED: Final = re.compile(
    r"\b(?:i|we)(?:['’]m| am|['’]re| are|['’]ll| will)\s+(?:now\s+|already\s+|currently\s+|just\s+|"
    r"go ahead and\s+)*(?:start|run|launch|submit|queu|kick|schedul|initiat|execut|re-?run|trigger)\w*|"
    r"\b(?:i|we)(?:['’]ve| have)?\s+(?:just\s+|already\s+|now\s+)*(?:re-?)?(?:ran|run)\s+"
    r"(?:a|the|your|another|"
    r"this|it|that|new)\b(?! numbers)|"
    r"\b(?:the|your|a|new|this) (?:new )?(?:back-?test|job|simulation|run) (?:is|are) (?:now |already |"
    r"currently )*(?:running|underway|in progress|on its way|pending)|"
    r"(?:백테스트|테스트|시뮬레이션|작업)(?:를|을|가|이|는)?\s?(?:[가-힣]+\s)?(?:돌렸|돌려 ?(?:두었|놓았|"
    r"봤|보았|뒀)|돌리고 있|진행 ?중|실행 ?중|대기 ?중|진행하고 있|걸어 ?(?:두었|놓았|뒀))",
    re.IGNORECASE,
)
"""More that only a started backtest allows."""
ALSO: Final[Mapping[Action, re.Pattern[str]]] = {
    "cancelled": re.compile(
        r"\b(?:i|we)(?:['’]ll| will|['’]m| am)\s+(?:now\s+|go ahead and\s+)?(?:cancel|abort|stop)\w*",
        re.IGNORECASE,
    ),
    "saved": re.compile(
        r"\b(?:i|we)(?:['’]ll| will|['’]m| am)\s+(?:now\s+|go ahead and\s+)?(?:sav|stor|record|creat|add)\w*",
        re.IGNORECASE,
    ),
    "deleted": re.compile(
        r"\b(?:i|we)(?:['’]ll| will|['’]m| am)\s+(?:now\s+|go ahead and\s+)?(?:delet|remov)\w*", re.IGNORECASE
    ),
    "changed": re.compile(
        r"\b(?:i|we)(?:['’]ll| will|['’]m| am)\s+(?:now\s+|go ahead and\s+)?(?:chang|updat|modif|adjust)\w*",
        re.IGNORECASE,
    ),
}
OFFERED: Final = re.compile(
    r"\b(?:shall i|should i|would you like|do you want|if you|once you|when you|after you|"
    r"to (?:start|run|cancel|save))\b|"
    r"원하시|원하면|하시면|필요하면|하려면|주시면|해 주면",
    re.IGNORECASE,
)
"""What before a claim makes it an offer."""
DENIED: Final = re.compile(
    r"\?|\b(?:can(?:not)?|could|may|might|not|never|unable|nothing|"
    r"no (?:new|other|further|back-?tests?|runs?|jobs?|action))\b|"
    r"n['’]t\b|할까요|드릴까요|볼까요|수 있|않|못|없|지 마|면 됩니다|시겠|가능",
    re.IGNORECASE,
)
"""What in the clause of a claim makes it a question or a denial."""
