"""How people ask on without saying again what they ask: phrases separated by semicolons, in lower case."""

from typing import Final

CONTINUING: Final = """
    반대로; 거꾸로; 역으로; conversely;
    그럼; 그러면; 그렇다면; 그리고; 그런데; 근데; 그래서; 또; 그때; and; then; so; ok; okay; but; also; now;
    what about; how about; and what about; and how about; what abt; how abt; how bout; 아니; 음; 흠; hmm; well
"""
"""How a question begins that goes on from the one before."""
ASKING: Final = """
    what about; how about; and what about; and how about; what's; what is; who's; who is; which is; show;
    에이; 아; 그거 말고; 그것 말고; 걔 말고
"""
"""What may come before one that only goes on."""
OPPOSITE: Final = """
    반대; 정반대; 반대쪽; 거꾸로; 반대 순서; opposite; reverse; contrary; other way round; other way around;
    other end; vice versa; converse
"""
WHY: Final = """
    왜; 왜요; 왜지; 왜죠; 왜 그래; 왜 그래요; 왜 그런가요; 왜 그런 거야; 왜 그런거죠; 왜 그렇지; 왜 그렇죠;
    왜 그렇게 됐어; 왜 그렇게 나왔어; 왜 그렇게 나온; 왜 그렇게 나왔을까; 왜 그럴까; 왜 이래; 왜 이럴까;
    왜 이렇게 나왔어; 왜 이렇게 나온; 왜 이렇게 나왔을까; 왜 그랬을까; 왜 그랬어; 왜 이런 거; 어째서;
    이유; 이유는; 이유가 뭐야; 이유가 뭔데; 이유가 뭐예요;
    이유가 뭔가요; 이유가 뭐지; 이유 알려줘; 이유를 알려줘; 무슨 이유로; 그건 왜; 그건 왜 그래;
    그건 왜 그런 거야; 그건 왜 그렇지; 그게 왜; 그 이유는; 그 이유가 뭐야; 근거는; 근거가 뭐야; 근거가 뭔데;
    뭐 때문에; why; why so; why not; why is that; why did it come out that way; why did it turn out that way;
    why did that happen; why would that be; why is it; why is this; why's that; whys that; how come;
    but why; and why; why though; what's the reason; whats the reason; what is the reason; the reason;
    for what reason; how so; explain why; tell me why; what makes you say that; why do you say that;
    because of what; 왜 그런데; 왜 그런 거; 왜 그런 건데; 이유가 뭐; 근거가 뭐
"""
CERTAIN: Final = """
    확실; 확실해; 확실해요; 확실한가요; 확실한 거야; 확실한거야; 확실하지; 확실하니; 확실한가; 확실합니까;
    얼마나 확실해; 얼마나 확실해요; 얼마나 확실한가요; 얼마나 확실한데; 얼마나 확실한 거야; 진짜; 진짜야;
    진짜요; 진짜로; 정말; 정말이야; 정말요; 정말로; 정말인가요; 레알; 실화; 믿어도 돼; 믿어도 되나;
    믿어도 되나요; 믿을 만해; 믿을만해; 믿을 수 있어; 믿을 수 있나요; 얼마나 믿을 수 있어; 얼마나 믿을 만해;
    유의미해; 유의미한가요; 유의미한 차이야; 유의미한 차이인가요; 유의해; 유의한가요; 통계적으로 유의해;
    통계적으로 유의한가요; 통계적으로 유의미해; 통계적으로 확실해; 차이가 유의미해; 그 차이가 유의미해;
    우연 아니야; 우연 아냐; 우연은 아니야; 우연일 수도 있잖아; 우연인가; 운 아니야; 운 아냐; 그냥 운 아니야;
    장담할 수 있어; 자신 있어; 얼마나 자신 있어; 신뢰도는; 신뢰 수준은; p값은; p 값은; 확신해; 확신하니;
    얼마나 확신해; sure; you sure; are you sure; are you sure about that; are you certain; certain;
    how sure; how sure are you;
    how sure are you about that; how sure are you of that; how sure about that;
    how certain are you about that; how confident are you about that;
    how confident are you in that; how sure is that; how certain; how certain are you; how certain is that;
    how confident; how confident are you; really; for real; is that so; is that significant;
    is it significant; is this significant; is the difference significant; is that difference significant;
    statistically significant; significant; is that statistically significant;
    is it statistically significant; is that real; is it real; is that luck; is it luck; is it just luck;
    is that just luck; luck; just luck; just noise; is it noise; is that noise; is it just noise;
    is that by chance; could it be chance; could that be luck; could it be luck; can i trust that;
    can i trust it; can i trust this; can we trust that; can we trust it; how reliable is that;
    how reliable is it; is that reliable; how do you know; do you mean it; seriously; what's the p-value;
    whats the p value; what is the p-value; p-value; p value; 얼마나 확실하; 확실하; 확실한 거; 확실함;
    믿을 만한 거; 차이가 의미 있어; 차이가 의미가 있어; 의미 있는 차이; 의미 있는 차이인; 유의미한 차이;
    우연 아니; 우연 아닌; is that certain; is that sure; is the difference real;
    과최적화 아니; 과최적화 아니야; 과최적화 아냐; 과최적화; 과최적화된 거 아냐; 과최적화야; 과적합 아냐;
    과적합 아니야;
    과적합; 과적합이야; 오버피팅; 오버피팅 아냐; 오버피팅 아니야; 과최적화 아닐까; 과적합 아닐까;
    우연히 나온 거 아냐;
    is that overfit; is it overfit; is this overfit; isn't that overfit; overfit; overfitting; overfitted;
    is that overfitted; is it overfitted; is that overfitting; isn't it overfit; is it just overfit;
    is that just overfit;
    could it be overfit; could that be overfit; is that curve fit; is it curve fit; curve fit; curve fitting;
    is it data mined; is that data mining; is that cherry picked; data snooping; could be luck;
    could it just be luck
"""
UNIT: Final = """
    thats per year; that's per year; is that per year; per year; a year; is it per year; is that annual;
    is that annualised; is that annualized; is it annual; is it annualised; is it annualized; annualised;
    annualized; is that daily; is it daily; is that monthly; daily or annual; annual or daily;
    daily or yearly;
    is that daily or annual; is it daily or annual; is that a daily or annual figure; days or months;
    months or days; days or weeks; trading days or calendar days; calendar days or trading days; in days;
    is that in days; is that in months; what unit; in what unit; what's the unit; in what units; what units;
    연간이야; 연간인가; 연환산이야; 연환산한 거야; 연율이야; 일간이야; 월간이야; 연간이야 일간이야;
    일간이야 연간이야; 하루 기준이야;
    1년 기준이야; 연 기준이야; 단위가 뭐야; 단위는; 단위가 뭔데; 며칠이야 몇달이야; 일이야 달이야;
    거래일 기준이야; 거래일이야; 달력일이야
"""
"""What asks in which unit the figure of the answer is."""
DIFFERENCES: Final = "차이; 격차; 갭; difference; diff; gap; edge; spread"
STRENGTHS: Final = """
    통계적으로; 진짜로; 진짜; 정말로; 정말; 실제로; 얼마나; 그냥; 단순히; statistically; really; actually;
    even; just; only; pure; mere; real or just; all that
"""
SURE: Final = """
    진짜; 실제; 믿을 만; 믿어도; 믿을 수; 의미; 유의; 우연; 운이; 운인; 확실; 노이즈; 있는 거; 신뢰; 실재;
    significant; sig; real; meaningful; reliable; robust; trustworthy; noise; luck; chance; random; a fluke;
    by chance; due to chance
"""
"""What is asked of a difference, after what may strengthen it."""
AGAIN: Final = """
    정확히 얼마; 정확히는; 얼마나; 얼마나 들었는데; 얼마나 들었어; 얼마 들었는데; 얼마 들었어; 얼마나 냈는데;
    얼마나 냈어; 얼마 냈어; 얼마나 벌었는데; 얼마나 잃었는데; how much; how much exactly; exactly how much;
    얼마나 차이 나; 얼마나 차이; 차이가 얼마나 나; 차이는 얼마; 차이가 얼마; 얼마 차이; 둘 차이가 얼마나 나;
    그게 뭔데; 그게 뭐; 그게 누구; 그게 누구누구; 그게 어떤 전략; 누구누구; 어떤 것들; 뭐뭐; 다 대봐;
    다시 말해줘; 몇 개; 그게 몇 개; by how much; how big is the difference; how large is the difference;
    what's the difference; what is the difference; list them; name them; show them; which ones;
    who are they; which are they; what are they; how many; how many is that; how many are they;
    how many are there of them; 어느 쪽; 어느 쪽이; 어느 쪽이야; 어느 쪽인데; 어느 쪽이요; 어느 쪽인가요;
    어느 거; 어느 게; 어느 것; 어느 것이; 어떤 거; 어떤 게; 어떤 것; 어떤 것이; 누가; 누구; 어느 전략;
    어느 전략이; 어느 전략인데; 어떤 전략; 어떤 전략이; 어떤 전략인데; 그게 뭐야; 그게 어떤 전략이야;
    그게 어느 전략이야; 뭔데; which; which one; which one is it; which one is that; which is it;
    which is that; which strategy; which one then; which ones are they; what are their names; their names;
    names; names pls; names please; which ones? names; which ones? names pls; which ones? names please;
    name names; give me names; give me the names; gimme names; gimme the names; show names; list names;
    list the names; tell me the names; tell me which; tell me which ones; say which; say which ones;
    이름; 이름 대; 이름 대봐; 이름 대 봐; 이름 알려줘; 이름 좀; 이름만; 이름 불러봐; 이름 불러줘; 이름 말해줘;
    이름 말해봐; 이름이 뭐; 이름이 뭔데; 누군지; 누군데; 누구누군데; 누구누구인지; 누구누구야; 뭔지 말해봐;
    뭔지 알려줘; 어떤 애들; 어떤 애들인데; 걔네 이름; 걔네가 누구; 걔네 누구; 뭐뭔데; 나열해봐; 나열해줘;
    하나하나 말해줘; 하나씩 말해줘; which of them; which of the two; which of these;
    which of those; who; who is it
"""
"""What asks for the same answer again: which it is, how many, by how much."""
_THEM: Final = r"(?:애들?|놈들?|것들?|거|전략들?)\s*(?:의\s*)?(?:이름(?:만|들만|들|이)?|누구(?:누구)?|뭐뭐)"
_THEM_TOLD: Final = r"(?:\s*(?:좀|대봐|알려\s*줘?|말해\s*줘?|불러\s*줘?|줘|뭐))*"
THOSE_WITHIN: Final = rf"""
    (?:(?:넘는|넘은|되는|된|맞는|해당하는|해당되는|걸리는|걸린|통과한|통과하는|만족하는|충족하는|그런)
    \s*{_THEM}{_THEM_TOLD}
    |(?:(?:just|only|give\s+me|show\s+me|list|tell\s+me)\s+)*(?:the\s+)?names\s+of\s+(?:those|the\s+ones|them)
    (?:\s+(?:that|who|which)\s+(?:do|did|are|were|meet\s+it|pass|passed|qualify|made\s+it))?(?:\s+only)?)
"""
"""Those that met the condition of the question before: "넘는 애들 이름만", "names of those that do"."""
THOSE_OUTSIDE: Final = rf"""
    (?:(?:안|못)\s*(?:넘는|넘은|되는|된|맞는|해당하는|걸리는|걸린|통과한|만족하는)\s*{_THEM}{_THEM_TOLD}
    |(?:(?:just|only|give\s+me|show\s+me|list|tell\s+me)\s+)*(?:the\s+)?names\s+of\s+(?:those|the\s+ones)
    \s+(?:that|who|which)\s+(?:don't|didn't|do\s+not|did\s+not|aren't|weren't|failed?|missed))
"""
"""Those that did not: "안 넘는 애들 이름만"."""
WHO: Final = """
    who does; who did; who is; who is it then; who is then; who was it then; who was then; who then;
    which does; which did; which one does; which one did; what does; which one is then; who has it;
    who had it; who does have it;
    who is it really; who actually does; who actually did; who really does; who's it then; whos it then;
    그럼 누가; 누가 그런데; 누구인데 그럼; 그럼 누구; 누군데 그럼; 누가 제일; 진짜는 누구; 진짜는 누군데;
    실제로는 누구; 실제로는 누군데; 그런 건 누구; 그게 누군데; 맞는 건 누구; 맞는 건 뭐;
    which one is that; who is that; which is that; which one's that; who's that; which one was that;
    그 하나가 뭐; 그 하나가 누구; 그 하나는 뭐; 그 하나는 누구; 그 한 개가 뭐; 그 한 개는 뭐; 하나는 뭔데;
    그 하나는 뭔데; 그 하나는 누군데; 그게 뭔데; 그 하나
"""
"""What asks who it is, where the one that was named is not."""
OTHERS: Final = """
    나머지; 나머지는; 나머지도; 나머지들; 나머지들은; 나머지 전략; 나머지 전략은; 나머지 전략들;
    나머지 전략들은; 나머지는 어때; 나머지는 어떤데; 나머지는 어떻게 돼; 다른 것; 다른 것은; 다른 것들;
    다른 것들은; 다른 거; 다른 거는; 다른 건; 다른 건 어때; 다른 애들은; 다른 애들; 다른 전략; 다른 전략은;
    다른 전략들; 다른 전략들은; 다른 쪽은; 다른 전략은 어때; 다른 전략들은 어때; 그 외에는; 그 외는;
    그 외 전략은; 그거 말고는; 그거 말고; 그것 말고; 그것 말고는; 그 전략 말고는; 그 전략 말고;
    그 전략 빼고는; 그거 빼고; 그거 빼고는; 그거 빼면; others; the others; other ones; the other ones;
    the other; the other one; other one; rest; the rest; the rest of them; all the others; other strategies;
    the other strategies; the remaining ones; remaining ones; the remaining; everything else; anything else;
    any other; any others; without it; without that one; excluding it; excluding that one; except that one;
    except it; apart from that one; apart from it; besides it; besides that one; other than that;
    other than that one; other than it; 그 외; 그 외에; 그거 말고 나머지; everyone else; all others;
    which isn't; which one isn't; which ones aren't; which aren't; which one is not; who isn't; who wasn't;
    which wasn't; which one wasn't; which weren't; which ones weren't; who didn't; which didn't;
    which one didn't; which ones didn't; who doesn't; which doesn't; which ones don't; which don't;
    아닌 건 뭐; 아닌 건 누구; 아닌 것; 아닌 거; 아닌 건; 아닌 게 뭐; 아닌 애; 아닌 애는; 아닌 애들; 아닌 쪽;
    안 그런 건; 안 그런 거; 안 그런 애; 안 그런 애들; 안 그런 게 뭐; 그렇지 않은 건; 그렇지 않은 거
"""
NEXT: Final = """
    다음; 그 다음; 그다음; 그담; 그 담; 담; 다음 건; 그 다음 건; next; the next; the next one; next one;
    next best;
    the next best; runner-up; the runner-up; runner up; the runner up; which after that; which is after that;
    who after that; who's after that; whos after that; which comes after that; who comes after that;
    which comes next; who comes next; what comes next; after that; the one after; the one after that;
    one after that; which is next; who is next; who's next; whos next; which next; who next; 그 뒤; 바로 다음;
    그 다음 순위; 그 다음 놈; 그 다음 애; 그담 놈; 다음 놈; 다음 애; 다음 순위; 그 뒤로; 그 아래; 바로 아래
"""
WORST: Final = """
    제일 나쁜 건; 제일 나쁜 거; 가장 나쁜 건; 가장 나쁜 것; 최악; 최악은; 제일 못한 건; 제일 못한 거;
    the worst; worst; the worst one; worst one; who has the worst; who's got the worst; whos got the worst;
    which has the worst; who had the worst
"""
BEST: Final = """
    제일 좋은 건; 제일 좋은 거; 가장 좋은 건; 가장 좋은 것; 최고; 최고는; the best; best;
    the best one; best one; who has the best; who's got the best; whos got the best; which has the best;
    who had the best
"""
HIGHEST: Final = """
    큰; 높은; 많은; 많이; 크; 높; highest; largest; biggest; greatest; most; deepest; longest; farthest;
    furthest
"""
LOWEST: Final = """
    작은; 낮은; 적은; 적게; 작; 낮; lowest; smallest; least; fewest; shallowest; shortest; closest;
    nearest
"""
MOST: Final = """
    제일; 가장; 젤; 최고로
"""
"""What comes before a Korean degree that is an end."""
HEADS: Final = """
    한 거; 한 건; 한 게; 한 것; 낸 놈; 낸 애; 낸 거; 낸 건; 낸 게; 낸 것; 낸 쪽; 낸 전략; 거; 것; 건; 게;
    놈; 애; 쪽; 전략
"""
"""The Korean nouns that stand for a strategy."""
PLACES: Final = (
    (
        """
        첫 번째; 첫째; 1번째; 일 번; 1번; 1위; 1등; 일등; 일위; first; 1st; first one; number one; number 1;
        no 1; top one
        """,
        1,
    ),
    (
        """
        두 번째; 둘째; 2번째; 2번; 2위; 2등; 이등; 이위; second; 2nd; second one; number two; number 2;
        runner-up; runner up; second best; second place
        """,
        2,
    ),
    (
        """
        세 번째; 셋째; 3번째; 3번; 3위; 3등; 삼등; 삼위; third; 3rd; third one; number three; number 3;
        third best; third place
        """,
        3,
    ),
    (
        """
        네 번째; 넷째; 4번째; 4번; 4위; 4등; fourth; 4th; fourth one; number four; number 4; fourth best
        """,
        4,
    ),
    (
        """
        다섯 번째; 다섯째; 5번째; 5번; 5위; 5등; fifth; 5th; fifth one; number five; number 5; fifth best
        """,
        5,
    ),
    (
        """
        마지막; 맨 마지막; 맨 끝; 꼴찌; 꼴등; last; last one; the bottom one; bottom one; last place
        """,
        -1,
    ),
)
"""Places in the order of the answer before, counted from 1; -1 is the last one."""
FAREWELLS: Final = """
    thanks; thank you; many thanks; thx; cheers; see you; see ya; see you all; catch you; talk to you; bye;
    bye bye; goodbye; good bye; so long; take care; have a nice day; 감사; 감사합니다; 감사해요; 고마워;
    고마워요; 고맙습니다; 수고; 수고하세요; 수고했어; 안녕; 안녕히 계세요; 잘 있어; 봐요; 봬요; 뵐게요;
    뵙겠습니다; 만나; 만나요; 만납시다; 만나자
"""
"""What is said at the end; a time beside it is none that is asked about: "see you in 2013"."""
BESIDE_FAREWELLS: Final = """
    then; later; again; and; ok; okay; great; all; guys; until; till; for now; 그럼;
    다시; 또; 네; 응; 우리; 꼭; 알겠어; 알겠습니다; 알았어; 그래; 오케이; 좋아; 정말; 진짜; 다; a lot;
    so much; very much; that helps; that helped; nice; perfect; cool; good; got it; mate; for that;
    for the help; for your help
"""
