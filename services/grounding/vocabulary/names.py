"""What stands around names: quotes, particles, and what makes "A" an article."""

import re
from typing import Final

QUOTES: Final = frozenset("'\"‘’“”「」『』«»《》〈〉")

PARTICLES: Final = re.compile(
    r"(?:전략|포트폴리오|모델|모형)?(?:들)?"
    r"(?:이었|였|이며|이고|이지만|이라|이란|이나|이든|인데|인|입니|이었|일|이$|이[ ,.]|은|는|이|가|을|를|"
    r"의|와|과|랑|하고|도|만|로|으로|"
    r"에|보다|대비|처럼|까지|부터|마저|조차|쪽|측|및|이다|다|란|라|야|예요|에요|뿐|께|한테|같)"
)
"""What may follow a Korean name without a blank."""

_END: Final = r"(?:(?![가-힣])|(?=[은는이가을를의로에도와과나대쯤]|으로|입니|까지|짜리|정도|미만|초과))"
UNIT_AFTER: Final = re.compile(
    r"[\s*_`]*(?:[.,]?\d|[%‰]|-?(?:percent|pct|pp|bps?|basis|fold|dollars?|usd|krw|won|euros?|eur|"
    r"thousand|million|billion|bn|times|points?(?!\s+(?:to|at|out|up))|x(?!\s*['\"‘“])|"
    r"(?:trading\s|business\s|calendar\s)?days?|weeks?|months?|years?|yrs?|quarters?|hours?)\b|"
    r"퍼센트|퍼밀|포인트|베이시스|비피|(?:[십백천만억조]{1,3}\s?)?(?:원(?!인|칙|래)|달러)|"
    rf"(?:프로|할|푼|배|갑절|곱절|배수|년|개년|개월|주일|거래일|영업일|자릿수|자리){_END}|"
    r"[일주달]\s?동안|일\s?(?:간|연속|만에|이상|이하))",
    re.IGNORECASE,
)
"""What stands behind the closing quote of a number that is said as a value, and not as a name."""
SIGN_BEFORE: Final = re.compile(r"(?:[$€£¥₩+±\u2212-]|\b(?:usd|krw|eur)\s?)$", re.IGNORECASE)
"""What stands before the opening quote of such a number."""

ARTICLE_FOLLOWED: Final = re.compile(
    r"\s+(?!(?:the|its|it|this|that|we|there|they|you|which|who|whose|is|are|was|were|has|have|had|does|"
    r"did|and|or|vs|versus|than|but|with|over|at|by|on|in|to|for|from|while|"
    r"beats?|beat|leads?|led|wins?|won|lost|made|gave|got|saw|fell|rose|grew|came|comes|ran|kept|took|"
    r"held|stands?|"
    r"stood|trails|lags|shows|earns|returns|returned|posts|ranks|also|alone|itself|first|ends|ended)\b)"
    r"(?!\w+ed\b(?! (?:of|return|drawdown|sharpe)))[a-z]"
)
"""What makes an "A" the article: a word that is no verb."""
