"""What may follow a Korean word without a blank: particles, and the endings of predicates."""

from typing import Final

from services.language.terms import MarkKind

_OF: Final = "의 들의 만의 에서의"
_AND: Final = "와 과 랑 이랑 하고 들과 들이랑 이나 이거나 거나"
_THAN: Final = "보다 보다는 보다도 보다야 보단 들보다 들보다는 들보다도"
_RANGE: Final = "에서"
_BREAK: Final = """
고 지만 면서 으면서 으며 며 은데 는데 데 이고 이면서 이지만 인데 이며 아서 어서 서 면서도 으면서도 고도 지만도
인데도 였고 이었고 으나 이나마 하지만 하면서 하며 하는데 한데 해서 했고 했지만 했는데
"""
_PLAIN: Final = """
이면 여도 이어도 어도 아도 더라도 이더라도
된 되는 됐 된다 되어 되고 되면 되던 됐던 되나 되나요 될 된지
은요 는요 도요 만요 랑은 이랑은 하고는 들끼리 끼리 인걸 인거 인게 인건 이래 이랬 이라서 라서 이어서
이 가 은 는 을 를 도 만 로 으로 에 에는 에도 에서는 에서도 께 한테 에게 까지 까지만 부터 나 든 이든 든지
이든지 라도 이라도 로는 으로는 로서 으로서 로써 요 이요 야 이야 예요 이에요 에요 이예요 여 인가 인가요 입니까
입니다 이다 다 임 인 인지 이니 니 냐 이냐 일까 일까요 이란 란 라는 이라는 라고 이라고 라면 이라면 였나 였나요
였어 였어요 였지 였죠 였습니까 이었나요 이었어 이었지 이었나 였던 이었던 였는지 마다 별 별로 들 들은 들이 들을
들도 들만 들로 들에 씩 대로 처럼 같이 조차 밖에 만은 만이 만을 죠 지 이죠 이지 지요 이지요 네 네요 이네 이네요
던 던데 던가 던가요 던지 은지 는지 을지 을까 을까요 까 까요 은가 은가요 가요 는가 는가요 아 어 아요 어요 여요
았어 었어 았어요 었어요 았나 었나 았나요 었나요 았니 었니 았지 었지 았죠 었죠 았습니까 었습니까 았을까 었을까
았을까요 았던 었던 았는지 었는지 습니까 습니다 습니다만 나요 거든 거든요 군 군요 구나 는구나 게 게요 도록 음
으면 면 려면 으려면 을수록 수록 자 자면 다는 다고 다면 대 대요 단 는다 은편 지는 지도 진 질 고요 구요 고는 순
순위 순으로 순서로 적 좀
줘 줘요 주세요 줄래 줄래요 줄 봐 봐요 보자 보면 봤 져 져요 시오 세요 려고 러 라 라니 쯤
정도 당 ㅋ ㅋㅋ ㅋㅋㅋ ㅎ ㅎㅎ ㅠ ㅠㅠ ㅜㅜ 욤 용 염 님
"""
_PAST: Final = "았 었 였 했 렸 졌"
_AFTER_PAST: Final = """
어 어요 나 나요 니 지 지요 죠 고 는데 던 는지 다 습니까 습니다 을까 을까요 으면 지만 냐 네 네요 는가 는가요
거든 는 단 대 대요 음
"""
_OF_HA: Final = """
하고 하지만 하면서 하며 하는 하는지 하던 하다 하나 하나요 하니 하지 하지는 하지도 하지요 하죠 하게 하기 하기에
하면 하려면 하자 하자면 하도록 하네 하네요 하는가 하는가요 하냐 하는게 하는건 하려고 하여 하였던 하고요 하세요
하십시오 하시오 하거든 한 한지 한가 한가요 한다 한다는 한다고 한다면 한들 한대 한대요 할 할까 할까요 할지
할수록 할래 할게 해 해요 해줘 해줘요 해주세요 해줄래 해줄래요 해줄 해봐 해봐요 해야 해도 해졌어 해주라 해보자
해보면 해줬으면 해주시겠어요 해주실 합니다 합니까 합니다만 합시다 함 함이 함은
"""
"""The forms of 하다 after a noun: 비교해줘."""


def _tails() -> dict[str, MarkKind | None]:
    past = (stem + ending for stem in _PAST.split() for ending in _AFTER_PAST.split())
    tails: dict[str, MarkKind | None] = dict.fromkeys([*_PLAIN.split(), *_OF_HA.split(), *past])
    marked: tuple[tuple[MarkKind, str], ...] = (
        ("break", _BREAK),
        ("of", _OF),
        ("and", _AND),
        ("than", _THAN),
        ("range", _RANGE),
    )
    for kind, listed in marked:
        tails |= dict.fromkeys(listed.split(), kind)
    return tails


TAILS: Final = _tails()
"""What each says of how the next words relate to the word before; None: nothing."""
LONGEST_TAIL: Final = max(map(len, TAILS))

SUBJECT: Final = ("이", "가", "은", "는")
"""The particles of a subject or topic."""
