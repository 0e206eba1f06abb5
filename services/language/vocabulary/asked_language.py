"""The words with which people ask to be answered in a language, separated by semicolons."""

from typing import Final

KOREAN: Final = "korean; hangul; 한국어; 한국말; 한글; 우리말; 국문"
ENGLISH: Final = "english; 영어; 영문"
VERBS: Final = """
answer; answers; reply; respond; speak; talk; write; translate; switch; say; continue; use; go; change;
repeat
"""
ANSWERS: Final = "대답; 답; 답변; 말; 말씀; 설명; 얘기; 이야기; 번역; 전환; 변경; 진행; 다시 말; 다시"
REQUESTS: Final = """
해; 해줘; 해 줘; 해주세요; 해 주세요; 해주라; 해줄래; 해 줄래; 해봐; 해라; 하자; 하셈; 해주셈; 해주십시오;
부탁; 부탁해; 부탁드려; 부탁합니다; 부탁드립니다; 줘; 주세요; 바꿔; 바꿔줘; 바꿔 줘; 바꿔주세요; 할래;
해줄 수 있어; 해주실래; 알려줘; 알려주세요; 보여줘; 보여주세요; 써줘; 좀; 좀 해줘; 좀 부탁해; 가능;
가능해; 돼; 될까; 되나; 해도 돼
"""
"""What may follow "in Korean" in a Korean request."""
BESIDE: Final = """
please; pls; plz; can; could; would; will; you; i; we; ok; okay; now; then; and; but; instead; from; here;
on; again; that; this; it; the; thanks; thank; sorry; me; all; answers; answer; same; hey; no; wait;
let's; lets; s; for; rest; prefer; want; like; d; need; one; more; time; what; about; how; said; just;
그럼; 이제; 앞으로; 앞으로는; 이제부터; 지금부터; 이제부터는; 좀; 제발; 다시; 방금; 그거; 그걸; 이거;
이걸; 답; 답을; 답변; 답변을; 대답; 대답을; 대답은; 답은; 미안; 아니; 잠깐; 같은; 내용; 내용을; 요; 네;
응; 부탁; 부탁해; 해줘; 주세요; 한번; 한 번; 번; 한; 더; 똑같이; 줘; 아; 음; 근데; 혹시; 계속; 말해줘
"""
"""Words that may stand beside, where nothing else is asked."""
