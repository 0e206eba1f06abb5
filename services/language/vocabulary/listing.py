"""The words of questions about the catalogue itself: how many strategies there are, and which."""

from typing import Final

STRATEGY: Final = "strategy; strategies; strat; strats; algo; algos; 전략; 전략들"
COUNTING: Final = """
many; number; count; total; 몇; 몇개; 몇개임; 개임; 개수; 갯수; 총; 수; 개; 개야; 개인가; 개지; 개니;
개예요; 개에요; 개인지
"""
LISTING: Final = """
list; show; display; all; every; names; catalogue; catalog; library; 목록; 리스트; 보여줘; 보여줄래; 보여;
보기; 알려줘; 알려줄래; 다; 모두; 전부; 전체; 모든; 이름; 카탈로그
"""
THERE: Final = """
there; book; lineup; stable; have; has; exist; exists; saved; stored; registered; got; own; 있냐;
있어; 있나; 있니; 있는; 있는지;
있지; 있음; 있습니까; 있나요; 있어요; 있는데; 있는거; 있는거야; 저장된; 저장한; 등록된; 등록한; 가진;
가지고
"""
ASKING: Final = (
    "which; what; whats; what's; any; anything; 어떤; 무슨; 뭐; 뭐뭐; 뭐가; 뭐야; 뭔가; 무엇; 무엇이; 어느"
)
NOT: Final = """
no; not; without; never; haven't; hasn't; weren't; wasn't; don't; doesn't; didn't; aren't; isn't; missing;
lack; lacks; lacking; 없는; 없이; 없어; 없나; 없지; 없음; 안; 못; 않은; 않았던; 미실행; 하지; 돌리지;
실행하지
"""
BACKTEST: Final = "backtest; backtests; 백테스트들; 백테스트; 백테스팅; 테스트"
TESTED: Final = """
backtested; backtesting; run; ran; runs; tested; 백테스트한; 백테스트된; 백테스트하지; 백테스트했어;
테스트한; 돌린; 돌려본; 돌렸던; 돌렸어; 돌렸나; 돌렸지; 돌아간; 돌린거야; 돌린거지; 돌린건지; 돌린거임;
돌린건데; 돌렸는지; 돌아갔어; 실행한거야; 실행된거야; 만들어진거야;
돌려놓은; 돌려놨던; 돌려둔; 실행한; 실행된; 실행; 실행했어; 했어; 한;
완료한; 완료된; 완료
"""
RESULTS: Final = "result; results; figures; 결과; 성과"
"""What is asked for by these words is more than a list, but where there are none."""
EXCEPT: Final = """
other; another; different; than; except; besides; apart; beyond; outside; excluding; 말고; 외에; 외의; 빼고;
제외한; 제외하고; 이외; 이외의; 다른; 아닌
"""
"""Beside the symbols that are not meant: "IBM 말고 다른 종목", "anything other than IBM"."""
WHEN: Final = "when; 언제; 언제야; 언제지; 언제꺼; 언제거; 언제였어; 언제였지; 언제인가"
LAST: Final = "last; latest; recently; recent; 마지막; 최근; 최근에; 마지막으로"
TRADING: Final = """
trade; trades; traded; trading; hold; holds; held; invest; invests; buy; buys; 거래하는; 거래한; 매매하는;
매매한; 사는; 담은; 투자하는; 투자한; 들어간; 들어가는; 거래해; 거래하나; 거래하는것도; 거래하는거;
거래하는게; 매매해; 매매하는거; 사는거; 담은거; 종목; 종목을; 종목도; 종목으로;
symbol; symbols; ticker; tickers; stock; stocks; include; includes; including; contain; contains;
포함한; 포함된; 포함하는
"""
"""Before or after the symbols that are traded."""
USING: Final = """
쓰는것도; 쓰는거; 쓰는게; 쓰는것; 쓰나; 써; use; uses; used; using; type; types; kind; kinds; based; 쓰는;
쓴; 사용하는; 사용한; 이용한; 유형; 타입;
종류; 기반; 계열
"""
"""Before or after a type."""
ELSEWHERE: Final = """
it; its; commission; commissions; slippage; fee; fees; 수수료; 수수료율; 슬리피지
"""
"""What makes a question one about a strategy that was spoken of, or about how one was set."""
BESIDE: Final = """
the; a; an; of; my; our; your; me; us; i; we; you; in; on; at; for; with; do; did; does; are; is; was;
were; been; be; to; that; who; ones; one; yet; so; far; now; currently; here; please; pls; can; could;
these; those; them; they; all; on; something; 이; 그; 애; 애들; 이거; 그거; 이것; 그것; 이게; 그게;
있는것도; 것도; 거도; tell; give; see; get; know; let; want; how; both; and; still; ever; completed;
finished; up;
rn; right; morning; 야; 얘들아;
well; ok; hi; hello; hey; thanks; 아; 없구나; 없군; 없네; 그렇구나; else; then; 안녕; 안녕하세요;
안녕하십니까; 하이; 저기; 저기요;
좀; 나; 내; 내가; 우리; 우리가; 제; 제가; 지금; 현재; 여기; 거; 것; 건; 게; 거야; 것들; 것은;
중; 중에; 중에서; 그럼; 혹시; 아직; 한번도; 한; 번; 번도; 적; 적이; 으로; 로; 와; 과; 랑; 이랑; 하고; 및;
인; 짜리; 데; 대; 은; 는; 이; 가; 된; 줘; 주세요; 줄래; 까지; 모두; 같은; most; 제일; 가장
"""
PARTICLES: Final = """
들은; 들이; 들을; 들; 으로만; 로만; 으로; 로; 에서; 이랑; 랑; 하고; 와; 과; 은; 는; 이; 가; 을; 를; 의;
에; 도; 만; 이나; 나; 인; 이야; 야; 이지; 지; 이니; 요; 이요; 죠; 이죠
"""
TYPES: Final = {
    "sma_crossover": """
        sma; sma crossover; sma cross; moving average; moving average crossover; golden cross; crossover;
        이평;
        이평선; 이동평균; 이동평균선; 이동평균 교차; 골든크로스; sma 크로스
        """,
    "ema_crossover": """
        ema; ema crossover; ema cross; moving average; exponential moving average; crossover; 이평; 이동평균;
        지수이평; 지수이동평균; 지수이동평균 교차; ema 크로스
        """,
    "macd": "macd; 맥디",
    "rsi": "rsi; relative strength; relative strength index; 알에스아이; 상대강도지수",
    "bollinger": "bollinger; bollinger band; bollinger bands; 볼린저; 볼린저 밴드; 볼밴",
    "zscore": "zscore; z score; mean reversion; z스코어; 제트스코어; 평균 회귀",
    "donchian": "donchian; turtle; channel breakout; breakout; 돈치안; 채널 돌파; 돌파; 터틀",
    "momentum": "momentum; time series momentum; 모멘텀; 시계열 모멘텀",
    "cross_sectional_momentum": """
        momentum; relative momentum; cross sectional; cross sectional momentum; 모멘텀; 상대 모멘텀;
        횡단면; 횡단면 모멘텀
        """,
    "volatility_target": """
        vol target; volatility target; volatility targeting; 변동성 목표; 변동성 타깃; 변동성 타겟;
        변동성 조절
        """,
    "fixed_weights": "fixed weight; fixed weights; rebalancing; 고정비중; 리밸런싱",
    "buy_and_hold": "buy hold; buy and hold; buy & hold; hold; 매수 후 보유; 존버; 바이 앤 홀드",
}
"""What the types that are built in are called; any other one is found by its own name."""
