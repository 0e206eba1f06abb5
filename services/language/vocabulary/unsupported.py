"""The words for what the chat can't do, and for asking it.

Phrases are in lower case, and separated by semicolons; a blank of a Korean one may be left out.
"""

from typing import Final

RUNS: Final = {
    "leverage": "레버리지; 미수; 신용 거래; leverage; leveraged; margin trading; on margin",
    "shorts": """
        공매도; 숏 포지션; 숏 전략; 롱숏; 숏; 롱 숏; short only; short selling; short sell; shorting;
        long short; go short; short position; short positions; short side; sell short; you short; i short;
        we short
    """,
    "exits": """
        손절; 익절; 스탑로스; 스톱로스; 스탑 로스; 트레일링 스탑; 목표가; stop loss; stop losses;
        stoploss; take profit; trailing stop; profit target; stop at
    """,
    "bars": """
        분봉; 시간봉; 주봉; 월봉; 초봉; 틱 데이터; 틱봉; hourly; intraday; minute bars; minute bar;
        minute data; weekly bars; monthly bars; tick data; hour bars; hourly bars; 4h bars; 1h bars;
        일중 데이터; 장중 데이터
    """,
    "taxes": "세금; 양도세; 거래세; tax; taxes; dividends tax",
    "sizing": """
        켈리; 분할 매수; 분할 매도; 물타기; 포지션 사이징; position sizing; position size; kelly;
        risk per trade; pyramiding; dollar cost averaging; dca; 적립식
    """,
    "optimisation": """
        최적화; 파라미터 찾아; 파라미터 자동; 좋은 파라미터; 제일 좋은 값; 가장 좋은 값; 최고의 값;
        알아서 찾아; 최적의 파라미터; 최적 파라미터; 최적의 값; 그리드 서치; 그리드서치; 파라미터 탐색;
        파라미터 튜닝; 튜닝; 최고의 파라미터; 제일 좋은 파라미터; 가장 좋은 파라미터; 베스트 파라미터;
        최적 윈도우; 최적의 윈도우; optimise; optimize; auto tune; autotune; optimising; optimizing;
        optimisation; optimization; optimal parameters; optimal parameter; optimal params; optimal window;
        optimal settings; optimal lookback; best parameters; best parameter; best params; best settings;
        best window; best lookback; grid search; gridsearch; parameter search; parameter sweep;
        sweep the parameters; sweep; hyperparameter; hyperparameters; tune the parameters; fine tune;
        tune it; tune the strategy
    """,
    "validation": """
        워크포워드; 워크 포워드; 전진 분석; 아웃 오브 샘플; 아웃오브샘플; 교차 검증; 몬테카를로;
        몬테 카를로; 표본 외 검증; walk forward; walkforward; out of sample; in sample; cross validation;
        cross validate; cross validated; monte carlo
    """,
    "trading": """
        liquidate; close all positions; close the position; sell everything; buy everything;
        close everything; 전량 매도; 전량 매수; 실시간; real time; realtime; live data; 실전 매매;
        실제 매매; 실거래; 실매매; 실전 투자; 실제 계좌; 모의 투자; 모의투자; 실시간 매매; 자동 매매;
        주문 넣어; 주문 내; 계좌 연결; 증권사; live trading; trade live; go live; going live; real money;
        paper trading; paper trade; real account; live account; place an order; place orders;
        place the order; broker; deploy
    """,
    "schedule": """
        자동 실행; 자동 백테스트; 매일 실행; 매주 실행; 매월 실행; 매일 돌려; 매주 돌려; 매월 돌려; 예약;
        스케줄; 정기적으로; 주기적으로; 매일 아침; 매일 저녁; 매일 밤; 매일 자동; 매주 자동; 자동으로;
        크론; schedule it; schedule this; schedule that; schedule them; schedule the; on a schedule; cron;
        every morning; every night; every evening; every weekday; automatically; periodically; nightly;
        at 9am; at midnight
    """,
    "messages": """
        메일; 이메일; 슬랙; 텔레그램; 카톡; 카카오톡; 문자로; 문자 보내; 푸시; 알림; email; e mail;
        mail me; slack; telegram; sms; text me; push notification; notify me; ping me; alert me; webhook
    """,
}  # fmt: skip
"""What no backtest has here, and what is not done with one."""
OTHERS: Final = {
    "deletion": "삭제; 지워; 지우; 제거해; 날려; delete; erase; purge; wipe; get rid of",
    "renaming": "이름 바꿔; 이름을 바꿔; 이름 변경; 이름을 변경; rename; change the name",
    "charts": """
        차트; 그래프; 그림; 플롯; 엑셀; csv; 다운로드; 내보내기; 내보내; 리포트 만들어; pdf; plot; chart;
        graph; draw; download; export; spreadsheet; excel; equity curve
    """,
    "told": """
        끝나면 알려; 완료되면 알려; 끝나면 말해; 끝나면 얘기해; 다 되면 알려; tell me when it;
        tell me when they; tell me when the backtest; let me know when; let me know once
    """,
    "own rules": """
        새 전략 만들어; 새로운 전략 만들어; 커스텀 전략; 나만의 전략; 전략 코드; 코드로 짜; 전략을 짜;
        전략 짜; custom strategy; my own strategy; my own rule; own rules; write a strategy;
        code a strategy; write code; new strategy type; combine them; ensemble; portfolio of strategies
    """,
}  # fmt: skip
"""What is no backtest."""

ASKING: Final = """
liquidate; close; sell; buy; remind; auto tune; autotune; use; add; set; apply; enable; include; put;
with; run; do; perform; find; search; look for; optimise; optimize; tune; fine tune; delete; erase; purge;
wipe; get rid of; go; deploy; connect; start; make; create; give me; get me; schedule; send; email;
e mail; mail; text; notify; alert; ping; plot; chart; graph; draw; download; export; rename; change;
place; trade; sweep; backtest; test; try; write; code; build; combine; show; show me; let me; tell me;
turn on; switch on; put in; take; paper trade; grid search; walk forward; cross validate; save;
what are the; what is the; what's the; which are the; which is the; slack; short; message; rerun; repeat
"""
"""With what an English message asks for it."""
ABLE: Final = """
do you support; does it support; do you have; is it possible to; is there; are there; can it; can i;
can you; can we; could you; could i; could we; do you do; is it possible; support for; are you able to;
how do i; how can i; how to; may i; will you; would you
"""
ENGLISH_END: Final = "supported; possible; available; allowed; support; work"
"""Or ends: "is leverage supported?"."""
DOING: Final = """
해; 하자; 해줘; 해주세요; 해주라; 하고 싶어; 하고 싶은데; 할래; 해봐; 해봐줘; 해볼래; 줘; 주세요; 줄래;
줄 수 있어; 돌려; 돌리자; 넣어; 넣자; 써; 쓰자; 적용; 적용해; 보내; 찾아; 찾아봐; 시켜; 시작해; 시작하자;
만들어; 그려; 보여; 뽑아; 바꿔; 변경해; 지워; 지우자; 삭제; 삭제해; 내보내; 걸어; 걸자; 설정해; 추가해;
추가; 연결해; 알려; 부탁해; 부탁; 부탁드려요; 날려; 제거해; 변경; 바꾸자; 해라; 지원해; 지원돼; 지원하나;
지원되나; 지원하니; 지원; 가능; 가능해; 가능한가; 되나; 되니; 돼; 됩니까; 되냐; 되지; 할 수 있어;
할 수 있나; 할 수 있니; 할수있어; 할수있나; 있어; 있나; 쓸 수 있어; 쓸 수 있나; 넣을 수 있어; 넣을 수 있나;
받을 수 있어; 받을 수 있나; 보낼 수 있어; 지울 수 있어; 찾을 수 있어; 그릴 수 있어; 볼 수 있어; 검증해;
검증; 고려해; 반영해; 해줄래; 해줄 수 있어; 뭐야; 찾아줄래; 로; 으로; 에서; 짜; 짜줘; 나눠; 나누자; 맞춰; 정해
"""
"""With what a Korean one does, at its end."""
ENDING: Final = """
줘; 주세요; 줘요; 주라; 줄래; 줄래요; 봐; 봐줘; 요; 나요; 라; 자; 주시겠어요; 줄 수 있어; 주실래요; 는지; 까
"""
TRADES: Final = """
살까; 팔까; 사야 할까; 사야 하나; 팔아야 할까; 사; 팔아; 매수해; 매도해; 매수하자; 매도하자; 사자; 팔자;
매수 주문; 매도 주문
"""
"""Korean orders to buy or sell, at the end."""
ENGLISH_TRADES: Final = "trade; invest in; buy; sell; short; long; purchase; liquidate"
"""English ones, at the beginning, before a symbol."""
INDEXES: Final = """
kospi; kosdaq; kospi 200; s&p; s&p 500; s&p500; sp500; s and p; s and p 500; nasdaq; nasdaq 100; dow;
dow jones; russell; russell 2000; nikkei; ftse; msci; msci world; hang seng; dax
"""
KOREAN_INDEXES: Final = """
코스피; 코스닥; 코스피200; 코스피 200; 나스닥; 나스닥100; 나스닥 100; 다우; 다우존스; 니케이; 닛케이;
항셍; s&p;
s&p500; s&p 500; 에스앤피; 에스앤피500; 에스앤피 500
"""
