"""The Korean words of questions: nouns and adverbs as they are, predicates by their stems.

Phrases are separated by semicolons; a blank within one may be left out in a question. Of several that begin
at one syllable, the longest is read whose rest is a particle, an ending or another word.
"""

from typing import Final

from services.language.terms import (
    ABOVE_ZERO,
    BELOW_ZERO,
    NONE,
    Degree,
    Grade,
    Limit,
    Mark,
    Noun,
    Number,
    Term,
    Trait,
    Unknown,
)

HA_TRAITS: Final[tuple[tuple[Term, str], ...]] = (
    (Trait("max_drawdown", -1), "위험; 위태; 공격적이; 리스키"),
    (Trait("max_drawdown", 1), "안전; 보수적이; 무난"),
    (Trait("volatility", -1), "얌전; 조용; 꾸준; 잔잔; 평탄; 견고; 일정"),
    (Trait("volatility", 1), "불안정; 불안; 들쭉날쭉; 요동; 출렁출렁; 오락가락"),
    (Grade("quality", 1), "우수; 우세; 월등; 양호; 탁월; 훌륭; 잘; 추천; 유리; 선호; 선택; 완벽"),
    (Grade("quality", -1), "부진; 저조; 미흡; 불리; 처참; 못"),
    (Grade("size", 1), "심; 과; 풍부; 과도; 막대; 빈번"),
    (Grade("size", -1), "미미; 희박; 경미; 부족"),
)
"""Roots of predicates with 하다: 위험하고, 위험한, 위험해."""

STEMS: Final[tuple[tuple[Term, str], ...]] = (
    (Noun("trades"), "사고 파; 사고 파는; 사고 판; 사고 팔"),
    (Trait("beta", 1), "시장에 민감; 시장에 민감한; 시장에 민감하"),
    (Trait("max_drawdown", -1), "깨진; 깨지; 깨졌; 박살난; 박살 난"),
    (Noun("total_return", sense=-1, own=1, weak=True), "까먹; 까먹은; 까먹었"),
    (Grade("size", 1, zero=ABOVE_ZERO), "양수; 양의; 플러스; 흑자"),
    (Grade("size", -1, zero=BELOW_ZERO), "음수; 음의; 마이너스; 적자"),
    (Grade("size", -1, zero=NONE), "없; 없었; 안 하; 안 하는; 안 한; 안 했"),
    (
        Trait("total_return", -1, zero=NONE),
        """
        수익 안 난; 수익이 안 난; 수익 안 났; 수익이 안 났; 수익 못 낸; 수익을 못 낸; 수익이 나지 않은;
        수익을 내지 못한; 수익을 못 내는
        """,
    ),
    (
        Trait("total_return", 1, zero=Limit(1, inclusive=True)),
        """
        손실 안 난; 손실이 안 난; 손실 안 났; 손실이 안 났; 손실 안 본; 손실을 안 본; 손해 안 본;
        손해를 안 본; 손실이 나지 않은; 손실을 내지 않은; 손해를 보지 않은
        """,
    ),
    (
        Noun("total_return", own=1),
        """
        수익 난; 수익이 난; 수익 나는; 수익이 나는; 수익 났; 수익이 났; 수익 낸; 수익을 낸; 수익 냈;
        수익을 냈; 수익을 내는; 이익 난; 이익이 난; 이익이 났; 이익 낸; 이익을 낸; 이익을 냈
        """,
    ),
    (
        Noun("total_return", sense=-1, own=1),
        """
        손실 난; 손실이 난; 손실 나는; 손실이 나는; 손실 났; 손실이 났; 손실 본; 손실을 본; 손실 봤;
        손실을 봤; 손실 낸; 손실을 낸; 손실을 냈; 손실 입은; 손실을 입은; 손해 난; 손해가 난; 손해 본;
        손해를 본; 손해 봤; 손해를 봤
        """,
    ),
    (Grade("quality", -1), "망한; 망하; 망했"),
    (Trait("max_drawdown", -1), "많이 떨어진; 크게 떨어진; 많이 떨어지; 많이 빠진; 크게 빠진; 많이 내린"),
    (Trait("max_drawdown", 1), "적게 떨어진; 덜 떨어진; 조금 떨어진; 적게 빠진; 덜 빠진; 덜 내린"),
    (Trait("costs_paid", -1), "싼; 싸; 저렴한; 저렴하; 저렴"),
    (Trait("costs_paid", 1), "비싼; 비싸"),
    (Trait("volatility", -1), "매끄럽; 매끄러운; 매끈한; 매끈하; 부드러운; 부드럽"),
    (Noun("total_return"), "오르; 오른; 올랐; 오름; 상승한; 상승하"),
    (Noun("total_return", own=1), "번; 벌; 버; 벌었; 벌어준; 벌어들인; 벌어다준"),
    (Noun("time_under_water"), "물려 있; 물려 있던; 물려 있는; 물린; 물렸"),
    (Grade("size", 1, compared=True), "내림차순"),
    (Grade("size", -1, compared=True), "오름차순"),
    (
        Grade("size", -1),
        """
        별로 안 하는; 별로 안 하; 별로 안 한; 거의 안 하는; 거의 안 하; 거의 안 한;
        잘 안 하는; 안 나오; 안 나오는; 안 나온; 거의 없; 별로 없
        """,
    ),
    (Grade("quality", 1), "버티; 버틴; 버텼"),
    (Degree(1, compared=False), "잘"),
    (Number(0.5, "percent"), "절반; 반"),
    (
        Trait("volatility", -1),
        """
        안정적이; 안정적인; 안정적; 안정되; 안정된; 안정돼; 한결같; 안정감 있; 차분하; 차분한
        """,
    ),
    (
        Trait("volatility", 1),
        """
        불안정적이; 불안정적인; 출렁이; 출렁거리; 출렁인; 출렁거린; 흔들리; 흔들린; 흔들렸; 널뛰; 변덕스러;
        변덕스럽
        """,
    ),
    (Trait("total_return", 1), "수익성 있; 돈 되; 고수익"),
    (Trait("total_return", -1), "저수익"),
    (Trait("max_drawdown", -1), "고위험"),
    (Trait("max_drawdown", 1), "저위험; 무손실"),
    (Trait("volatility", 1), "고변동성; 고변동"),
    (Trait("volatility", -1), "저변동성; 저변동"),
    (
        Noun("total_return"),
        """
        벌; 번; 벌었; 벌어준; 벌어다준; 벌어다주; 벌어주; 벌어줬; 벌린; 벌려준; 버; 벌어들이; 벌어들인
        """,
    ),
    (Noun("total_return", sense=-1, own=1), "잃; 잃었; 날리; 날린; 날렸; 잃어버린; 손해보; 손해 보; 손해 본"),
    (
        Grade("size", 1),
        """
        높; 높았; 크; 큰; 컸; 커; 클; 많; 많았; 많이; 자주; 잦; 잦은; 깊; 깊었; 최고치; 높게; 크게; 강하;
        강한; 거세; 거센; 심각하; 심각한; 올라간
        """,
    ),
    (Grade("size", 1, compared=True, superlative=True), "최대; 최댓값; 최대치; 최다"),
    (
        Grade("size", -1),
        """
        낮; 낮았; 작; 작았; 적; 적었; 적게; 드물; 드문; 얕; 얕았; 덜하; 덜한; 떨어지; 떨어진;
        떨어졌; 조금; 낮게; 작게; 가볍; 가벼운; 약하; 약한; 약했
        """,
    ),
    (Grade("size", -1, compared=True, superlative=True), "최소; 최솟값; 최소치; 최저; 최저치"),
    (
        Grade("quality", 1),
        """
        좋; 좋았; 낫; 나은; 나아; 나을; 나았; 뛰어나; 뛰어난; 뛰어났; 쓸만하; 쓸만한; 고르; 고를; 골라; 고른;
        괜찮; 괜찮은; 괜찮았; 잘 나가; 잘나가; 잘 나온; 잘나온; 잘하; 잘한; 잘 한; 잘했; 승자; 추천; 추천할;
        추천해줄
        """,
    ),
    (
        Grade("quality", 1, against=True),
        """
        이기; 이긴; 이겨; 이겼; 이길; 앞서; 앞선; 앞섰; 능가하; 능가한; 능가할; 뛰어넘; 압도하; 압도한; 제치;
        제친; 앞지르; 앞지른; 앞질러; 꺾
        """,
    ),
    (
        Grade("quality", -1, against=True),
        """
        지는; 졌; 밀리; 밀린; 밀렸; 뒤지; 뒤진; 뒤졌; 뒤처지; 뒤처진; 뒤떨어지; 뒤떨어진; 못 미치; 못 이기;
        못 이긴; 패하; 패한
        """,
    ),
    (
        Grade("quality", 1, compared=True, superlative=True),
        """
        최상; 최우수; 베스트; 최선; 최적; 챔피언; 우승; 우승자
        """,
    ),
    (
        Grade("order", 1, compared=True, superlative=True),
        """
        최고; 으뜸; 일등; 일위; 톱; 탑; 상위; 상위권; 최상위; 선두; 맨 위
        """,
    ),
    (
        Grade("order", -1, compared=True, superlative=True),
        """
        꼴찌; 꼴등; 하위; 하위권; 최하위; 바닥; 밑바닥; 맨 아래; 최하
        """,
    ),
    (
        Grade("quality", -1),
        """
        피해야; 피해야 할; 피할;
        나쁘; 나쁜; 나빠; 나빴; 나쁠; 못하; 못한; 못해; 못했; 구리; 구린; 별로; 허접하; 허접한; 형편없;
        형편없는; 안좋; 안 좋; 안좋은; 안 좋은; 시원찮; 시원찮은; 못 하; 못 한
        """,
    ),
    (Grade("quality", -1, compared=True, superlative=True), "최악; 워스트"),
    (
        Grade("length", 1),
        """
        길; 긴; 길었; 오래; 오랫동안; 오래 걸리; 오래 걸린; 오래 걸렸; 느리; 느린; 느렸; 더디; 더딘; 늦; 늦은;
        오래 간; 오래 가; 오래걸린; 오래걸리
        """,
    ),
    (Grade("length", -1), "짧; 짧았; 빠르; 빠른; 빨라; 빨랐; 빨리; 금방; 빠를"),
    (Degree(1, superlative=True), "가장; 제일; 젤; 가쟝; 가장많이"),
    (Degree(1), "더; 더욱; 훨씬; 보다 더; 좀 더; 조금 더"),
    (Degree(-1), "덜; 조금 덜; 좀 덜"),
    (Degree(1, compared=False), "매우; 아주; 너무; 굉장히; 상당히; 꽤; 무척; 많이들"),
)
"""Predicates, with their forms where the stem changes, and adverbs."""

LIMITS: Final[tuple[tuple[Term, str], ...]] = (
    (Limit(1, inclusive=True), "이상; 부터"),
    (Limit(-1, inclusive=True), "이하; 까지"),
    (Limit(-1, inclusive=True, beyond=True), "이내; 안쪽; 안에; 내; 안으로; 이내로"),
    (Limit(1), "웃도; 웃돈; 웃돌; 상회하; 상회한; 위; 위로"),
    (
        Limit(-1),
        """
        미만; 아래; 밑; 밑도; 밑돌; 밑돈; 못 미치; 못미치; 하회하; 하회한; 안 되; 안되; 안 돼; 아래로; 밑으로
        """,
    ),
    (
        Limit(1, beyond=True),
        """
        초과; 넘; 넘었; 넘기; 넘긴; 넘겼; 초과하; 초과한; 넘어가; 넘어간; 넘어선; 넘어서; 이상으로 큰
        """,
    ),
    (
        Limit(-1, inclusive=True, beyond=True),
        """
        넘지 않; 안 넘; 못 넘; 초과하지 않; 안 넘어가; 넘기지 않; 넘은 적 없; 넘은 적이 없; 넘긴 적 없;
        넘긴 적이 없
        """,
    ),
)
"""After a number they make it a bound."""
LIMITS_BEFORE: Final[tuple[tuple[Term, str], ...]] = (
    (Limit(1, inclusive=True), "최소; 적어도"),
    (Limit(-1, inclusive=True), "최대; 많아야; 기껏해야"),
)
"""Before a number they make it a bound."""

MARKS: Final[tuple[tuple[Term, str], ...]] = (
    (Mark("filler"), "든; 드는; 들어간; 들었; 썼; 쓴; 나간; 봤; 본; 보는; 입은; 입었; 난; 났; 나는; 생긴"),
    (Mark("small talk"), "고마워; 고맙; 감사; 감사합니다; 땡큐"),
    (Mark("and"), "그리고; 및; 또는; 혹은; 또"),
    (Mark("break"), "하지만; 그런데; 근데; 그러나; 그러면서; 반면; 그래도; 동시에; 동시"),
    (Mark("by"), "기준; 기준으로; 순; 순서; 순으로; 순위로; 면에서; 측면에서; 별; 으로 보면; 로 보면"),
    (Mark("among"), "중; 중에; 중에서; 가운데; 가운데서; 중의; 모두; 다; 전부"),
    (Mark("not"), "안; 못"),
    (Mark("negated"), "않은; 않는; 않고; 않으면서; 않으며; 않지만; 않았던; 않은데; 않던; 아니면서"),
    (
        Mark("ruled out"),
        """
        말고; 말고는; 빼고; 빼놓고; 빼면; 뺀; 제외; 제외하고; 제외한; 제외하면; 제외하고는; 외; 외에; 외에는;
        외의; 이외; 이외에; 이외의; 아닌; 아니고; 아니라; 아닌데; 없이; 빼 놓고; 빼; 아닌지;
        거르고; 걸러내고; 제끼고; 제치고; 버리고
        """,
    ),
    (
        Mark("head"),
        """
        전략; 것; 거; 게; 건; 걸; 쪽; 놈; 녀석; 애; 방법; 선택; 포트폴리오; 모델; 시스템; 백테스트; 알고리즘;
        이것; 그것; 이거; 그거; 저거; 얘; 걔; 종류; 선택지; 후보; 둘 다; 곳
        """,
    ),
    (
        Mark("which"),
        """
        어느; 어떤; 어떤게; 어느게; 누가; 누구; 무엇; 무엇이; 뭐; 뭘; 뭔; 뭐가; 어디; 무슨; 어떤것; 어떤거
        """,
    ),
    (Mark("how"), "얼마나; 얼마; 얼만큼; 얼마만큼; 어느 정도; 얼마쯤"),
    (
        Mark("about"),
        """
        어때; 어떄; 어떤가; 어떤가요; 어떻; 어떠; 어떨; 어땠; 대해; 대해서; 대하여; 요약; 설명; 소개; 분석;
        요약해; 설명해
        """,
    ),
    (Mark("filler"), "전혀; 아예; 하나도; 언제나; 언제든; 언제든지; 상관없이; 상관없; 상관 없이; 상관 없"),
    (
        Mark("benchmark"),
        "벤치마크; 시장; 지수; 바이앤홀드; 바이 앤 홀드; 매수 후 보유; 단순 보유; 존버; 코스피; 나스닥; S&P",
    ),
    (Mark("correlation"), "상관; 상관 관계; 상관 계수; 상관도; 상관성"),
    (
        Mark("when"),
        """
        언제; 어느 해; 어느 달; 어느 날; 어느 시기; 어느 시점; 어느 분기; 어떤 시기; 몇 년도; 몇 월; 며칠
        """,
    ),
    (
        Mark("period"),
        """
        작년; 올해; 재작년; 지난해; 지난 해; 금년; 올 해; 상반기; 하반기; 지난달; 지난 달;
        이번 달; 지난주; 이번 주
        """,
    ),
    (Mark("meaning"), "뜻; 의미; 정의; 뭔지; 무엇인지; 뭐하는 지표; 무슨 뜻; 무슨 의미"),
    (Mark("nearest"), "가까운; 가깝; 근접한"),
    (Mark("aggregate"), "합계; 합산; 합치면; 합친; 중앙값; 중간값"),
    (Mark("why"), "왜; 어째서; 이유; 원인; 무엇 때문; 뭐 때문"),
    (
        Mark("future"),
        """
        내년; 내후년; 다음 해; 다음 달; 다음 주; 다음 분기; 내일; 모레; 앞으로; 앞으로도; 향후; 미래; 장래;
        장차; 전망; 예측
        """,
    ),
    (
        Mark("small talk"),
        """
        날씨; 농담; 점심; 저녁; 아침; 맛집; 영화; 노래; 축구; 뉴스; 기온; 기분; 음악; 식당; 메뉴
        """,
    ),
    (
        Mark("filler"),
        """
        수익 곡선; 자산 곡선; 자산 그래프; 정말; 진짜; 크기; 높이; 길이; 깊이; 폭; 이번; 저번; 대비; 혹시;
        그럼; 그러면; 그래서; 좀; 이; 그; 저; 내; 제; 우리; 나; 지금; 현재; 오늘; 최근; 지난;
        기간; 동안; 시간; 수; 전체; 모든; 각; 각각; 하나; 만; 뿐; 사실; 보통; 대체; 도대체; 일단; 음; 흠; 와;
        자; 가진; 낸; 내는; 겪은; 기록한; 보인; 보여준; 파라미터; 설정; 종목; 이름; 버전; 유형;
        시작일; 종료일; 점수; 지표; 값; 수치; 숫자; 경우; 반대로; 뒤; 뒤에서; 앞에서; 밑에서; 위에서; 처음;
        마지막; 평균; 나머지; 다른; 여러; 두; 세; 네; 한; 둘; 셋; 넷; 알려; 보여; 해; 말해; 찾아; 뽑아; 정렬;
        나열; 나열해; 있; 있는; 하; 했; 합; 할; 되; 된; 됐; 같; 같은; 나오; 나온; 나왔; 사람;
        어디; 질문; 답; 의견; 생각; 들; 상; 쯤; 정도; 약; 대략; 편; 축; 가능; 가능성; 꼭; 특히; 역시; 오히려;
        아마; 현황; 목록; 리스트; 수준; 사이; 총; 퍼센트; 당신; 너; 네가; 내가; 제가
        """,
    ),
)
"""What relates others to each other, and what has no meaning here."""

NUMBERS: Final = {
    **dict(
        zip(["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"], range(1, 11), strict=True)
    ),
    **dict(zip(["하나", "둘", "셋", "넷"], range(1, 5), strict=True)),
}
ORDINALS: Final = {
    "첫": 1,
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
}

REWRITTEN: Final = {"조건부 var": "cvar", "mdd 대비": "낙폭 대비"}
"""Phrases in both scripts."""

UNKNOWN: Final[tuple[tuple[Term, str], ...]] = (
    (
        Unknown(),
        """
        벤치마크와의 상관관계; 벤치마크와 상관관계; 벤치마크 상관관계; 시장과의 상관관계; 시장과 상관관계;
        시장 상관관계; 벤치마크와의 상관; 시장과의 상관; 평균 낙폭;
        평균 하락폭; 평균 손실; 평균 손실률; 평균 손익;
        감마; 델타; 세타; 베가; 로우; 트레이너; 트레이너 비율; 오메가; 오메가 비율; 켈리; 켈리 비율; 배당;
        배당률; 배당금; 배당수익률; 배당 수익률; 시가총액; 시총; 유동성; 주가; 가격; 거래량; 월수익률;
        월 수익률; 월간 수익률; 일간 수익률; 일수익률; 주간 수익률; 결정계수; 보유 기간;
        평균 보유 기간; 연승; 연패; 최대 연승; 최대 연패; 듀레이션; 자기자본이익률; 주가수익비율; 손실 확률;
        파산 확률; 회복 계수; 모멘텀 점수; 인기; 인기도; 난이도; 기온; 초과수익률; 초과 수익; 초과 성과;
        상승장; 하락장; 강세장; 약세장; 폭락장; 초과 수익률
        """,
    ),
)
"""Well-known measures that the catalogue does not have."""
