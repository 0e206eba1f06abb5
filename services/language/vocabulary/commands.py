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
ya; ok; okay; k; sure; confirm; confirmed; proceed; go; absolutely; definitely; do; run; start; execute;
부탁드려요; 실행해주십시오; 돌려주십시오; 진행해주십시오; 시작해주십시오; 해주십시오; 돌리세요; 시작하세요;
진행하세요; 실행하세요; 돌려주세여; 해주세여; 진행시켜줘; 진행시켜주세요; 콜콜; ㅇㅋㅇㅋ; 오케오케; 굿; 굳;
ship; fire; launch; shoot; send; kk; yas; yess; yesss; okie; okey; okok; sgtm; lgtm; alright; 오냐; 웅웅;
넹넹; ㅇㅇㅇ; 그러자; 그러지; 그렇게 해
"""
"""Words that say yes."""
YES_BEFORE_A_VERB: Final = "응; 어; 웅; 네; 넵; 예; 그래; 좋아; 오케이; 오키; ㅇㅇ; ㅇㅋ; ok"
AFTER_A_YES: Final = "실행; 돌려; 돌리; 시작; 진행; 그렇; 해; 하자; ㄱ; 고고"
SOFT_YES: Final = """
fine; good; great; perfect; cool; nice; awesome; right; correct; looks; sounds; 괜찮네; 좋네; 좋네요; 그걸로
"""
"""Words that say yes to a question that was just asked, and nothing else."""
BESIDE_YES: Final = """
그럼; 그렇게; 그대로; 바로; 지금; 이제; 주세요; 줘; 요; 좀; 한번; 빨리; 당장; 음; 아; 오; 자; 그거; 그걸로;
이대로; please; pls; now; then; ahead; it; that; that's; this; right; correct; of; course; sounds; good;
great; fine; perfect; let's; lets; for; thanks; thank; you; the; a; to; i; want; by; all; means; with; ㄱㄱ;
looks; and; go; hit; press; plz; plzz; pleas; thing; so; fire; man; bro; dude; 그렇게요; 주십시오; 주시죠;
주시겠어요; 주실래요; 주삼; 주셈; 하셈; 하세요; actually; cool; nice; awesome; let; us
"""
"""Words that may stand beside them, and say nothing."""
NO: Final = """
아니다; 아닙니다; 됐다; 됐고; 아니; 아니요; 아니오; 아뇨; 아니야; 아냐; ㄴㄴ; ㄴ; 노; 노노; 싫어; 싫어요;
됐어; 됐어요; 됐습니다; 괜찮아; 괜찮아요; 취소; 취소해; 취소해줘; 취소해주세요; 취소할게; 취소할래; 하지마;
하지마세요; 하지; 마세요; 마라; 마요; 말아;
말아줘; 말아주세요; 마; 말고; 말자; 그만; 그만둬; 그만해; 안해; 안할래; 안할게; 관둬;
나중에; 보류; 필요없어; 안; no; nope; nah; n; nvm; nevermind; nevermnd; naw; 아녀; ㄴㄴㄴ; 안함; cancel;
don't; dont; not; never; stop; forget; wait; abort; 취소취소; 아니됐어; 안돌려; 안돌릴래; 그만할래;
취소할래요
"""
BESIDE_NO: Final = """
anything; something; just; so; 그냥; 진짜; 정말; 그럼; 일단; 지금; 다시; 돌리지; 실행하지; 해; 할래; 할게;
주세요; 줘; 요; 아; it; that; this; mind; thanks; thank; you; please; now; yet; do; run; start; the;
backtest; i; want; to; about; ok; okay; actually; well; hmm; oh; sorry; 음; 흠; 방금거; 방금; 거; one
"""

AGAIN: Final = """
다시; 한 번 더; 또; 그대로; 똑같이; 동일하게; 재실행; 재시도; again; do it over; do that over; over again;
once more; one more time; rerun; re run; redo; repeat; same; retry
"""
WORK: Final = "백 테스트; 백테; 백테스팅; 시뮬레이션; 시뮬; 테스트; 실행; 재실행; 검증"
"""What is asked to be done: followed by `DOING`."""
DOING: Final = """
돌려; 돌리; 걸어; 걸; 해; 하; 시켜; 시작해; 시작하; 진행해; 진행하; 부탁; 굴려; ㄱㄱ; 고고; 해볼까; 해보
"""
RUNNING: Final = "돌려; 돌리; 굴려; 굴리"
CHANGING: Final = "바꿔; 변경해; 올려; 내려; 늘려; 줄여; 해; 잡아; 맞춰; 설정해"
"""Verbs that say it alone."""
ASKING: Final = """
주세요; 주십시오; 주실 수 있나; 주실 수 있을까; 주시겠어; 주시죠; 주라; 줄래; 줄 수 있어; 줄 수 있니;
줄 수 있나; 줄 수 있을까; 줘 봐; 줘; 봐 주세요; 봐 줘; 봐; 보자; 볼래; 볼까; 보고 싶어; 보고 싶은데;
보고 싶다; 고 싶어; 고 싶은데; 고 싶다; 라; 자; 할래; 할까; 달라고; 드립니다; 합니다; 해 보자; 보여 줘;
보여 주세요; 줬으면 좋겠어; 줬으면 해; 주세여; 주세용; 줄수있나요; 주시면 감사하겠습니다; 주시면 좋겠어;
보면 좋겠어; 줘요; 죠; 주죠
"""
"""Endings of a request: "돌려 줘", and not "돌렸어"."""
WHAT_IF: Final = "면; 으면; 보면; 하면; 되면; 했을 때; 했다면; 였다면; 이었다면; 이라면; 라면; 더라면"
"""After a setting: "슬리피지를 2 %로 하면"."""
OUTCOME: Final = """
어때; 어떻게; 어떨까; 어땠; 어떤지; 얼마나; 결과; 수익률; 성과; 달라; 변해; 나와; 돼; 되; 될까; 궁금; 바뀌;
바뀔; 바뀐; 이겼; 이길
"""

POLITE: Final = """
can you; could you; would you; will you; can u; could u; would u; will u; u; can we; could we; can i; let's;
lets; let us; please; just; maybe; go ahead and; i want to; i want you to; i'd like to; i'd like you to;
i would like to; i would like you to; i'd love to; i wanna; we should; we need to; i need you to
"""
OPENING: Final = """
ok; okay; yes; no; now; then; please; pls; hey; hi; hello; and; so; also; great; thanks; good; alright;
well; actually; sorry; hmm; oh; wait; hold on; right; cool; hmmm; um; uh; hiya; heya; yo; sup; dude; bro;
man; mate; gm; morning; good morning; plz; plss; alrighty; fine; perfect; next; first; nice; lol; btw; kk;
k; hola; guys; team; thx; ty
"""
VERBS: Final = """
do the same; do it again; do that again; mind running; mind backtesting; mind testing;
would you mind running; do you mind running; do it over; do that over; do it over again; run it over; rerun;
re run; redo; repeat; retest; re test; rebacktest; run; backtest; back test; simulate; execute; launch;
kick off; try; test; re execute; same thing but; same thing with; same thing on; same thing for; same again;
again but; again on; again with; the same but; the same for; the same on
"""
MAKING: Final = """
start; do; make; create; give me; i need; get me; queue; schedule; trigger; show me; set up; gimme;
can i get; could i get; can i have; set off
"""
"""Verbs that ask for a run if they are followed by one: "start a backtest of RSI"."""
MADE: Final = """
backtest; back test; run; simulation; test; backtests; runs; re run
"""
WHAT_ABOUT: Final = "what if; how about; what about; what would; what happens; how would"
ENGLISH_WHAT_IF: Final = f"""
{WHAT_ABOUT}; with; but with; and with; now with; same with; same but; try; use; make it; change; set; make
"""
"""Before a setting: "what if slippage were 2 %?"."""

SEEING: Final = """
gimme; give me; can we see; could we see; can i see; could i see; i'd like to see; i would like to see;
let me see; show me; let's see; is it possible to; suppose; assuming; if; would; raise; lower; increase;
reduce; decrease; drop; bump; put
"""
REQUESTS: Final = """
부탁; 부탁드립니다; 부탁드려요; 부탁해; 부탁해요; ㄱ; ㄱㄱ; 고고; 가자; 갑시다; 해볼까; 한번 해볼까; 테스트;
원해
"""
RUNS_ALONE: Final = "백 테스트; 백테; 실행; 시뮬레이션; 백테스팅"
"""Nouns that ask for a run at the end of a message."""
CHANGING_STEMS: Final = """
바꾸; 바꿔; 바꿨; 바꿀; 변경; 적용; 추가; 넣; 올리; 올려; 내리; 내려; 낮추; 낮춰; 높이; 높여; 줄이; 줄여;
늘리; 늘려; 돌리; 돌려; 돌렸; 돌릴; 실행; 하면; 하고; 해서; 했; 할; 였; 이었; 얼마; 어떻; 어때; 어떨; 궁금;
알려; 보여; 해줘; 해주; 부탁; 주세; 줄래; 싶; 될; 되; 맞춰; 설정; 잡고; 잡아; 두고; 놓고; 가정; 테스트;
백테스트; 시뮬; 결과; 수익률; 성과; 달라; 변해; 변하; 잃었; 벌었; 나왔; 나오; 나올; 다시; 빼; 제외; 없애;
없이; 대신; 말고; 그대로; 같은; 같이
"""
"""Beginnings of Korean words that say that something is changed, run or asked."""
BEFORE_A_CHANGE: Final = """
but; well; wait; hmm; oh; actually; sorry; 음; 흠; 아; 근데; 그런데; 그럼; 잠깐; 잠깐만; 대신; instead; and;
also; please; yes but; no make it; make it; 미안; 아차; 아니다; 아니야; 참; yes; yep; yeah; yup; ok; okay;
sure; nope; nah; 응; 네; 넵; 예; 아뇨; 아니요; 아니; ㄴㄴ; ㅇㅇ; ㅇㅋ; 그래; 좋아; 오케이; right; good;
great; thanks; fine
"""

INTERROGATIVES: Final = """
what; what's; which; how; how's; why; when; where; who; whose; is; isn't; are; was; were; does; do; did;
has; have; had; should; would; explain; compare; tell; show; list
"""
KOREAN_INTERROGATIVES: Final = """
뭐; 무엇; 무슨; 어떤; 어느; 얼마; 왜; 언제; 어디; 어때; 몇; 누가; 누구; 비교; 알려; 보여; 설명; 어땠; 어떻게
"""

BEFORE: Final = "이전; 원래; 전; 아까; 지난번; 그전"
ENGLISH_BEFORE: Final = """
before; before that; the original; the original one; the original run; the previous; the previous one;
the previous run; last time; the first run; the run before; the one before; it was; it was before;
the earlier run; the earlier one
"""
CHANGED: Final = """
나빠졌; 나아졌; 좋아졌; 줄었; 늘었; 떨어졌; 올랐; 개선됐; 개선되었; 달라졌; 깎였; 깎인; what difference;
did it help; did that help; did it improve; any better now; any worse now; get better; get worse;
got better; got worse
"""
TRYING: Final = "한번 해볼까; 해볼까; 해보자; 해봐; 가보자; 가자; ㄱ; ㄱㄱ; 고고"
LIKEWISE: Final = "똑같이; 동일하게; 마찬가지로; 같은 조건으로"

CANCELLING: Final = "취소; 중단; 중지; 멈춰; 스톱; 스탑; 그만"
ENGLISH_CANCELLING: Final = "cancel; abort; stop; kill; terminate"

STATUS: Final = """
끝났어; 끝났나; 끝났니; 끝남; 끝났음; 끝났슴; 끝났냐; 끝났지;
다 했어; 다 했나; 다 했니; 다 끝났어; 다 됐음; 다 됨; 됐음; 아직 안 끝났어;
아직 안 됐어; 잘 돌고 있어; 잘 돌아가고 있어; 돌고 있나; 돌아가고 있나; 결과 나왔어; 결과 나왔나;
몇 퍼센트 됐어; 몇 프로 됐어; 어떻게 됐어; 어찌 됐어; 어케 됐어; 끝났습니까; 끝났는지; 다 됐어; 다 됐나;
다 됐니; 다 돌았어; 다 돌아갔어; 완료됐어; 완료됐나; 완료 되었나; 완료 되었어; 됐어; 됐나; 진행 상황;
진행 상황은; 진행 상황 알려줘; 진행 상황 보여줘; 진행 상태; 상태; 현황; 상황; how much longer;
how long left; how much time is left; time left; 어디까지 됐어; 어디까지 했어; 어디까지 했나; 어디까지 됐나;
어디까지 갔어; 어디까지 왔어; 어디까지 진행됐어; 얼마나 걸려; 얼마나 남았어; 얼마나 남았나; 얼마나 더 걸려;
언제 끝나; 언제 돼; 나왔어; 나왔나; 상황은; 상태는; 어떻게 되고 있어; 어떻게 돼 가; 아직이야; 아직 멀었어;
아직도 돌아; 돌고 있어; 돌아가고 있어; 실행 중이야; is it done; is it done yet; all done; is it done now;
u done; done; finished; how far; how far are we; progress update; any update; any updates; update;
what's taking so long; still running; is it still going; did it run; did it work; is it finished;
is it finished yet; is it ready; is it ready yet; is it complete; is it completed; is it running;
is it still running; are they done; are they finished; are they ready; is that done; is that finished;
is the backtest done; is the backtest finished; is the backtest running; is the backtest still running;
is my backtest done; is my backtest finished; are my backtests done; are the backtests done;
is the run done; is the run finished; status; progress; status of my run; status of the run;
status of my backtest; status of my backtests; progress of the run; progress of my backtest;
what's the status; what is the status; status of the backtest; what's the progress;
what's the status of the backtest; what's the status of my backtest; how far is it; how far along is it;
how long will it take; how long does it take; how long is it going to take; are we there yet; are you done;
done yet; finished yet; any news; any results; any results yet; when will it be done; when will it finish;
when is it done; did it finish; did it complete; has it finished; has it completed; how is it going;
how's it going; is it over; how is the backtest going; how's the backtest going; is anything running;
is anything running right now; is something running; anything running; what's running; what is running;
지금 돌아가는 거 있어; 돌아가는 거 있어; 실행 중인 거 있어; 진행 중인 거 있어; 돌고있어; 돌고있나;
도는 중이야;
돌리고 있어; 돌리는 중이야; 지금 돌아가; 돌아가는 중이야; 실행되고 있어; 실행했어; 돌렸어; 돌렸나; 시작했어;
시작됐어;
did you run it; did you start it; did it start; has it started; are you running it; is that running;
is it running now; is that still running
"""
"""Whole messages that ask how a backtest is going, but for `BESIDE_STATUS`."""
BESIDE_STATUS: Final = """
what's; whats; what is; the; show me; tell me; give me; check; 그; 그거; 그건; 이거; 이건; 백테스트;
백테스트는; 백테스트가; 아까 거; 방금; 방금 거; 방금 그거; 아까; 지금; 그럼; 벌써; 이제; 결과; 결과는;
결과가; 실행; 요; 혹시; 좀; so;
and; ok; okay; hey; now; already; please; then; well; yet
"""

TYPES: Final = """
전략 종류; 전략의 종류; 전략 유형; 전략 타입; 무슨 전략들 돌려볼 수; 무슨 전략 돌려볼 수;
어떤 전략 돌려볼 수; 어떤 전략을 돌려볼 수; 어떤 전략들을 돌려볼 수; 어떤 전략을 돌릴 수;
어떤 전략을 실행할 수; 어떤 전략을 쓸 수; 어떤 전략을 만들 수; 어떤 전략을 테스트할 수;
어떤 전략을 사용할 수; 어떤 전략 돌릴 수; 어떤 전략들을 돌릴 수; 무슨 전략을 돌릴 수; 무슨 전략 돌릴 수;
무슨 전략을 쓸 수; 지원하는 전략; 사용 가능한 전략; 돌릴 수 있는 전략; 실행할 수 있는 전략; 쓸 수 있는 전략;
어떤 백테스트를 할 수; 어떤 백테스트를 돌릴 수; 뭘 돌릴 수; strategy type; strategy types;
types of strategy; types of strategies; type of strategies; kinds of strategy; kinds of strategies;
kind of strategies; what strategies can i; which strategies can i; what strategies can we;
which strategies can we; what strategies can you; which strategies can you; what can i run; what can we run;
what can you run; what can i test; what can i backtest; what can you backtest; what can we backtest;
what backtests can; which backtests can; which types are there; what types are there;
which types do you have; what types do you have; which rules are there; what rules are there;
available strategies; what's available to backtest; what is available to backtest; what can be backtested;
what can be run; supported strategies; strategies do you support; list the types; list the strategy types;
what strategies do you have to run; what rules can i run
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
what data is there; which data do you have; which prices do you have; what prices do you have;
어떤 종목들로 돌릴 수; 어떤 종목들을 쓸 수; 어떤 종목들 있; 종목들은 뭐; 종목은 어떤; 종목 뭐뭐;
what period does the data cover; which period does the data cover; what dates does the data cover;
how far back does the data go; how far does the data go; what years do we have; what years do you have;
which years do we have; which years do you have; what years of data; how many years of data;
when does the data end; when does the data start; when does our data end; when does your data end;
until when is the data; up to when does the data go; what dates does the data cover; last date of the data;
what period does the data cover; what years does the data cover; what's the data range; the data range;
how recent is the data; 가진 데이터가 언제까지; 가진 데이터는 언제까지; 가진 데이터가 언제부터;
가진 데이터 언제까지;
있는 데이터가 언제까지; 데이터가 언제까지; 데이터 몇 년치; 데이터가 몇 년치; 데이터는 몇 년치; 몇 년치 데이터;
몇 년도까지 있; 몇 년까지 있; 데이터는 몇 년도까지; 데이터 몇 년까지; 데이터가 몇 년까지; 데이터 몇 년도까지;
데이터 끝이 언제; 데이터 마지막 날; 가진 데이터 기간; data coverage; 데이터 기간; 데이터는 언제부터;
데이터 언제부터; 데이터가 언제부터; 데이터는 언제까지; 데이터 언제까지; 데이터 범위; list the instruments;
list the tickers; show the instruments; symbols are available; symbols can i use; symbols do you know;
what can i trade; which symbols exist
"""

SLIPPAGE: Final = """
슬리피지; 슬립피지; 슬립; slippage; slipage; slippge; slipp; slip; 슬립피지율
"""
COMMISSION: Final = """
거래 수수료; 매매 수수료; 수수료; 커미션; 거래 비용; 매매 비용; commissions; commission; comission;
commision; commisions; commisson; commishion; trading fees; trading fee; transaction fees; transaction fee;
fees; fee; trading costs; trading cost; transaction costs; transaction cost; comm; commish; 수수료율
"""
CASH: Final = """
초기 자금; 초기 자본금; 초기 자본; 초기 투자금; 초기 투자 금액; 초기 금액; 시작 자금; 시작 자본; 시작 금액;
투자 금액; 투자금; 원금; 자본금; 자본; 시드 머니; 시드; initial cash; initial capital; initial investment;
starting cash; starting capital; starting balance; start capital; start cash; capital; cash; 현금
"""
BENCHMARK: Final = "벤치마크; benchmark; bench"
COSTS: Final = "costs; cost; 비용"
"""Commission; without any, slippage too."""
KEPT: Final = "그대로 두고; 그대로 하고; 그대로; 유지하고; 유지; 놔두고; 그냥 두고; 똑같이 두고"
ENGLISH_KEPT: Final = "keep; keeping; leave; leaving; same"
"""Of a cost that stays what it is."""
WITHOUT: Final = """
빼; 넣지 말고; 없이; 없애고; 없애서; 없애; 없는 걸로; 없게; 빼고; 제외하고; 제외; 무시하고; 안 내고;
안 넣고; 0으로; 영으로; 제로로; 제로; 없는걸로; 없는 것으로; 안 받고; 무료로
"""
"""After a cost that shall be none; `ENGLISH_WITHOUT` stands before it."""
ENGLISH_WITHOUT: Final = """
no; without; without any; zero; excluding; ignoring; free of; free of any; with no; exclude; ignore
"""
FACTORS: Final = {
    "doubled": 2.0,
    "tripled": 3.0,
    "halved": 0.5,
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
    "zero": 0.0,
    "nothing": 0.0,
}
"""Times what it was."""

SPELT_RATES: Final = {
    "half a; a half; half of a; half; 반": "0.5",
    "a quarter of a; a quarter; quarter of a; quarter": "0.25",
    "a tenth of a; one tenth of a": "0.1",
    "one and a half": "1.5",
    "one; 일": "1",
    "two; 이": "2",
    "three; 삼": "3",
    "five; 오": "5",
}
"""Before "percent"."""
NO_SYMBOLS: Final = frozenset(
    {"the", "a", "it", "this", "that", "them", "against", "no", "what", "which", "as", "to", "with", "and"}
    | {"of", "hold", "is"}
)

WHOLE: Final = """
맨 처음부터; 처음부터; 첫날부터; from the first day available; from the first available day;
from the first day; from the very start; 전체 기간; 기간 전체; 기간은 전체; 기간을 전체; 전 구간; 전체 구간;
모든 기간; 전 기간; 전체 데이터; 모든 데이터; 데이터 전체; 데이터 전부; 처음부터 끝까지; 가능한 오래;
최대한 오래; 최대 기간; all data; all the data; all available data; all history; entire period;
entire history; entire data; entire sample; full period; full history; full sample; full data; whole period;
whole history; whole data; whole sample; since inception; as far back as possible; as long as possible;
maximum period; max period; max history
"""
"""From the first day of the prices to the last one."""
RECENT: Final = "최근; 지난; last; past; previous; latest"
SPELT: Final = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
}  # fmt: skip
AMOUNTS: Final = {
    "억": 1e8, "천만": 1e7, "백만": 1e6, "만": 1e4, "천": 1e3,
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6,
}  # fmt: skip
PARAMETERS: Final = {
    "window": "기간; 윈도우; 윈도; 창; 창 크기; lookback; period",
    "lookback": "기간; 룩백; 창; 되돌아보는 기간; window; period",
    "fast": "단기; 빠른; short", "slow": "장기; 느린; long", "signal": "시그널; 신호",
    "lower": "하단; 하한; 과매도; 과매도 기준; 과매도 기준값; 과매도선; oversold; oversold level",
    "upper": "상단; 상한; 과매수; 과매수 기준; 과매수 기준값; 과매수선; overbought; overbought level",
    "entry": "진입; 매수", "exit": "청산; 매도", "width": "폭; 승수; 표준편차; deviations",
    "target": "목표; 목표 변동성", "top": "상위", "band": "밴드",
}  # fmt: skip
"""What people call the parameters of these names, beside the names."""
LENGTHS: Final = """
window; windows; lookback; look back; fast; slow; signal; 윈도우; 윈도; 창; 창은; 룩백; 단기; 장기; 시그널
"""
"""Of these, those that are a number of days, and no part of a period: a year beside them is none."""
STARTS: Final = """
시작일; 시작 날짜; 시작 기간; 시작 시점; 시작; 개시일; start date; start day; starting date; start year;
begin date;
starts; start; starting; begin; begins; beginning
"""
ENDS: Final = """
종료일; 종료 날짜; 종료 시점; 종료; 끝; 끝나는 날; 마지막 날; 마감일; end date; end day; ending date;
end year; ends;
end; ending; stop date; finish
"""
"""What stands before the first and the last day of a period."""
CHOICES: Final = {
    "daily": "매일; every day", "weekly": "매주; every week", "monthly": "매월; 매달; 월간; every month",
    "quarterly": "분기마다; 분기; every quarter", "yearly": "매년; 연간; annually; every year",
}  # fmt: skip
"""What people call the values of these names, beside the names."""
ORDINALS: Final = (
    ("첫 번째; 첫째; 1번; 1번째; first; 1st", 0),
    ("두 번째; 둘째; 2번; 2번째; second; 2nd", 1),
    ("세 번째; 셋째; 3번; 3번째; third; 3rd", 2),
    ("네 번째; 넷째; 4번; 4번째; fourth; 4th", 3),
    ("다섯 번째; 5번; 5번째; fifth; 5th", 4),
    ("맨 마지막; 마지막 거; 마지막 것; 마지막 전략; last one; last strategy", -1),
)
"""Places among the strategies that were spoken of."""

WITHOUT_BEFORE: Final = """
drop; without; remove; excluding; exclude; except; minus; instead of; not; other than; besides
"""
WITHOUT_AFTER: Final = "빼; 제외; 말고; 대신; 없이; out"
ADDED_BEFORE: Final = "add; adding; also; plus; including; include; and also"
ADDED_AFTER: Final = "추가; 포함; in as well; too; as well; also"
ALL: Final = "모든; 전부; 전체; 모두; 둘 다; everything; all; both"
"""All strategies that were spoken of."""
EACH: Final = "각각; 따로; 따로따로; 개별로; each; separately; individually; one by one"
SAME_PERIOD: Final = "같은 기간; 동일 기간; 동일한 기간; same period; same dates; same window; same years"
SAME: Final = """
같은 조건; 같은 설정; 동일한 조건; 동일 조건; same settings; same conditions; same terms; same setup
"""
COMPANIES: Final = {
    "애플; apple": ("AAPL",),
    "마이크로소프트; 마소; microsoft": ("MSFT",),
    "구글; 알파벳; google; alphabet": ("GOOG", "GOOGL"),
    "페이스북; 페북; 메타; facebook": ("FB", "META"),
    "아마존; amazon": ("AMZN",),
    "테슬라; tesla": ("TSLA",),
    "엔비디아; nvidia": ("NVDA",),
    "넷플릭스; netflix": ("NFLX",),
    "인텔; intel": ("INTC",),
    "아이비엠": ("IBM",),
    "코카콜라; coca cola": ("KO",),
    "디즈니; disney": ("DIS",),
    "비트코인; bitcoin": ("BTC-USD", "BTC"),
    "삼성전자; 삼전; samsung electronics; samsung": ("005930", "005930.KS"),
    "하이닉스; hynix": ("000660",),
    "네이버; naver": ("035420",),
    "카카오; kakao": ("035720",),
    "현대차; hyundai motor": ("005380",),
    "코스피; kospi": ("KOSPI", "^KS11"),
    "나스닥; nasdaq": ("QQQ", "^IXIC"),
    "s&p 500; s&p500": ("SPY", "^GSPC"),
}
"""Well-known companies and indexes, with the symbols that they have where there are prices of them."""

FILLERS: Final = """
averages; average; moving; thresholds; threshold; levels; level; 있는; 건데; 인데; 건지; 하; raise; lower;
increase; reduce;
decrease; bump; put; possible; it'd; 안녕하세; 안녕; 있는데; 있는거; 있음; 그; 그거; 그것; 그걸; 그걸로;
이거; 이것; 이걸; 이걸로; 저거; 좀; 다시; 한번; 한; 번; 더; 또; 그대로; 똑같이; 동일하게; 전략; 전략들;
백테스트; 백테스팅; 시뮬레이션; 테스트; 결과; 종목; 주식; 대해; 대해서; 대한; 이용해; 이용해서; 사용해;
사용해서; 써서; 가지고; 기준; 조건; 설정; 설정해서; 바꿔; 바꿔서; 바꾸고; 변경; 변경해서; 변경하고; 적용;
적용해서; 적용하고; 해서; 하고; 하면; 해; 줘; 주세요; 나; 내; 우리; 저; 이번엔; 이번에는; 이번에; 그럼;
그러면; 근데; 그리고; 그런데; 아; 음; 네; 응; 예; 오케이; 좋아; 부탁; 하나; 새; 새로; 새로운; 일단; 먼저;
빨리; 바로; 데이터; 기간; 동안; 사이; 같은; 같이; 모두; 둘다; 위; 방금; 아까; 직전; 마지막; 이전; 것; 거;
걸로; 걸; 올려서; 내려서; 늘려서; 줄여서; 올려; 내려; 늘려; 줄여; 넣어서; 넣고; 주고; 놓고; 두고; 가정하고;
가정해서; 결과가; 어때; 어떻게; 되는지; 돼; 될까; 어떨까; 보여줘; 알려줘; 궁금해; 수익률이; 수익률은;
성과가; 성과는; 얼마나; 달라져; 달라질까; 변해; 나와; 나올까; 돌리면; 돌려보면; 재실행; 실행; 실행하면;
하는; the; a; an; it; that; this; them; those; these; one; ones; my; our; your; on; for; with; of; in; to;
at; using; use; and; but; by; over; from; as; is; are; was; were; be; been; please; pls; again; same; once;
more; time; rerun; re; redo; repeat; backtest; backtests; back; test; run; runs; strategy; strategies; rule;
simulation; symbol; symbols; ticker; tickers; stock; stocks; new; another; just; now; then; ok; okay; yes;
no; so; also; instead; first; last; previous; latest; what; if; how; about; would; happens; happen; look;
looks; like; do; does; did; you; can; could; me; i; we; us; set; setting; settings; change; changed;
changing; apply; applying; applied; assume; assuming; assumed; period; window; between; during; since;
until; through; data; go; ahead; let's; lets; get; result; results; return; returns; rate; had; have; has;
had been; try; make; only; instead of; there; want; need; thanks; but this time; time's; s; under; rather;
than; up; down; 뭐; 뭐가; 뭐뭐; 있어; 있나; 있니; 있지; 있습니까; 있는지; 목록; 리스트; 알려; 보여; 수; 쓸;
돌릴; 전체; list; show; available; tell; which; 어떤; 무슨; 종류; 유형; 낮춰서; 높여서; 낮추고; 높이고;
올려봐; 내려봐; 줄여봐; 늘려봐; 낮춰봐; 높여봐; 두; 세; 다섯; 개; 가지; 전부; 다; everything; all; both;
번째; 이제; 파라미터; 아니; 아니요; 다음; 원래; 기본; 혹시; 잠깐; 잠깐만; 흠; 둘; 나머지; hmm; why; wait;
years; year; days; day; cash; parameter; parameters; gimme; w; well; actually; made; other; rest; second;
third; fourth; fifth; too; as well; different; costs; cost; money; dollars; starting; start; being; any;
some; much; it's; that's; what's; i'd; there's; see; going; still; keep; else; way; case; 각각; 따로; each;
separately; individually; conditions; terms; setup; 매겨줘; 동일한; 동일; when; where; 언제; 언제부터; 것도;
거도; 도; 원래대로; 아니다; 면; 이면; 라면; 이라면; rebalanced; rebalancing; rebalance; 리밸런싱; 마다;
분기마다; 매; 잡; 그냥; 역시; 그것도; 이것도; 첫번째; 첫; 두번째; 세번째; 네번째; 첫째; 둘째; 셋째; 번만;
add; adding; drop; remove; include; including; plus; excluding; without; 모든; thing; mentioned; u;
would've; worked; work; works; end; beginning; exactly; basically; right; later; gonna; wanna; lemme; it'll;
끝나면; 끝나고; 완료되면; know; done; finished; 걸려; 걸릴까; 걸리나; 걸리지; switch; 것들; whoops; oops;
백테; 굿모닝; 하이; ㅎㅇ; 비교; 비교해서; 비교하고; sorry; hm; swap; out; takes; 고고; ㄱㄱㄱ; 가즈아; 가자;
n; win; wins; won; winning; lose; loses; beat; beats; earn; earns; profit; profitable; better; worse; best;
zero; free; were; still; even; 이기나; 이길까; 이겨; 이겼을까; 낫나; 나을까; 좋나; 좋을까; 바뀌나; 바뀔까;
걸로요; 근데요; 좀더; ㄱ; ㄱㄱ; ㅎㅎ; ㅋㅋ; ㅎ; ㅋ; 돈은; 돈; 해야겠다; 할게; 할게요; 할래; 잃었을까;
하반기만; 먹여서; 먹이고; 물려서; 태워서; 얹어서; 붙여서; 깔고; 잡아서; 매기고; 매겨서; 부과해서; 부과하고;
설정하고; 두고서; 넣어; 넣어줘; 넣어봐; 할게여; 해줄래; 해줄래요; dates; date; range; timeframe; yo; dude;
bro; plz; thx; ty; each way; fees; with no; kindly; quick; quickly; lol; hey; hi; hello; gm; morning; guys;
team; maybe; let; gotta; basis; points; version; variant; variants; variation; variations; combos; 기본값;
기본값으로; 디폴트; 간단히; 각; 씩; 대해서도; 대해선; 살짝; 조금; 약간; 한번씩; 일단은; 우선; 부터는;
이걸로요; 요거; 요걸로; 저걸로; 얘; 얘를; 걔; 걔를; 쟤; 얘로; 걔로
"""
"""Words of a request that say nothing about what is run."""
PARTICLES: Final = """
으로만; 로만; 에다가; 으로; 에서; 에게; 한테; 이랑; 하고; 로는; 에는; 부터; 까지; 이나; 이라는; 라는; 로;
를; 을; 은; 는; 이; 가; 에; 의; 도; 와; 과; 랑; 만; 나; 용; 요; 만으로도; 으로도; 로도; 에도; 까지도;
이라도; 이랑은; 만은
"""
