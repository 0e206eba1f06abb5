"""How people say which of the strategies spoken of they mean: patterns, for a text in any case.

The groups `it`, `those`, `first` and `last` say which; the others have how many.
"""

from typing import Final

from services.language.phrases import one_of
from services.language.vocabulary.continuing import CONTINUING

NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "pair": 2, "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4,
    "다섯": 5, "여섯": 6,
}  # fmt: skip
_NUMBER: Final = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|pair)\b"
_COUNTED: Final = r"(?:\d{1,3}|하나|한|둘|두|셋|세|넷|네|다섯|여섯)(?:\s*(?:개|놈|애|가지|전략)(?:들)?)?"
_HEADS: Final = r"(?:\s+(?:ones?|strateg(?:y|ies)|strats?|guys|of\s+them))?"
_ON: Final = rf"""
    ^\W*(?>{one_of(CONTINUING)}(?![가-힣a-z])[\s,.!]*){{0,3}}(?:(?:이번엔|just|do|show\s+me|give\s+me)\s+)?
"""
LEAVING_OUT: Final = r"""
    \b(?:without|drop(?:ping)?|exclud(?:e|ing)|except(?:\s+for)?|leav(?:e|ing)\s+out|remov(?:e|ing)|minus
    |ignor(?:e|ing)|skip(?:ping)?|not\s+counting|(?:take|kick|throw|toss|filter|screen|weed)\s+out|get\s+rid\s+of)\s+
"""
LEFT_OUT: Final = r"""
    (?:만|도|은|는|을|를)?\s*(?:빼(?:고|면|줘|봐|놓고|자)?|제외(?:하고|하면|해\s*줘|해)?|말고)(?:는|도)?(?![가-힣])
"""
"""What follows those that are left out."""
_BACK: Final = r"(?:back(?:\s+in)?|again|in\s+again)\b"
_IN: Final = r"""
    (?:넣[고어]서?|포함(?:해서?|하고|시켜서?)?|추가(?:해서?|하고)?|끼워서?)(?:\s*(?:줘|봐|보면|주세요))?
"""
_VERB: Final = r"\b(?:put|add|bring|include|throw)\b"
_ADD: Final = rf"{_VERB}\s+"
_EVERY: Final = r"every(?:one|body|thing|\s+one)"
_ALL_KO: Final = r"(?:다|전부|모두|(?P<{}>{})\s*(?:다|모두|전부))"
ALL: Final = rf"""
    {_ADD}(?:them\s+all|all\s+(?:of\s+)?them|{_EVERY})\s+{_BACK}
    |\b(?:the\s+same\s+|same\s+)?(?:for|across)\s+(?:all|{_EVERY}|the\s+whole\s+(?:lot|set))
    (?:\s+(?:of\s+)?(?:them|the))?(?:\s+(?P<number>{_NUMBER}))?{_HEADS}(?:\s+{_BACK})?\W*$
    |{_ON}(?:all(?:\s+of\s+them)?|{_EVERY})(?:\s+(?:the\s+)?(?P<number_all>{_NUMBER}))?(?:\s+{_BACK})?
    (?=\W*$|\s+(?:by|on)\b)
    |(?:다시\s*)?(?<![가-힣])(?:싹\s*)?{_ALL_KO.format("number_in", _COUNTED)}\s*(?:다시\s*|도로\s*)?{_IN}
    |{_ON}(?:다시\s*)?(?!다\W*$){_ALL_KO.format("number_ko", _COUNTED)}(?:\s*다)?(?:는|은|도|로)?
    (?:\s*(?:다시|비교|비교해\s*줘|보여\s*줘|해\s*줘))?\W*$
"""
FORMER: Final = rf"""
    \b(?:go\s+)?back\s+to\s+(?:just\s+)?(?:the\s+|those\s+|these\s+)?
    (?:(?:(?P<first>first|original|initial)|earlier|previous|other|same)\s+)?(?P<number>{_NUMBER}){_HEADS}
    |(?:(?P<first_ko>맨\s*처음|처음|원래)|아까|이전)(?:의|에)?\s*(?:그\s*)?(?P<number_ko>{_COUNTED})(?:으?로|만|의)?
    (?:\s*(?:다시|돌아가서?))?
    |다시\s*(?:그|(?P<first_again>처음)|아까)\s*(?P<number_again>{_COUNTED})(?:으?로|만)?
"""
WITHOUT: Final = rf"""
    {LEAVING_OUT}(?:(?P<it>it|that(?:\s+one)?|this(?:\s+one)?)\b(?!\s+[a-z]+\s+one)
    |(?:them|(?:those|these|both|the)(?:\s+(?P<number>{_NUMBER}))?)\b(?!\s+(?!ones?\b)[a-z]){_HEADS}
    )
    |(?:{LEAVING_OUT}|\blose\s+)the\s+(?:(?P<number_before>{_NUMBER})\s+)?
    (?:(?P<last>bottom|last|worst)|(?P<first>top|first|best|leader|winner))\b
    (?:\s+(?P<number_after>(?!one\b){_NUMBER}))?(?:\s+ones?)?(?!\s+\w)
    |(?P<it_ko>그\s*거|그것|그\s*전략|걔|얘|쟤|그\s*(?:놈|애)){LEFT_OUT}
    |(?:(?:걔|얘|쟤)네(?:들)?|(?:그|이|저)\s*(?:(?P<number_ko>{_COUNTED})|애들|놈들|것들)){LEFT_OUT}
    |(?:(?P<last_ko>꼴찌|꼴등|맨\s*끝|마지막|하위)|(?P<first_ko>[1일]\s*(?:등|위)|선두|상위))
    (?:\s*(?P<number_placed>{_COUNTED}))?{LEFT_OUT}
"""
BACK: Final = rf"""
    {_ADD}(?:it|them|that(?:\s+one)?|those|both)\s+{_BACK}
    |(?:그\s*거|그것|걔네?|얘네?|그\s*둘)?\s*(?:도\s*)?(?:다시|도로)\s*{_IN}
"""
FIRST: Final = rf"""
    {_ON}(?:the\s+)?first\s+(?P<number>{_NUMBER}){_HEADS}(?:\s+only)?\W*$
    |{_ON}(?:그\s*중(?:에서?)?\s*)?(?:앞|위)의?\s*(?P<number_ko>{_COUNTED})(?:만|은|는)?\W*$
"""
MIDDLE: Final = rf"""
    \b(?:the\s+)?middle\s+(?:(?P<number>{_NUMBER}){_HEADS}|(?P<two>ones))
    |(?<!그\s)(?<![가-힣])(?:가운데|중간)\s*(?:에\s*(?:있는|낀)\s*)?(?:(?P<number_ko>{_COUNTED})|(?P<one_ko>놈|애|거|것))
"""
REST: Final = rf"""
    \bthe\s+(?:other|remaining)\s+(?P<number>{_NUMBER}){_HEADS}
    |\bthe\s+(?:rest|others|remaining\s+ones|other\s+ones)(?:\s+of\s+(?:them|the\s+[a-z]+))?\b(?!')
    |(?<![가-힣])(?:나머지|남은)\s*(?:(?P<number_ko>{_COUNTED})|애들|놈들|것들|거들|전략들|들)
"""
ADDING: Final = rf"""
    {_VERB}(?=.*\b{_BACK})|^\W*(?>(?:now|and|then|also)\s+){{0,2}}(?:add|include|throw\s+in)\b
    |(?:다시|도로)\s*{_IN}|(?:도|까지)\s*(?:{_IN}|같이|함께)
"""
"""What is said of a strategy that is named: that it is to be among those compared, again."""
BESIDE: Final = r"\b(?:add|plus|now|just|with|compare|show)\b|(?<![가-힣])이번엔(?![가-힣])"
"""What may stand beside, and says nothing more: "back to the first two, add turnover"."""
