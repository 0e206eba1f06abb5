"""What people say for what is read in other words: patterns, laid out by blanks, each with those words."""

from typing import Final

_PERCENT: Final = r"-?\d{1,6}(?:\.\d{1,6})?\s?(?:%|percent|pct|퍼센트|프로)"
_MORE: Final = r"(?:by\s+)?(?:more\s+than\s+|over\s+|at\s+least\s+)?"
_IN_A_DAY: Final = r"""
    (?:\s+or\s+more)?\s+(?:in|on|within)\s+(?:a|one|any)\s+(?:single\s+|trading\s+|given\s+){0,2}day\b
"""
_AT_LEAST: Final = r"\s?(?:넘게|이상)?\s?"
_STRATEGY: Final = "(?=전략|애|거|것|게|건|놈)"
_EVERY: Final = r"""
    (?:every(?:body|one|\s+strategy)|all(?:\s+of\s+(?:them|these|those)|\s+strategies)?|them\s+all)
"""
_WHEN: Final = r"(?P<when>(?!it\b|that\b)\w[\w' ]{1,30}?)"
_TIME: Final = r"(?:\s+(?:year|month|quarter|time|stretch|period))?"
_JUDGED: Final = (
    ("(?:bad|terrible|awful|rough|horrible|painful)", "lose"),
    ("(?:good|great|fine|profitable)", "make"),
)
_OF_ALL: Final = (
    *(
        (
            rf"\b(?:was|is)\s+{_WHEN}\s+(?:an?\s+)?{how}{_TIME}\s+for\s+{who}\b",
            rf"did {told} {verb} money in \g<when>",
        )
        for how, verb in _JUDGED
        for who, told in ((_EVERY, "everyone"), ("anyone", "anyone"))
    ),
    *(
        (
            rf"\bdid\s+{_EVERY}\s+have\s+an?\s+{how}\s+(?P<when>\w[\w ]{{1,30}})",
            rf"did everyone {verb} money in \g<when>",
        )
        for how, verb in _JUDGED
    ),
)
_KOREAN_ALL: Final = r"(?<![가-힣])(?P<all>다들|모두|전부|다)\s?"
_ASKED: Final = r"(?=[어나니냐지죠네음]|을까|습니까)"
_AND: Final = r"^(?P<and>\W*(?:(?:and|so|but|ok)\s+)?)"
_LARGER: Final = r"\s+(?:is\s+)?(?:bigger|larger|greater|higher|more)\s+than\s+(?:the\s+|its\s+)?"
_LOSS: Final = r"\b(?:average|mean)\s+loss"
_WIN: Final = r"\b(?:average|mean)\s+(?:win|gain|profit)"
_MEASURE: Final = r"""
    (?P<metric>(?:max(?:imum)?\s+)?draw\s?down|mdd|(?:sharpe|sortino|calmar)(?:\s+ratio)?|volatility|vol)
"""
_WHAT_IS: Final = r"^\W*(?:(?:and|so|but)\s+)?(?:what(?:'?s|\s+is|\s+was)\s+)?(?:the\s+)?"
_KOREAN_MEASURE: Final = r"(?P<metric>(?:최대\s?)?낙폭|mdd|(?:샤프|소르티노|칼마)(?:\s?비율)?|변동성)"
_BESIDE_BENCHMARK: Final = r"which has a better \g<metric> than the benchmark?"
"""The answer says the benchmark's figure, and which strategies are beyond it."""

REWORDED: Final = (
    (r"\banybody\b", "anyone"),
    (
        r"\b(?:is|was|are)\s+(?P<what>it|that|this)\s+(?:all\s+|just\s+|only\s+|mostly\s+)?(?:down|due)\s+to\b(?!\s*(?:-?\d|less|below|under))",
        r"why is \g<what>",
    ),
    (
        r"""
        ^(?P<before>(?!.*(?:어떤|어느|누가|누구|무엇|뭐|뭔|몇|중에)).*(?:넘|높|낮|크|작|많|적|좋|나쁘|깊|길|짧))지\s*않
        (?:나|니|냐|아|나요|아요|을까|을까요|습니까)(?=[\s?.!~ㅋㅎ]*$)
        """,
        r"\g<before>지",
    ),
    (
        r"\b(?:do|did)\s+(?P<who>the\s+(?:others|rest)|they|all\s+of\s+them)\s+pay\s+the\s+same\b",
        r"do \g<who> use the same",
    ),
    (r"\b(?P<greek>gamma|delta|vega|theta|factor|sector)\s+exposures?\b", r"\g<greek>"),
    (
        r"\bwhat\s+(?P<cost>commission|slippage)\s+does\s+(?P<who>\w.{0,40}?)\s+pay(?:\s+per\s+trade)?\b",
        r"what \g<cost> does \g<who> use",
    ),
    (r"(?:똑)?같은\s*기간(?:으로|에)\s*맞춰서?(?=\s)", ""),
    (
        r"\bsignificant\s+or\s+(?:is\s+it\s+)?(?:just\s+|only\s+)?(?:noise|luck|chance|random)\b",
        "significant",
    ),
    (
        r"\bdid\s+(?P<who>\w.{0,40}?)\s+(?:also\s+)?(?:bottom|trough)(?:\s+out)?\s+(?:around|at|about|in)?\s*the\s+same\s+time\b",
        r"when did \g<who> bottom",
    ),
    (
        r"""
        \bwhat\s+(?:was|is|were|are)\s+(?P<who>it|they)\s+(?:holding|invested\s+in|trading)
        (?:\s+(?:back\s+then|then|there|at\s+the\s+time))?(?:\W+(?:just|only)\b.*)?\W*$
        """,
        r"which symbols did \g<who> run on?",
    ),
    (r"^\W*아(?:니야|니|냐)(?:\s*(?:됐고|됐어|됐다))?[\s,.]+(?=\S)", ""),
    (r"^\W*(?:good\s+)?(?:morning|afternoon|evening)(?:\s+(?:all|team|guys))?\s*[,.!]+\s*(?=\S)", ""),
    (
        r"""
        \b(?P<who>how\s+many|which|any|none|all|most)\s+of\s+(?:the\s+|all\s+|our\s+){0,2}
        (?:(?!(?:19|20)\d\d\b)\d{2,5}|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)\b
        (?![\s-]*(?:%|percent|pct|bps?|basis|dollars?|days?|weeks?|months?|quarters?|years?|trades|bars|[.,]\d))
        """,
        r"\g<who> of all",
    ),
    (r"\b(?:filter|screen|weed)(?:ing|ed)?\s+out\b", "exclude"),
    (
        r"""
        (?P<before>^\W*|\b(?:please|let'?s|now|and|then|so|ok|okay|just|you|we)\s+)
        (?:drop|cut|ditch|dump|discard|eliminate|hide|rule\s+out)\s+(?:out\s+)?
        (?=(?:all\s+)?(?:the\s+|of\s+)*(?:ones|those|anything|everything|all|any|strategies|whatever)\s
        (?:with|that|which|whose|above|below|over|under|worse|better)\b)
        """,
        r"\g<before>exclude ",
    ),
    (r"\bexclude\s+every(?:thing|one)\s+(?:that|which|who)\b", "exclude those that"),
    (
        r"""
        (?<!of\s)\b(?:the\s+)?(?<!of\sthe\s)(?:ones|those|strategies|anything)\s+(?P<which>(?:with|that|which|above|below|over|under)\s[^,?]{2,50}?)
        \s+(?:removed|excluded|dropped|left\s+out|taken\s+out)\b
        """,
        r"exclude those \g<which>",
    ),
    (r"\bleast\s+(?:bad|worst|terrible|awful)\b", "best"),
    (r"(?:가장|제일|젤)\s?덜\s?(?:나쁜|못한|나빴던|못했던)", "가장 나은"),
    (r"\b(?:the|that|this)\s+(?P<what>\w+(?:\s\w+)?)\s+(?:thing|stuff)(?![\w-])", r"\g<what>"),
    (
        r"^(?P<and>\W*(?:and\s+)?)(?:is|was)\s+(?P<who>\w.{0,40}?)\s+(?:any\s+good|worth\s+anything|a\s+good\s+one)(?=\W*$)",
        r"\g<and>how good is \g<who>",
    ),
    (
        r"""
        \ball\s+but\s+(?:one|two|three|a\s+few|\d{1,2})\s+(?:of\s+them\s+)?(?:were|are|was|is|have\s+been)?\s*
        (?P<how>positive|negative|up|down|profitable|green|red|in\s+the\s+(?:black|red|green))(?=\W|$)
        """,
        r"how many strategies were \g<how>",
    ),
    (
        r"(?:하나|한\s?개|한\s?놈|둘|두\s?개)(?:만)?\s?(?:빼고|제외하고|말고)(?:는)?\s?(?:다들?|모두|전부)\s?(?P<how>플러스|마이너스|흑자|적자)[가-힣]{0,4}",
        r"\g<how>인 전략은 몇 개야",
    ),
    # a crash of a year is that year
    (
        r"""
        \b(?P<year>(?:19|20)\d\d)(?:'s)?\s+(?:stock\s+|market\s+|financial\s+)?
        (?:crash|crisis|meltdown|sell-?off|slump|rout|collapse|bust|bear\s+market|downturn|mess|disaster)\b
        """,
        r"\g<year>",
    ),
    (
        r"""
        (?P<year>(?<!\d)(?:(?:19|20)\d\d|\d\d)년(?:도)?)\s?(?:의\s?)?
        (?:대?폭락장?|하락장|약세장|금융\s?위기|위기|조정장|급락장?)(?=$|[\s에때의은는을를이가도]|동안)
        """,
        r"\g<year>",
    ),
    (rf"{_LOSS}\s+(?:per|of\s+(?:the\s+|its\s+)?)\s*(?:losing\s+)?trades?\b", "average loss"),
    (rf"{_WIN}\s+(?:per|of\s+(?:the\s+|its\s+)?)\s*(?:winning\s+)?trades?\b", "average profit"),
    (
        r"""
        통계적으로\s?(?:도\s?)?(?:유의미?하게\s?|의미\s?있게\s?|유의미?한\s?)?차이가?\s?(?:있|나)[가-힣]{0,3}
        """,
        "차이가 확실해",
    ),
    (r"통계적?\s?유의성(?:은|이)?(?:\s?(?:있|어때)[가-힣]{0,3})?(?=\W*$)", "차이가 확실해"),
    (r"\beverybody\b", "everyone"),
    (r"\b(?:has|have)\s+(?P<who>\w.{0,40}?)\s+(?:ever\s+)?beaten\b", r"did \g<who> beat"),
    (r"\bavg\.?(?=\s)", "average"),
    # a day's return is no drawdown
    (
        rf"\b(?:drop|fall|lose|fell|lost|dropped|declined?|crash(?:ed)?|down)\s+{_MORE}{_PERCENT}{_IN_A_DAY}",
        "have its worst day",
    ),
    (
        rf"\b(?:gain(?:ed)?|rise|rose|up|made?|jump(?:ed)?)\s+{_MORE}{_PERCENT}{_IN_A_DAY}",
        "have its best day",
    ),
    (
        rf"하루(?:만|사이)?에\s?{_PERCENT}{_AT_LEAST}(?:빠|떨어|잃|하락|까먹|날[렸린려]|깨)[가-힣]{{1,2}}",
        "최악의 날",
    ),
    (rf"하루(?:만|사이)?에\s?{_PERCENT}{_AT_LEAST}(?:오른|올랐|벌었|번|상승한|상승했)", "최고의 날"),
    (
        r"""
        \b(?P<who>(?:who|which(?:\s+(?:one|ones|strategy|strategies))?)|did\s+any(?:one|thing|\s+of\s+them)?)\s+
        (?P<sign>lost|lose|won|win)\s+
        (?=(?:in\s+)?(?:every|each)\s+(?:single\s+)?(?:year|quarter|month|week|day)\b)
        """,
        r"\g<who> \g<sign> money ",
    ),
    # bounds
    (
        rf"\bbeat(?:s|ing|en)?\s+(?P<amount>{_PERCENT})\s+(?:a|per|every|each)\s+year\b",
        r"have a CAGR above \g<amount>",
    ),
    (rf"\bbeat(?:s|ing|en)?\s+(?P<amount>{_PERCENT})(?=\W|$)", r"made more than \g<amount>"),
    (
        rf"""
        \b(?:breach(?:ed|es)?|(?:went|gone|go|goes|going)\s+(?:past|beyond|over)|cross(?:ed|es)?|surpass(?:ed|es)?
        |(?:broke|blew|broken)\s+(?:through|past)|topped)\s+(?:a\s+|an\s+|the\s+)?(?={_PERCENT}\s)
        """,
        "had more than a ",
    ),
    (
        rf"""
        \b(?:los[et]|losing|fell|fall|dropped|drop|declined?|(?:was|were|is|are)\s+down)\s+
        (?:by\s+)?(?:more\s+than|over)\s+(?P<amount>{_PERCENT})\s+
        (?:from\s+)?(?:(?:its|their|the|a)\s+)?(?:peak(?:[\s-]+to[\s-]+trough)?|high|top\s+to\s+bottom)\b
        """,
        r"had more than a \g<amount> drawdown",
    ),
    (
        r"""
        ^(?P<before>(?!.*\bwh(?:ich|o)\b).*?)\b(?:los[et]|losing)\s+(?:more\s+than\s+|over\s+)?half\s+(?:of\s+)?
        (?:its|their|the|your|my|our)\s+(?:value|money|capital|equity|account|cash)\b
        """,
        r"\g<before>lose more than 50 %",
    ),
    (
        r"\b(?:been\s+)?(?:halved|cut\s+in\s+half)(?=\s*[?!.]*$|\s+(?:in|at|during|ever)\b)",
        "lose more than 50 %",
    ),
    (r"반\s?토막\s?(?:이\s?)?[난된]\s?적", "50% 넘게 잃은 적"),
    (rf"반\s?토막\s?(?:이\s?)?[난된]\s?{_STRATEGY}", "낙폭 50% 넘은 "),
    (r"반\s?토막\s?(?:이\s?)?[났됐]", "50% 넘게 잃었"),
    (
        rf"(?P<metric>낙폭\S?|mdd\S?)\s(?P<percent>{_PERCENT})\s?(?:넘게|이상)\s?빠진\s?{_STRATEGY}",
        r"\g<metric> \g<percent> 넘은 ",
    ),
    (rf"(?P<percent>{_PERCENT})\s?(?:넘게|이상)\s?빠진\s?{_STRATEGY}", r"낙폭 \g<percent> 넘은 "),
    # money made or lost by all
    *_OF_ALL,
    (rf"{_KOREAN_ALL}(?:안\s?좋았|나빴|별로\s?였|망했|죽\s?쒔){_ASKED}", r"\g<all> 손실났"),
    (rf"{_KOREAN_ALL}(?:좋았|괜찮았|잘\s?했){_ASKED}", r"\g<all> 벌었"),
    # one figure
    (
        rf"{_AND}(?P<who>\w.{{0,30}}?)\s+(?:lost|fell|dropped)\s+how\s+much\b",
        r"\g<and>how much did \g<who> lose",
    ),
    (
        rf"{_AND}(?P<who>\w.{{0,30}}?)\s+(?:made|earned|returned)\s+how\s+much\b",
        r"\g<and>how much did \g<who> make",
    ),
    (
        r"""
        \bhow\s+much\s+of\s+(?:it|that|this|the\s+(?:gain|profit|return|money)s?)\s+(?:came|comes|was\s+made|was|is)\s+
        (?:from|in)\s+(?P<when>(?:just\s+|only\s+)?(?:19|20)\d\d)\b
        """,
        r"what was its total return in \g<when>",
    ),
    (r"\bfrom\s+(?=(?:19|20)\d\d\s+(?:alone|only|by\s+itself|on\s+its\s+own)\b)", "in "),
    (
        r"""
        \bhow\s+(?:does|did|can|could|do)\s+(?P<who>\w.{0,40}?)\s+(?:still\s+|even\s+)?(?:make|earn)\s+money\s+
        (?:with|when|if|winning|at|on)\s.{0,60}?(?:half|50\s?%|win\w*|lo[st]\w*).{0,60}$
        """,
        r"what is the payoff ratio of \g<who>",
    ),
    (
        r"""
        (?:반|절반|50\s?(?:%|프로|퍼센트?))도?\s?(?:안|못)\s?[가-힣]{1,4}\s?(?:근데\s?)?
        어떻게\s?(?:돈|수익)\S{0,2}\s?[벌내나번낸난].{0,12}$
        """,
        "손익비는?",
    ),
    (rf"{_LOSS}{_LARGER}(?:average|mean)\s+(?:win|gain|profit)\b", "is the payoff ratio below 1"),
    (rf"{_WIN}{_LARGER}(?:average|mean)\s+loss\b", "is the payoff ratio above 1"),
    # days and periods
    (r"\bit'?s\s+(?=(?:\w+\s+){0,2}recovered\b)", "has it "),
    (r"\bthey'?ve\s+(?=(?:\w+\s+){0,2}recovered\b)", "have they "),
    (
        r"\bdays?\s+from\s+(?:the\s+)?(?:bottom|trough|low)\s+to\s+(?:the\s+)?recovery\b.{0,40}$",
        "how many days to recover",
    ),
    (
        r"(?:저점|바닥)\s?(?:에서|부터)\s?회복\s?까지\s?(?:며칠|몇\s?일|얼마나)\s?(?:걸[가-힣]{1,3})?",
        "회복까지 며칠 걸렸어",
    ),
    (
        r"\brecovery\s+(?:times?|durations?)\s+(?:for|of)\s+(?P<who>each|all|every)\b",
        r"when did \g<who> strategy recover",
    ),
    (
        r"""
        \bdid\s+(?P<who>\w.{0,40}?)\s+make\s+money\s+in\s+(?:more|most)\s+(?:of\s+the\s+)?
        (?P<unit>month|year|quarter|week|day)s\b(?:\s+than\s+(?:it|they)\s+(?:lost|did\s?n[o']t)(?:\s+money)?)?
        """,
        r"in how many \g<unit>s did \g<who> make money",
    ),
    (r"(?<![가-힣])진\s?(?=(?:해|연도|년도|분기)(?![가-힣]{3}))", "손실난 "),
    (r"\bgot\s+away\s+with\b", "had"),
    (
        r"(?P<what>\b(?:loss|return|gain|drawdown|profit|volatility|sharpe))\s+there(?=\W*$)",
        r"\g<what> in that period",
    ),
    # the benchmark
    (rf"{_WHAT_IS}benchmark(?:'?s)?\s+{_MEASURE}\W*$", _BESIDE_BENCHMARK),
    (rf"{_WHAT_IS}{_MEASURE}\s+of\s+the\s+benchmark\W*$", _BESIDE_BENCHMARK),
    (
        rf"""
        ^\W*(?:(?:그럼|그러면|근데)\s)?(?:벤치마크|벤치)(?:의|는|은|도)?\s?{_KOREAN_MEASURE}(?:[은는이가도]|은요|는요)?
        \s?(?:얼마[가-힣]{{0,3}}|어때|어땠[가-힣]|뭐야|몇[가-힣]{{0,4}})?\W*$
        """,
        r"벤치마크보다 \g<metric> 좋은 전략은?",
    ),
    # symbols
    (
        r"""
        ^\W*(?:is\s+there\s+|was\s+)?(?:any(?:thing)?|something|what)\s+
        (?:(?:is|was|were|has\s+been|have\s+been|did\s+(?:we|you|i))\s+)?(?:run|ran|tested|backtested)\s+
        (?:on|with|for)\s+(?P<symbol>(?-i:[A-Z]{1,5}))\b\W*$
        """,
        r"which strategies trade \g<symbol>",
    ),
    (
        r"""
        ^\W*(?:(?:그럼|혹시)\s)?(?P<symbol>(?-i:[A-Z]{1,5})|[가-힣]{2,8}?)(?:으로|로|에서|에)\s?(?:돌린|돌렸던|실행한|테스트한|백테스트한|한)\s?
        (?:거|것|게|건|적|전략)[은도이]?\s?(?:있[어나니냐음]|뭐|몇).{0,6}$
        """,
        r"\g<symbol> 거래하는 전략은?",
    ),
    (
        r"""
        ^\W*(?:so\s+)?(?:(?:do|does)\s+)?(?:they\s+all|all(?:\s+of\s+them|\s+strategies)?|everything|everyone)\s+
        (?:trade|hold|use)s?\s+(?P<symbol>(?-i:[A-Z]{1,5}))\b.{0,20}$
        """,
        r"which strategies trade \g<symbol>",
    ),
    (
        r"^(?:다들?|모두|전부)\s?(?P<symbol>(?-i:[A-Z]{1,5}))\s?(?:만\s?)?(?:거래|매매|써|사용).{0,6}$",
        r"\g<symbol> 거래하는 전략은?",
    ),
    # of the answer before
    (
        r"""
        ^\W*(?:(?:and|ok|just|only|show|me)\W+){0,3}(?:the\s+)?(?:first\s+and\s+(?:the\s+)?last|top\s+and\s+(?:the\s+)?bottom
        |(?:both|two)\s+ends)(?:\s+(?:one|ones|only|please|again))*\W*$
        """,
        "the best and the worst",
    ),
    (
        r"""
        ^\W*(?:(?:그럼|근데)\s)?(?:양\s?(?:쪽\s?)?끝|(?:맨\s?위|[1일]등|[1일]위)(?:이?랑|와|하고)\s?(?:맨\s?아래|꼴찌|꼴등))
        (?:만|은|는)?(?:\s?(?:다시|좀|말해|보여|알려|줘|봐|줄래)){0,4}\W*$
        """,
        "최고와 최악은?",
    ),
    (
        r"\bhow\s+far\s+apart\s+(?:are|were)\s+(?P<who>\w.{0,40}?)(?=\W*$)",
        r"how big is the difference between \g<who>",
    ),
    (
        r"^\W*(?:and\s+|but\s+)?(?:what\s+)?if\s+(?:i|we)\s+(?:only|just|mostly|mainly)\s+(?:care|cared|worry|worried)\s+about\s+",
        "and by ",
    ),
    (
        r"^\W*(?:no\W+|sorry\W+)?i\s+(?:meant?|was\s+(?:talking|asking)\s+about)\s+(?:the\s+)?(?P<who>\w.{0,40}?)(?:\s+one)?(?=\W*$)",
        r"what about \g<who>",
    ),
    (
        r"^\W*(?:(?:그거|그건|그게)\s?)?언제\s?찍었[가-힣]{0,3}(?:\s?(?:그거|그게))?(?=\W*$)",
        "저점이 언제였어",
    ),
    (
        r"""
        (?:(?:그거|그게|이거|이게|그\s?차이)\s?)?(?:진짜\s?)?(?:실력|진짜)(?:이?야|인가|일까|임)?\s?(?:아니면\s?)?
        (?:그냥\s?)?(?:우연|운)(?:이야|인가|일까|임|인지)[가-힣]{0,3}(?=\W*$)
        """,
        "우연인가",
    ),
    (r"\b(?:skill\s+or\s+(?:just\s+)?luck|luck\s+or\s+(?:real\s+)?skill)\b", "luck"),
    (
        r"\bhow\s+many\s+of\s+(?:them|those|its\s+trades|the\s+trades)\s+were\s+losers\b",
        "number of losing trades",
    ),
    (
        r"\bhow\s+many\s+of\s+(?:them|those|its\s+trades|the\s+trades)\s+were\s+winners\b",
        "number of winning trades",
    ),
    # what will be
    (
        r"""
        (?<![가-힣])(?:다음엔|다음에는?|이제(?:는|부터)?|앞으로[는도]?|또|계속|내년엔?|내년에[는도]?)\s?(?:더\s?|계속\s?|잘\s?)?
        (?:오르|오를|내릴|떨어질|벌|잃을|잘할|좋을|좋아질|나아질|나빠질|될)\s?(?:까|수\s?있을까|것\s?같아|거\s?같아)[가-힣]{0,2}
        """,
        "앞으로 수익률은 어떨까",
    ),
    # endings of Korean notes
    (r"맞음(?=\W*$)", "맞아"),
    (r"누군(?:데|지|가)(?:요)?(?=\W*$)", "누구야"),
    (r"(?<=로)\s?봐도(?=\s)", " 보면"),
    (r"(?<=[더장일젤]\s)큼(?=\W*$)", "커"),
    (r"반대\s?아(?:님|냐|니야|닌가|니에요|닌가요)(?=\W*$)", "반대야"),
)
