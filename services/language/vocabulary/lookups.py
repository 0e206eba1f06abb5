"""The words with which people ask what there is to run, how it would be run, and what has run.

Phrases are in lower case, and separated by semicolons; a blank of a Korean one may be left out.
"""

from typing import Final

BESIDE: Final = """
a; an; the; me; my; our; your; you; we; i; us; it; is; are; was; were; do; does; did; can; could; will;
would; be; been; there; please; pls; so; and; or; of; for; on; in; at; to; by; with; ok; okay; hey; now;
then; again; right; any; some; all; tell; show; give; get; see; list; let; let's; about; that; this; those;
these; what; what's; whats; which; how; when; where; just; also; currently; yet; well; hmm; wait; but; want;
like; have; has; had; got; exactly; backchat; gimme; 그; 이; 저; 내; 나; 우리; 좀; 혹시; 그럼; 그러면; 근데;
그런데; 지금; 이제; 현재; 다; 전부; 모두; 모든; 전체; 뭐; 뭐가; 뭐야; 뭐에요; 뭐예요; 뭐지; 뭐니; 뭐냐;
뭔데; 뭔가요; 뭔지; 무엇; 무엇인가요; 무엇이야; 뭘; 뭐뭐; 어떤; 어떻게; 무슨; 어느; 얼마; 얼마나; 얼마야;
얼마예요; 얼마지; 알려; 알려줘; 알려줘요; 알려주세요; 알려줄래; 알려줄 수; 보여; 보여줘; 보여줘요;
보여주세요; 보여줄래; 말해줘; 말해주세요; 궁금해; 궁금해요; 있어; 있어요; 있나; 있나요; 있니; 있냐; 있음;
있는지; 있는데; 있나여; 있나염; 있습니까; 있지; 있을까; 있는; 있던데; 돼; 되; 되나; 되나요; 돼요; 됩니까;
되지; 되니; 되냐; 야; 줘; 주세요; 요; 해줘; 해주세요; 거; 것; 건; 게; 걸; 음; 아; 수; 대해; 대해서; 대한;
인가요; 인지; 인데; 이야; 이에요; 예요; 하는; 하나; 하나요; 해; 하니; 하지; 합니까; 볼래; 보자; 볼까; 줄래;
좀요; 다시; 한번
"""
"""Words that may stand in any of these questions."""

PRICES: Final = """
data; prices; price; quotes; history; available; coverage; covered; cover; covers; period; dates; range;
how far back; since when; from when; how much data; start; starts; begin; begins; have; has; got; exist;
exists; supported; support; end; ends; years; 데이터; 가격; 주가; 시세; 언제; 언제부터; 언제까지; 몇 년부터;
있; 없; 기간; 범위; 가능; 지원; 쓸 수; 돌릴 수; 사용
"""
"""One of them is in a question for prices; beside them, it names symbols alone, but for `BESIDE_PRICES`."""
DATA: Final = "history; data; prices; price; quotes; 데이터; 가격; 주가; 시세"
"""Words that leave no doubt that prices are asked for, whether there are any or not."""
BESIDE_PRICES: Final = """
data; prices; price; quotes; history; available; coverage; covered; cover; covers; period; dates; date;
range; far; back; go; goes; since; from; until; start; starts; begin; begins; end; ends; years; year; exist;
exists; supported; support; much; long; many; time; span; first; last; day; days; bars; daily; historical;
market; stock; stocks; symbol; symbols; ticker; tickers; use; run; test; backtest; latest; earliest; series;
going; 데이터; 가격; 주가; 시세; 언제; 언제부터; 언제까지; 언제까지야; 언제부터야; 몇; 년; 년부터; 부터;
까지; 없어; 없나; 없나요; 없니; 없음; 기간; 범위; 가능; 가능해; 가능한가; 가능한가요; 가능해요; 지원;
지원해; 지원하나요; 지원돼; 쓸; 쓸수; 돌릴; 돌릴수; 사용; 사용할; 종목; 주식; 나와; 나와있어; 나오나; 첫날;
마지막; 날; 날짜; 과거; 까지야; 부터야; 어디; 어디부터; 어디까지
"""

TAKING: Final = """
settings of; settings for; parameters; parameter; params; param; knobs; inputs; arguments; default;
defaults; 파라미터; 파라메터; 매개변수; 변수; 인자; 기본값; 디폴트; 기본 설정; 기본 파라미터
"""
"""What a strategy type takes."""
DEFAULTS: Final = "default; defaults; 기본값; 디폴트; 기본 설정; 기본 파라미터; 기본"
DOING: Final = """
what does; how does; how do; explain; describe; what is; what's; whats; tell me about; definition of;
meaning of; logic of; rules of; rule of; idea behind; 뭐야; 뭐에요; 뭐예요; 뭔가요; 뭔데; 뭐지; 뭐니; 뭐냐;
뭔지; 무엇; 설명; 어떻게 작동; 어떻게 동작; 어떻게 돌아가; 어떤 전략이; 무슨 전략이; 작동 방식; 동작 방식;
원리; 로직; 규칙이; 뜻이; 의미가
"""
"""What a strategy type does."""
EXPLAINING: Final = """
what does; how does; explain; describe; logic of; rules of; rule of; idea behind; 설명; 어떻게 작동;
어떻게 동작; 어떻게 돌아가; 작동 방식; 동작 방식; 원리; 로직; 규칙이
"""
"""Of those, what also asks it of a strategy that has results: others ask for these."""
MINE: Final = "my; mine; i; 내; 내가; 제; 제가; 나의"
BESIDE_TYPE: Final = """
tweak; adjust; configure; control; play; vary; tune; modify; parameters; parameter; params; param; knobs;
inputs; arguments; default; defaults; take; takes; need; needs; use; uses; used; accept; accepts; value;
values; setting; settings; strategy; strategies; type; rule; rules; do; work; works; works?; explain;
describe; mean; means; definition; meaning; logic; idea; behind; buy; sell; set; backtest; change; possible;
allowed; its; system; signal; method; 파라미터; 파라메터; 매개변수; 변수; 인자; 기본값; 디폴트; 기본; 설정;
전략; 전략이; 유형; 종류; 값; 설명; 설명해; 설명해줘; 설명해주세요; 설명해봐; 작동; 작동해; 작동하나요;
동작; 동작해; 방식; 원리; 로직; 규칙; 뜻; 의미; 필요해; 필요한; 받아; 들어가; 쓰이는; 쓰는; 바꿀; 정할;
조정할; 이라는; 라는; 이란; 란; 작동하는; 동작하는; 돌아가; 정확히; 쉽게; 자세히; 간단히; 전략은; 이뭐야;
가뭐야
"""

REVIEWED: Final = """
settings; setting; config; configuration; setup; what would change; what will change; what changes;
what would be run; what will be run; what will you run; what would you run; what are you going to run;
what will it run; what would it run; what does it run; what is it going to run; what's proposed;
what is proposed; the proposal; show it again; show me again; what was it again; details; summary; period;
dates; window; symbols; benchmark; commission; slippage; fee; fees; costs; cash; capital; parameters;
params; lookback; what exactly; what are you running; 설정; 조건; 세팅; 제안; 기간; 언제부터; 수수료;
슬리피지; 초기 자금; 자금; 자본금; 종목; 파라미터; 벤치마크; 뭐가 바뀌; 뭐가 달라; 뭘 돌리; 뭐 돌리;
뭘 실행; 무엇을 돌리; 무엇을 실행; 뭐였지; 뭐였더라; 윈도우; 비용; 룩백; 요약; 내용; 무슨 종목; 기본값;
default; defaults; fees will; what fee; 몇 프로로; 몇프로로; 몇 퍼센트로; 몇퍼로; 얼마로 돌; 얼마로 하; 며칠로
"""
"""Beside a proposal: what it would run."""
BESIDE_REVIEW: Final = """
settings; setting; config; configuration; setup; change; changes; run; running; going; proposed; proposal;
details; summary; period; dates; window; symbols; benchmark; commission; slippage; fee; fees; costs; cost;
cash; capital; initial; parameters; params; lookback; used; use; backtest; strategy; it; one; default;
defaults; long; big; much; many; rate; test; exactly; 설정; 조건; 세팅; 제안; 기간; 언제부터; 언제까지;
부터; 까지; 수수료; 슬리피지; 초기; 자금; 자본금; 종목; 파라미터; 벤치마크; 바뀌어; 바뀌는; 바뀌는데;
바뀌나; 바뀌지; 달라져; 달라지는; 달라지나; 돌리는; 돌리는데; 돌리는거야; 돌릴; 돌릴건데; 실행하는;
실행하는데; 뭐였지; 뭐였더라; 윈도우; 비용; 룩백; 요약; 요약해줘; 내용; 백테스트; 전략; 기본값; 몇; 개;
몇개야; 개야; 며칠; 며칠이야; 되어; 되어있어; 돼있어; 돼있지; 되어있지; 걸; 로; 잡혀; 잡혀있어; 이거; 이건;
그거; 그건; 언제; 어디; 얼마로; fees; fee; slippages; amount; percent; be; using; any; 몇프로로; 프로로;
몇프로;
프로야; 프로; 퍼센트; 퍼센트로; 퍼센트야; 몇퍼로; 몇퍼; 돌린다는; 돌린다는거야; 돌린다는건데; 돌린다고;
돌릴거야;
돌리겠다는거야; 한다는거야; 하는거야; 하겠다는거야; 적용되는; 적용돼; 적용; 쓰는; 써; 쓸거야; 들어가
"""

DURATION: Final = """
how long does a backtest take; how long do backtests take; how long does a run take;
how long would a backtest take; 예상 소요 시간; 예상 소요 시간은; 소요 시간; 소요 시간은; 예상 시간;
예상 시간은; eta; what's the eta; what is the eta; estimated time; how long will it take;
how long would it take; how long does it take; how long is it going to take; how long will that take;
how long would that take; how long will this take; how much time will it take; will it take long;
how long do they take; how much longer; how long left; how much time is left; how long will they take;
when would it be done; is it going to take long; does it take long; 얼마나 걸려; 얼마나 걸릴까;
얼마나 걸리나; 얼마나 걸리지; 얼마나 걸릴지; 오래 걸려; 오래 걸릴까; 오래 걸리나; 몇 초 걸려; 몇 분 걸려;
시간이 얼마나 걸려; 시간 얼마나 걸려; 시간은 얼마나 걸려; 얼마나 걸리는데; 얼마나 걸리는지; 얼마나 걸림;
오래 걸림
"""
"""Whole messages that ask how long a backtest takes."""
BEFORE_DURATION: Final = (
    "so; and; ok; okay; hey; 그럼; 근데; 그러면; 혹시; 음; 이거; 그거; 이건; 그건; 백테스트"
)

RUN_NOUNS: Final = """
ran; 실행중인게; 진행중인게; 오류난거; backtest; backtests; run; runs; back tests; jobs; job; simulation;
simulations; one; ones; anything; something; queue; 백테스트; 백테스트들; 백테스팅; 실행; 작업; 시뮬레이션;
거; 것; 게; 건; 돌린거; 돌린 것; 큐; 대기열; 돌아가는거; 돌아가는게; 것들; 돌린; 돌렸던; 실행한; failures;
failure; errors; 실패; 에러; 오류; 도는거; 도는게; 돌고있는거; 돌고있는게; 실행중인거; 진행중인거; 실패한거;
에러난거; 취소된거; 끝난거
"""
LISTED: Final = """
list; recent; recently; latest; newest; show; history; which; what; any; all; 목록; 리스트; 최근; 보여;
보여줘; 보여주세요; 내역; 이력; 뭐; 어떤; 무슨; 있어; 있나; 있나요; 있니; 있음; 있는지; 알려줘; 알려주세요;
히스토리; 기록; 방금
"""
FAILED: Final = """
실패한거; 에러난거; 오류난거; failed; fail; fails; failing; failure; failures; crashed; errored; errors;
error; broken; 실패; 실패한; 실패했어; 실패했나; 실패했지; 실패했니; 에러; 에러난; 에러났어; 오류; 오류난;
오류났어; 터진; 터졌어; 죽은; 죽었어
"""
UNDER_WAY: Final = """
돌아가는거; 돌아가는게; 도는거; 도는게; 돌고있는거; 돌고있는게; 실행중인거; 실행중인게; 진행중인거;
진행중인게; running; pending; queued; waiting; active; in progress; going on; under way; queue; 돌아가는;
돌아가고; 돌고; 도는; 실행중; 실행중인; 진행중; 진행중인; 대기중; 대기중인; 대기; 기다리는; 큐; 대기열;
실행 중; 진행 중; 대기 중; 중; 중인
"""
CANCELLED: Final = "취소된거; cancelled; canceled; aborted; 취소된; 취소한; 중단된; 취소됐던"
COMPLETED: Final = (
    "completed; finished; done; succeeded; successful; 완료된; 완료; 끝난; 성공한; 성공; 끝난거"
)
BESIDE_RUNS: Final = """
몇; 개; 뭐였지; 뭐였어; 뭐였더라; 그런지; 그래; 그런거야; 그런거; everything; that's; been; that; recent;
recently; latest; newest; last; few; history; ran; run; started; why; who; did; previous; past; today;
anything; something; else; moment; one; ones; ever; status; statuses; 목록; 리스트; 최근; 내역; 이력;
히스토리; 기록; 돌린; 돌렸던; 실행한; 했던; 한; 왜; 이유; 지금까지; 여태; 오늘; 방금; 마지막; 상태; 내가;
제가; 중; 중인; 어떤것; 어떤거; 게; 들; 어제
"""
LAST_RUN: Final = """
last run; last backtest; latest run; latest backtest; previous run; previous backtest; last one;
most recent run; most recent backtest; just ran; i ran last; we ran last; run last; 마지막 백테스트;
마지막 실행; 마지막으로 돌린; 마지막에 돌린; 방금 돌린; 아까 돌린; 최근에 돌린; 직전 백테스트; 마지막 거;
직전에 돌린; 마지막으로 실행한; 방금 실행한; 방금 백테스트
"""
SETTINGS_OF_RUN: Final = """
settings; setting; config; configuration; setup; parameters; params; how was; how did; 설정; 조건; 세팅;
파라미터; 어떻게 돌렸; 뭐로 돌렸
"""
"""Beside `LAST_RUN`."""
