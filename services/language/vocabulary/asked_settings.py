"""The words of questions about how backtests were set: phrases separated by semicolons, in lower case."""

from typing import Final

SETTINGS: Final = {
    "symbols": """
        how many symbols; how many stocks; how many tickers; symbol; symbols; ticker; tickers; stock; stocks;
        universe; instrument; instruments; assets; 거래 종목; 매매 종목; 투자 종목; 종목;
        심볼; 티커; 유니버스; 주식
        """,
    "commission": "commission rate; commission rates; commission; commissions; commish; fee rate; fees; fee; "
    "brokerage; 수수료율; 수수료",
    "slippage": "slippage rate; slippage rates; slippage; slippages; 슬리피지율; 슬리피지",
    "costs": "trading costs; transaction costs; trading cost; cost; costs; 거래 비용; 비용",
    "period": """
        backtest period; backtest periods; test period; test periods; date range; time span; timespan;
        timeframe;
        time frame; test window; backtest window; dates; period; periods; start date; end date; 백테스트 기간;
        테스트 기간; 기간; 시작일; 종료일
        """,
    "capital": """
        starting capital; initial capital; start capital; initial cash; starting cash; starting money;
        seed money; capital; start with; started with; starts with; begin with; began with; 초기 자금;
        초기 자본금; 초기 자본; 시작 자금; 자본금; 자본; 원금; 자금; 시드
        """,
    "parameters": """
        parameters; parameter; params; param; thresholds; threshold; lookback period; lookback window;
        lookback; lookbacks; look back; window length; windows; window; 윈도우; 파라미터; 파라메터;
        매개변수; 임계값; 임계치; 기준값;
        룩백 기간; 룩백
        """,
    "benchmark": "benchmark; benchmarks; 벤치마크; 벤치",
    "type": "strategy type; strategy types; type; types; 전략 유형; 유형; 타입",
    "engine": "engine version; version of the engine; engine; simulator version; 엔진 버전; 엔진",
}  # fmt: skip
PARAMETERS: Final = "lookback; lower; upper; fast; slow; window; width; signal"
"""The names of parameters, beside a number."""
EVERYTHING: Final = """
settings; setting; setup; set up; config; configuration; configured; conditions; assumption; assumptions;
assumed; assume; rate; rates; 설정값; 설정; 세팅; 셋업; 조건; 가정; 얼마로; 몇 프로로; 몇 퍼센트로; 몇 프로;
몇 퍼센트
"""
"""Beside another setting, these say that it is how it was set that is asked for."""
NET: Final = """
included; include; includes; including; net of; deducted; factored in; accounted for; baked in;
taken into account; 포함된; 포함한; 포함; 반영된; 반영한; 반영; 뺀; 차감한; 차감된; 감안한; 감안된
"""
OF_NET: Final = """
returns; return; figures; figure; results; result; numbers; performance; sharpe ratios; sharpe; 총수익률;
수익률;
수치; 결과; 성과; 값; 숫자
"""
"""What is asked to be after costs."""
SAME: Final = "same; identical; alike; equal; equally; identically; the same way"
DIFFERENT: Final = "different; differ; differs; differently; vary; varies"
KOREAN_SAME: Final = r"(?:똑?같|동일|일치)"
KOREAN_DIFFERENT: Final = r"(?:다르|달라|다른가|다른지|다른거|다름|다릅)"
ENDINGS: Final = r"""
    (?>(?:아|나|니|냐|지|죠|은가|은지|은거야|은건가|은거|음|네|습니까|아요|나요|은가요|애|해|한가|한지|하나|하니|함|해요
    |한가요|합니까|한거야|한거|하지|하죠|해|야|요|니까|거야|가요|까)*)
"""
"""How a Korean verb ends that says so at the end of a question."""
ASKING: Final = """
do; does; did; is; are; was; were; r; what; what's; whats; which; how; whose; 뭐; 뭐야; 뭐지; 뭐니; 뭔데;
뭐였어; 뭐였지; 뭔가; 뭔가요; 뭐예요; 뭐임; 무엇; 무슨; 어떤; 어느; 뭘로; 뭐로; 무엇으로; 뭘; 얼마; 얼마야;
얼마지; 얼마였어; 몇; 언제;
언제야; 어떻게; 돼;
돼있어; 되어있어; 돼있나; 돼있는지; 되어; 돼있음; 되지; 되나; 돼요; 어때;
써; 쓰나; 쓰지; 쓰니; 쓰는지; 썼어; 쓴거야; 쓰는거야; 쓰는; 쓴;
쓰고; 있어; 사용해; 사용하나;
사용했어; 거래해; 거래하나; 거래하니; 거래하지; 거래하는지; 거래하는거야; 매매해; 매매하나; 돌렸어; 돌렸나;
돌린거야; 돌린거지; 돌린; 야;
이야; 인가; 인가요; 인지; 이지; 지; 맞아; 맞지; 맞나; 맞죠; 맞아요; 맞나요; 맞는지; 진짜야; 진짜; 적용했어;
적용했나; 적용됐어; 적용된거야;
했어; 했나; 한거야; 알려줘; 보여줘; 잡았어; 시작했어; 시작함; 시작했지; 시작해; 시작했나; 시작한거야
"""
BESIDE: Final = """
the; a; an; s; as; than; over; everywhere; of; for; on; in; with; to; by; at; against; it; its; it's; they;
them; their;
these; those; this;
that; both; all; each; every; one; ones; two; strategy; strategies; strats; strat; backtest; backtests; runs;
run; ran; really; actually; exactly; just; also; and; so; ok; okay; then; now; btw; or; everyone; everything;
everybody; anyway;
use; uses; used; using; trade; trades; traded; trading; hold; holds; have; has; had; cover; covers;
covered; get; got; start; started; starts; begin; began; begins; based; much; long; tested; been; be;
compared; measured; please; pls; there; right; apply; applied; charged; charge; me; tell; show; we; you;
across; between; thing; things; among; again; other; others; too; well; hey; um; hmm; any; 다; 모두; 전부;
둘; 둘다; 셋; 다들; 전략; 전략들; 백테스트;
백테스트들; 걔; 걔네; 얘; 얘네; 쟤; 쟤네; 이; 그; 저; 애들; 놈들; 다른; 나머지; 끼리; 서로; 그럼; 그러면;
근데; 그리고; 혹시; 좀; 건; 거; 것; 게; 이거; 그거; 그게; 이게; 각각; 모든; 전체; 각; 것들; 거는; 거들; 쪽;
다시;
정확히; 원래; 실제; 실제로; 같은걸로; 걸로; 가지고; 갖고; 로; 으로; 하는; 한; 된; 쓰는; 아; 응; 음; 우리;
이거들; 처럼; 보다; 기준; 요; 만; 마다; 전략마다; 비교; 셋
"""
SEVERAL: Final = """
all; both; each; every; everyone; everything; others; them; they; these; those; strategies; 다; 모두; 전부;
둘;
둘다; 다들; 다른; 나머지; 서로; 각각; 모든; 전체
"""
