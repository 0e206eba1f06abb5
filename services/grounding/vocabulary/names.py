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

ARTICLE_FOLLOWED: Final = re.compile(
    r"\s+(?!(?:the|its|it|this|that|we|there|they|you|which|who|whose|is|are|was|were|has|have|had|does|"
    r"did|and|or|vs|versus|than|but|with|over|at|by|on|in|to|for|from|while|"
    r"beats?|beat|leads?|led|wins?|won|lost|made|gave|got|saw|fell|rose|grew|came|comes|ran|kept|took|"
    r"held|stands?|"
    r"stood|trails|lags|shows|earns|returns|returned|posts|ranks|also|alone|itself|first|ends|ended)\b)"
    r"(?!\w+ed\b(?! (?:of|return|drawdown|sharpe)))[a-z]"
)
"""What makes an "A" the article: a word that is no verb."""
