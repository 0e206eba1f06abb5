"""The words beside the names of strategies in a comparison."""

from typing import Final

VERSUS: Final = frozenset({"vs", "versus", "compared to", "compared with", "against"})
ARTICLES: Final = frozenset({"the", "a", "an", "my", "our", "your", "strategy", "strategies", "that", "this"})
AUXILIARIES: Final = frozenset(
    {
        "is",
        "are",
        "was",
        "were",
        "does",
        "do",
        "did",
        "has",
        "have",
        "would",
        "will",
        "can",
        "could",
        "should",
    }
)

_NO_NAMES: Final = """
add put bring include throw back
does did do is are was were has have had be been it they them he she we i you who what which that this
expected thought ever before usual usually normal nothing none everything something anything everyone anyone
someone nobody necessary needed wanted hoped required likely possible chance luck random cash inflation
market markets bank bonds bond stocks stock savings deposit deposits money doing being having trading
investing holding buying whatever mine yours theirs ours peers competitors competition last previous past
first years year months month weeks week days day yesterday half double twice later earlier again after
instead together alone often always sometimes just ok okay others themselves itself myself buy hold where
how why when because since than then if however each other how's whichever overall average benchmark index
nasdaq kospi etc else too either neither both further well 생각 예상 기대 전 예전 이전 시장 지수 코스피
코스닥 나스닥 은행 예금 적금 무엇 누구 평소 처음 남 남들 보통 뭐 얼마 현금 물가 인플레이션 금리 채권 주식
부동산 바이앤홀드 매수후보유 벤치마크 평균 나머지 지난번 지난해 전체 함께 같이 서로 다음 친구 사람 이것 그것
저것 여기 거기 우리 자기 항상 훨씬 좀더 조금 그때 어제 그날 누가 너희 저희 당신 단순 단순보유 존버 이거 그거
저거 무조건 혹시나 아무것 아무거 각자 나중 현재 지금 과거 미래 실제 실제로 최근 ideal stellar perfect people
reward thats whats whos hows theres heres ended ends ending win wins won winning entering entered enters
closed
closes finished finishes started starts gone went goes came stayed stays turned lose loses lost losing gets
got
getting made makes making peak trough bottom start end 이상 이하 미만 초과 달라 다르 다른가 다른지 깎아먹
까먹 갉아먹 과매도 과매수
기준 윈도우 use uses used using
"""
NO_NAMES: Final = frozenset(_NO_NAMES.split())
"""Words in a comparison that are no names."""
