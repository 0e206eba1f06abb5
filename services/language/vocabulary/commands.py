"""The words with which people ask for something to be done, in Korean and in English.

Phrases are in lower case, and separated by semicolons; a blank of a Korean one may be left out.
"""

from typing import Final

YES: Final = """
응; 응응; ㅇㅇ; ㅇㅋ; ㅇ; 네; 넵; 넹; 네네; 예; 옙; 웅; 엉; 어; 그래; 그래요; 그럼요; 좋아; 좋아요;
좋습니다; 좋지; 오케이; 오키; 오케; 콜; 고; 고고; ㄱㄱ; ㄱ; 확인; 맞아; 맞아요; 맞습니다; 물론; 물론이지;
당연하지; 진행; 진행해; 진행해줘; 진행해주세요; 진행시켜; 실행; 실행해; 실행해줘; 실행해주세요; 돌려;
돌려줘; 돌려주세요; 돌려봐; 시작; 시작하자; 시작해; 시작해줘; 시작해주세요; 해; 해줘; 해주세요; 하자;
부탁해; 부탁해요; 부탁드립니다; 부탁합니다; 진행하자; 돌리자; 실행하자; 돌려라; yes; yep; yeah; yup; yea; y;
ya; ok; okay; k; sure; confirm; confirmed; proceed; go; absolutely; definitely; do; run; start; execute
"""
"""Words that say yes."""
BESIDE_YES: Final = """
그럼; 그렇게; 그대로; 바로; 지금; 이제; 주세요; 줘; 요; 좀; 한번; 빨리; 당장; 음; 아; 오; 자; 그거; 그걸로;
이대로; please; pls; now; then; ahead; it; that; that's; this; right; correct; of; course; sounds; good;
great; fine; perfect; let's; lets; for; thanks; thank; you; the; a; to; i; want; by; all; means; with
"""
"""Words that may stand beside them, and say nothing."""
NO: Final = """
아니; 아니요; 아니오; 아뇨; 아니야; 아냐; ㄴㄴ; ㄴ; 노; 노노; 싫어; 싫어요; 됐어; 됐어요; 됐습니다; 괜찮아;
괜찮아요; 취소; 취소해; 취소해줘; 취소해주세요; 취소할게; 취소할래; 하지마; 하지마세요; 하지; 말아줘;
말아주세요; 마; 말고; 말자; 그만; 그만둬; 그만해; 안해; 안할래; 안할게; 관둬; 나중에; 보류; 필요없어; 안;
no; nope; nah; n; cancel; don't; dont; not; never; stop; forget; wait; abort
"""
BESIDE_NO: Final = """
그냥; 그럼; 일단; 지금; 다시; 돌리지; 실행하지; 해; 할래; 할게; 주세요; 줘; 요; 아; it; that; this; mind;
thanks; thank; you; please; now; yet; do; run; start; the; backtest; i; want; to; about; ok; okay
"""

AGAIN: Final = """
다시; 한 번 더; 또; 그대로; 똑같이; 동일하게; 재실행; 재시도; again; once more; one more time; rerun;
re run; redo; repeat; same; retry
"""
WORK: Final = "백 테스트; 백테스팅; 시뮬레이션; 시뮬; 테스트; 실행; 재실행; 검증"
"""What is asked to be done: followed by `DOING`."""
DOING: Final = "돌려; 돌리; 해; 하; 시켜; 시작해; 시작하; 진행해; 진행하; 부탁; 굴려; ㄱㄱ; 고고"
RUNNING: Final = "돌려; 돌리; 굴려; 굴리"
CHANGING: Final = "바꿔; 변경해; 올려; 내려; 늘려; 줄여; 해; 잡아; 맞춰; 설정해"
"""Verbs that say it alone."""
ASKING: Final = """
주세요; 주십시오; 주실 수 있나; 주실 수 있을까; 주시겠어; 주시죠; 주라; 줄래; 줄 수 있어; 줄 수 있니;
줄 수 있나; 줄 수 있을까; 줘 봐; 줘; 봐 주세요; 봐 줘; 봐; 보자; 볼래; 볼까; 보고 싶어; 보고 싶은데;
보고 싶다; 고 싶어; 고 싶은데; 고 싶다; 라; 자; 할래; 할까; 달라고; 드립니다; 합니다; 해 보자; 보여 줘;
보여 주세요; 줬으면 좋겠어; 줬으면 해
"""
"""Endings of a request: "돌려 줘", and not "돌렸어"."""
WHAT_IF: Final = "면; 보면; 하면; 되면; 했을 때; 했다면; 였다면; 이었다면; 이라면; 라면"
"""After a setting: "슬리피지를 2 %로 하면"."""
OUTCOME: Final = (
    "어때; 어떻게; 어떨까; 어떤지; 얼마나; 결과; 수익률; 성과; 달라; 변해; 나와; 돼; 되; 될까; 궁금"
)

POLITE: Final = """
can you; could you; would you; will you; can we; could we; can i; let's; lets; let us; please; just; maybe;
go ahead and; i want to; i want you to; i'd like to; i'd like you to; i would like to; i would like you to;
i'd love to; i wanna; we should; we need to; i need you to
"""
OPENING: Final = """
ok; okay; yes; no; now; then; please; pls; hey; hi; hello; and; so; also; great; thanks; good; alright;
well; actually; sorry
"""
VERBS: Final = """
do the same; do it again; do that again; rerun; re run; redo; repeat; retest; re test; rebacktest; run;
backtest; back test; simulate; execute; launch; kick off; try; test
"""
MAKING: Final = "start; do; make; create; give me; i need; get me; queue; schedule; trigger; show me; set up"
"""Verbs that ask for a run if they are followed by one: "start a backtest of RSI"."""
MADE: Final = "backtest; back test; run; simulation; test"
ENGLISH_WHAT_IF: Final = """
what if; how about; what about; what would; what happens; how would; with; but with; and with; now with;
same with; same but; try; use; make it; change; set; make
"""
"""Before a setting: "what if slippage were 2 %?"."""

CANCELLING: Final = "취소; 중단; 중지; 멈춰; 스톱; 스탑; 그만"
ENGLISH_CANCELLING: Final = "cancel; abort; stop; kill; terminate"

STATUS: Final = """
끝났어; 끝났나; 끝났니; 끝났습니까; 끝났는지; 다 됐어; 다 됐나; 다 됐니; 다 돌았어; 다 돌아갔어; 완료됐어;
완료됐나; 완료 되었나; 완료 되었어; 됐어; 됐나; 진행 상황; 진행 상황은; 진행 상황 알려줘; 진행 상황 보여줘;
진행 상태; 어디까지 됐어; 어디까지 됐나; 어디까지 갔어; 어디까지 왔어; 어디까지 진행됐어; 얼마나 걸려;
얼마나 남았어; 얼마나 남았나; 얼마나 더 걸려; 언제 끝나; 언제 돼; 나왔어; 나왔나; 상황은; 상태는;
어떻게 되고 있어; 어떻게 돼 가; 아직이야; 아직 멀었어; 아직도 돌아; 돌고 있어; 돌아가고 있어; 실행 중이야;
is it done; is it done yet; is it finished; is it finished yet; is it ready; is it ready yet;
is it complete; is it completed; is it running; is it still running; are they done; are they finished;
are they ready; is that done; is that finished; is the backtest done; is the backtest finished;
is the backtest running; is the backtest still running; is my backtest done; is my backtest finished;
are my backtests done; are the backtests done; is the run done; is the run finished; status; progress;
what's the status; what is the status; status of the backtest; what's the progress;
what's the status of the backtest; what's the status of my backtest; how far is it; how far along is it;
how long will it take; how long does it take; how long is it going to take; are we there yet; are you done;
done yet; finished yet; any news; any results; any results yet; when will it be done; when will it finish;
when is it done; did it finish; did it complete; has it finished; has it completed; how is it going;
how's it going; is it over
"""
"""Whole messages that ask how a backtest is going, but for `BESIDE_STATUS`."""
BESIDE_STATUS: Final = """
그; 그거; 그건; 이거; 이건; 백테스트; 백테스트는; 백테스트가; 아까 거; 아까; 지금; 그럼; 벌써; 이제; 결과;
결과는; 결과가; 실행; 요; 혹시; 좀; so; and; ok; okay; hey; now; already; please; then; well; yet
"""

TYPES: Final = """
전략 종류; 전략의 종류; 전략 유형; 전략 타입; 어떤 전략을 돌릴 수; 어떤 전략을 실행할 수; 어떤 전략을 쓸 수;
어떤 전략을 만들 수; 어떤 전략을 테스트할 수; 어떤 전략을 사용할 수; 어떤 전략 돌릴 수;
어떤 전략들을 돌릴 수; 무슨 전략을 돌릴 수; 무슨 전략 돌릴 수; 무슨 전략을 쓸 수; 지원하는 전략;
사용 가능한 전략; 돌릴 수 있는 전략; 실행할 수 있는 전략; 쓸 수 있는 전략; 어떤 백테스트를 할 수;
어떤 백테스트를 돌릴 수; 뭘 돌릴 수; strategy type; strategy types; types of strategy; types of strategies;
type of strategies; kinds of strategy; kinds of strategies; kind of strategies; what strategies can i;
which strategies can i; what strategies can we; which strategies can we; what strategies can you;
which strategies can you; what can i run; what can we run; what can you run; what can i test;
what can i backtest; what can you backtest; what can we backtest; what backtests can; which backtests can;
which types are there; what types are there; which types do you have; what types do you have;
which rules are there; what rules are there; available strategies; supported strategies;
strategies do you support
"""
SYMBOLS: Final = """
어떤 종목이 있; 어떤 종목 있; 어떤 종목들이 있; 무슨 종목이 있; 무슨 종목 있; 어떤 종목을 쓸 수;
어떤 종목을 돌릴 수; 어떤 종목을 사용할 수; 어떤 종목 쓸 수; 어떤 종목 돌릴 수; 어떤 종목으로 돌릴 수;
어떤 종목으로 테스트할 수; 무슨 종목으로 돌릴 수; 어떤 종목을 지원; 어떤 심볼이 있; 어떤 티커가 있;
어떤 주식이 있; 어떤 데이터가 있; 종목 목록; 종목 리스트; 종목 뭐; 종목은 뭐; 종목이 뭐; 티커 목록;
심볼 목록; 쓸 수 있는 종목; 사용할 수 있는 종목; 돌릴 수 있는 종목; 테스트할 수 있는 종목; 사용 가능한 종목;
가능한 종목; which symbols are there; what symbols are there; which symbols do you have;
what symbols do you have; which symbols can i; what symbols can i; which symbols are available;
what symbols are available; which symbols can we; what symbols can we; which tickers; what tickers;
which stocks are there; what stocks are there; which stocks can i; what stocks can i;
which stocks do you have; what stocks do you have; which instruments; what instruments; list symbols;
list the symbols; list all symbols; show symbols; show the symbols; show me the symbols; list tickers;
list instruments; available symbols; available tickers; available instruments; what data do you have;
what data is there; which data do you have; which prices do you have; what prices do you have
"""

SLIPPAGE: Final = "슬리피지; 슬립피지; 슬립; slippage; slipage; slip"
COMMISSION: Final = """
거래 수수료; 매매 수수료; 수수료; 커미션; 거래 비용; 매매 비용; commissions; commission; comission;
trading fees; trading fee; transaction fees; transaction fee; fees; fee; trading costs; trading cost;
transaction costs; transaction cost
"""
CASH: Final = """
초기 자금; 초기 자본금; 초기 자본; 초기 투자금; 초기 투자 금액; 초기 금액; 시작 자금; 시작 자본; 시작 금액;
투자 금액; 투자금; 원금; 자본금; 시드 머니; 시드; initial cash; initial capital; initial investment;
starting cash; starting capital; starting balance; start capital; start cash; capital
"""
BENCHMARK: Final = "벤치마크; benchmark"
WITHOUT: Final = """
없이; 없애고; 없애서; 없애; 없는 걸로; 없게; 빼고; 제외하고; 제외; 무시하고; 안 내고; 안 넣고; 0으로;
영으로; 제로로; 제로
"""
"""After a cost that shall be none; `ENGLISH_WITHOUT` stands before it."""
ENGLISH_WITHOUT: Final = "no; without; without any; zero; excluding; ignoring; free of"
FACTORS: Final = {
    "두 배": 2.0,
    "2 배": 2.0,
    "세 배": 3.0,
    "3 배": 3.0,
    "절반": 0.5,
    "반": 0.5,
    "double": 2.0,
    "twice": 2.0,
    "triple": 3.0,
    "half": 0.5,
    "halve": 0.5,
}
"""Times what it was."""

RECENT: Final = "최근; 지난; last; past; previous; latest"
SPELT: Final = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
}  # fmt: skip
MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
AMOUNTS: Final = {
    "억": 1e8, "천만": 1e7, "백만": 1e6, "만": 1e4, "천": 1e3,
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6,
}  # fmt: skip
PARAMETERS: Final = {
    "window": "기간; 윈도우; 윈도; lookback; period",
    "lookback": "기간; 룩백; window; period",
    "fast": "단기; 빠른; short", "slow": "장기; 느린; long", "signal": "시그널; 신호",
    "lower": "하단; 하한; 과매도; oversold", "upper": "상단; 상한; 과매수; overbought",
    "entry": "진입; 매수", "exit": "청산; 매도", "width": "폭; 승수; 표준편차; deviations",
    "target": "목표; 목표 변동성", "top": "상위", "band": "밴드",
}  # fmt: skip
"""What people call the parameters of these names, beside the names."""

FILLERS: Final = """
그; 그거; 그것; 그걸; 그걸로; 이거; 이것; 이걸; 이걸로; 저거; 좀; 다시; 한번; 한; 번; 더; 또; 그대로;
똑같이; 동일하게; 전략; 전략들; 백테스트; 백테스팅; 시뮬레이션; 테스트; 결과; 종목; 주식; 대해; 대해서;
대한; 이용해; 이용해서; 사용해; 사용해서; 써서; 가지고; 기준; 조건; 설정; 설정해서; 바꿔; 바꿔서; 바꾸고;
변경; 변경해서; 변경하고; 적용; 적용해서; 적용하고; 해서; 하고; 하면; 해; 줘; 주세요; 나; 내; 우리; 저;
이번엔; 이번에는; 이번에; 그럼; 그러면; 근데; 그리고; 그런데; 아; 음; 네; 응; 예; 오케이; 좋아; 부탁; 하나;
새; 새로; 새로운; 일단; 먼저; 빨리; 바로; 데이터; 기간; 동안; 사이; 같은; 같이; 모두; 둘다; 위; 방금; 아까;
직전; 마지막; 이전; 것; 거; 걸로; 걸; 올려서; 내려서; 늘려서; 줄여서; 올려; 내려; 늘려; 줄여; 넣어서; 넣고;
주고; 놓고; 두고; 가정하고; 가정해서; 결과가; 어때; 어떻게; 되는지; 돼; 될까; 어떨까; 보여줘; 알려줘;
궁금해; 수익률이; 수익률은; 성과가; 성과는; 얼마나; 달라져; 달라질까; 변해; 나와; 나올까; 돌리면; 돌려보면;
재실행; 실행; 실행하면; 하는; the; a; an; it; that; this; them; those; these; one; ones; my; our; your; on;
for; with; of; in; to; at; using; use; and; but; by; over; from; as; is; are; was; were; be; been; please;
pls; again; same; once; more; time; rerun; re; redo; repeat; backtest; backtests; back; test; run; runs;
strategy; strategies; rule; simulation; symbol; symbols; ticker; tickers; stock; stocks; new; another; just;
now; then; ok; okay; yes; no; so; also; instead; first; last; previous; latest; what; if; how; about; would;
happens; happen; look; looks; like; do; does; did; you; can; could; me; i; we; us; set; setting; settings;
change; changed; changing; apply; applying; applied; assume; assuming; assumed; period; window; between;
during; since; until; through; data; go; ahead; let's; lets; get; result; results; return; returns; rate;
had; have; has; had been; try; make; only; instead of; there; want; need; thanks; but this time; time's; s;
under; rather; than; up; down; 뭐; 뭐가; 뭐뭐; 있어; 있나; 있니; 있지; 있습니까; 있는지; 목록; 리스트; 알려;
보여; 수; 쓸; 돌릴; 전체; list; show; available; tell; which; 어떤; 무슨; 종류; 유형; 낮춰서; 높여서;
낮추고; 높이고; 올려봐; 내려봐; 줄여봐; 늘려봐; 낮춰봐; 높여봐; 두; 세; 다섯; 개; 가지; 전부; 다;
everything; all; both
"""
"""Words of a request that say nothing about what is run."""
PARTICLES: Final = """
으로만; 로만; 에다가; 으로; 에서; 에게; 한테; 이랑; 하고; 로는; 에는; 부터; 까지; 이나; 이라는; 라는; 로;
를; 을; 은; 는; 이; 가; 에; 의; 도; 와; 과; 랑; 만; 나; 용; 요
"""
