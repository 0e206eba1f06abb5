"""How people ask how far below its peak a strategy ends: patterns, laid out by blanks."""

from typing import Final

_NOW: Final = r"""
    (?:still|currently|right\s+now|now|today|presently
    |(?:at|by|in|on|to)\s+(?:the\s+)?(?:very\s+)?(?:end|close)|(?:year\s*)?end\s+of
    |(?:on|at|by|of)\s+(?:the|its|their)\s+(?:last|final)\s+(?:day|bar|date|close)
    |(?:does|do|did|which|who)\b.{0,30}\b(?:end|finish|close)|ends|ended|finish(?:es|ed)|closed|left)
"""
_OLD: Final = r"(?:(?:previous|earlier|prior|old|last|all\s+time|high\s?water)\s+)?"
_UNDER: Final = rf"""
    (?:under\s?water|(?:relative\s+to|versus|vs|against|below|under|beneath|off|from|short\s+of|(?:closest|nearest|close|near)(?:\s+to)?)\s+(?:its|their|the|an?|any|it's)\s+{_OLD}(?:peak|high|mark|top)s?
    |in\s+(?:the|a)\s+hole|in\s+(?:an?\s+)?(?:draw\s?down|dd)|stuck)
"""
_HIGH: Final = rf"""
    (?:(?:new|fresh|record)\s+(?:all\s+time\s+)?(?:equity\s+)?(?:high|peak)s?|all\s+time\s+highs?
    |(?:at|on)\s+(?:its|their|an?|the)\s+{_OLD}(?:equity\s+)?(?:high|peak)s?|above\s+water)
"""
_KOREAN_NOW: Final = r"""
    (?:지금|현재|아직|여전히|마지막\s*(?:날|에|시점|순간)?|종료|마감|최종|맨\s*끝
    |끝(?:날|에|까지|나|난|났|낼|냈|낸|\s*시점|\s*무렵|$)|[년월분기간해달]\s*말(?=[에의은엔\s]|$))
"""
_KOREAN_UNDER: Final = r"""
    (?:(?<!얼마나\s)물[려린렸]|(?:전\s*)?고점\s*(?:대비|아래|밑|보다|에서\s*얼마|을\s*(?:아직\s*)?못)|언더\s*워터|수면\s*아래|물속
    |낙폭(?=\s*(?:은|이|상태|중|얼마|몇))|회복\s*(?:을\s*)?못\s*하고)
"""
_KOREAN_HIGH: Final = (
    r"(?:신\s*고[가점]|최고\s*[가점]|(?:전\s*)?고점\s*(?:을\s*)?(?:에서\s*끝|인|이[야었]|넘|갱신|경신|회복))"
)

HIGH: Final = (
    rf"\b{_NOW}\b.{{0,40}}\b{_HIGH}\b",
    rf"\b{_HIGH}\b.{{0,40}}\b{_NOW}\b",
    rf"{_KOREAN_NOW}.{{0,20}}{_KOREAN_HIGH}",
    rf"{_KOREAN_HIGH}.{{0,20}}{_KOREAN_NOW}",
)
"""Whether it ends at a new high."""
UNDER: Final = (
    rf"\b{_NOW}\b.{{0,40}}\b{_UNDER}(?![a-z])",
    rf"\b{_UNDER}\b.{{0,40}}\b{_NOW}\b",
    r"\b(?:current|present|closing|ending|final|end)\s+(?:draw\s?down|dd)s?\b",
    r"\b(?:draw\s?down|dd)s?\s+(?:(?:is|are|was|were|do|they|it|stands?)\s+){0,3}(?:at\s+the\s+end|right\s+now|now|today)\b",
    r"\b(?:has|have|is|are)\s+(?:\S+\s+){1,4}?been\s+(?:under\s?water|below\s+(?:its|their)\s+(?:peak|high))",
    r"\bsince\s+when\b.{0,40}\b(?:under\s?water|below|in\s+(?:a\s+)?draw\s?down|stuck)\b",
    rf"\b(?:is|are|isn't|aren't)\s+(?:(?!time|days?)\S+\s+){{0,4}}?(?:not\s+)?{_UNDER}(?![a-z])",
    rf"\bhow\s+far\b.{{0,40}}\b{_UNDER}(?![a-z])",
    r"물린\s*지\s*.{0,12}(?:됐|되|며칠|얼마|몇)",
    r"물려\s*있(?:는(?!\s*(?:기간|시간|날|일|비율))|어|음|나|냐|니|습|지|죠|을까)|안\s*물[려린](?!\S*[던었])",
    r"고점(?:에|에서|이랑|과)\s*(?:제일|가장|젤)?\s*(?:가까|먼|멀)",
    r"언제부터\s*.{0,12}물[려린]",
    r"(?:현재|지금|마지막\s*날|최종|막판)의?\s*낙폭(?!\s*[중기])",
    rf"{_KOREAN_NOW}.{{0,20}}{_KOREAN_UNDER}",
    rf"{_KOREAN_UNDER}.{{0,20}}{_KOREAN_NOW}",
)
"""How far below its peak it ends."""
NOT_ASKED: Final = r"""
    \bwhen\s+(?:did|was|were|does|do)\b|\bhow\s+long\s+(?:did|was|were|does)\b|longest|최장|오래|비율|percent
    |\bhow\s+(?:much|often)\b.{0,20}\b(?:time|often)\b|\bmost\s+often\b
"""
"""What is asked of another drawdown."""
ENDED: Final = r"(?:at\s+)?(?:the\s+)?(?:year\s*)?end\s+of(?:\s+the\s+year)?|(?<=[년월기해달])\s*말(?!고)"
"""What stands beside a date that is the last day."""
NEGATED: Final = r"""
    안\s*물[려린]|물[려린]\S*\s*(?:지\s*)?(?:않|안\s)|\bnot\s+(?:\w+\s+)?(?:under\s?water|below|in\s|stuck)
    |\b(?:which|who|ones|strategies|strats)\b.{0,20}n't\s+(?:\w+\s+)?(?:under\s?water|below|in\s|stuck)
"""
"""What asks for those that are not below their peaks."""
SEVERAL: Final = r"""
    전략|애들?|놈|하나도|아무도|아무것도|[거건게것]\s*(?:있|없|뭐|누|몇|는|은|\W*$)|\b(?:any|anyone|anything|ones|strategies|strats)\b
"""
NEAREST: Final = r"""
    (?:제일|가장|젤|최고로)[가-힣\s]{0,12}(?:작|적|덜|얕|가까|조금)
    |더\s*(?:작|적|얕|가까)|\b(?:least|smallest|shallowest|closest|nearest|closer|nearer|shallower)\b
"""
FARTHEST: Final = r"""
    (?:제일|가장|젤|최고로)[가-힣\s]{0,12}(?:크|큰|많|깊|심|멀|먼)
    |더\s*(?:크|큰|많|깊|심|멀|먼)
    |\b(?:most|largest|biggest|deepest|furthest|farthest|worst|deeper|further|farther|worse)\b
"""
AGAIN: Final = rf"{_UNDER}|{_KOREAN_UNDER}"
"""What is asked of the last day where the question before was."""
HOW: Final = r"언제|얼마|누[가구]|뭐|몇|\b(?:how|when|which|who)\b"
"""What is answered by more than yes or no."""
