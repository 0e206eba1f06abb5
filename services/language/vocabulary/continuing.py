"""How people ask on without saying again what they ask: of the answer before, its reasons, its next place."""

from typing import Final

AGAIN: Final = """
    왜; 왜 그래; 왜 그런데; 왜 그런 거; 왜 그런 건데; 왜 그렇지; 왜죠; 이유가 뭐; 이유는; 근거는;
    근거가 뭐; 어째서;
    얼마나 확실해; 얼마나 확실하; 확실해; 확실하; 확실한 거; 확실함; 정말; 진짜; 진짜로; 정말로; 믿을 만해;
    믿을 만한 거; 믿어도 돼; 차이가 의미 있어; 차이가 의미가 있어; 의미 있는 차이; 의미 있는 차이인; 유의미해;
    유의미한 차이; 통계적으로 유의해; 우연 아니; 우연 아닌; 얼마나 차이 나; 얼마나 차이; 차이가 얼마나 나;
    차이는 얼마; 차이가 얼마; 얼마 차이; 둘 차이가 얼마나 나; 그게 뭔데; 그게 뭐; 그게 누구; 그게 누구누구;
    그게 어떤 전략; 누구누구; 어떤 것들; 뭐뭐; 다 대봐; 다시 말해줘; 몇 개; 그게 몇 개;
    why; why so; why is that; why's that; how come; because of what; for what reason; what makes you say that;
    how sure are you; how sure is that; how certain are you; how certain is that;
    are you sure; are you certain;
    really; is that certain; is that sure; is that significant; is it significant;
    is the difference significant; is that difference significant; is the difference real; is that real;
    is it luck; could it be luck; is that luck; by how much;
    how big is the difference; how large is the difference;
    what's the difference; what is the difference; list them; name them; show them; which ones; who are they;
    which are they; what are they; how many; how many is that; how many are they; how many are there of them
"""
REST: Final = """
    나머지; 그 외; 그 외에; 다른 것들; 다른 건; 다른 거; 다른 애들; 다른 전략; 다른 전략들; 그거 말고 나머지;
    the rest; the others; others; the other ones; the other one; the other; everyone else; all others
"""
NEXT: Final = """
    다음; 그 다음; 그다음; 다음 건; 그 다음 건; next; the next; the next one;
    next one; next best; the next best
"""
HIGHEST: Final = """
    큰; 높은; 많은; 많이; 크; 높; highest; largest; biggest; greatest; most; deepest; longest
"""
LOWEST: Final = """
    작은; 낮은; 적은; 적게; 작; 낮; lowest; smallest; least; fewest; shallowest; shortest
"""
MOST: Final = "제일; 가장; 젤; 최고로"
"""What comes before a Korean degree that is an end."""
ASKING: Final = """
    what about; how about; and what about; and how about; what's; what is; who's; who is; which is; show;
    에이; 아; 그거 말고; 그것 말고; 걔 말고
"""
"""What may come before such a question."""
HEADS: Final = "한 거; 한 건; 한 게; 한 것; 거; 것; 건; 게; 놈; 애; 쪽; 전략"
"""The Korean nouns that stand for a strategy."""
