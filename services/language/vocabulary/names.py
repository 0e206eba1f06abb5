"""The words that names of strategies are made of, and the ordinary words that are no names."""

from typing import Final

_SOUNDS: Final = """
all=올 allocation=얼로케이션 alpha=알파 and=앤 arbitrage=아비트라지;아비트리지 asset=에셋 band=밴드
bands=밴드 beta=베타 bollinger=볼린저 breakout=브레이크아웃 buy=바이 carry=캐리 channel=채널 cross=크로스
crossover=크로스오버 dead=데드 donchian=돈치안 dual=듀얼 etf=이티에프 factor=팩터 following=추종;팔로잉
gap=갭 global=글로벌 golden=골든 grid=그리드 growth=그로스 hedge=헤지 hold=홀드 index=인덱스 long=롱
macd=맥디 momentum=모멘텀;모멘툼 multi=멀티 pair=페어 pairs=페어즈 parity=패리티 quality=퀄리티
reversal=리버설 reversion=리버전 risk=리스크 rotation=로테이션 rsi=알에스아이 sector=섹터 short=숏;쇼트
smart=스마트 squeeze=스퀴즈 stochastic=스토캐스틱 super=슈퍼 swing=스윙 trading=트레이딩 trend=추세;트렌드
turtle=터틀 value=밸류 weather=웨더
"""
SOUNDS: Final = {
    latin: tuple(hangul.split(";")) for latin, hangul in (each.split("=") for each in _SOUNDS.split())
}
"""Latin words with what they are in Hangul, the usual one first."""

ABBREVIATIONS: Final = {
    "momentum": "mom",
    "reversion": "rev",
    "reversal": "rev",
    "crossover": "cross",
    "bollinger": "boll",
    "donchian": "donch",
    "average": "avg",
    "breakout": "brk",
}
"""How words of names are shortened."""

_GENERIC: Final = """
strategy strategies model system portfolio backtest version ver v the my our
전략 모델 시스템 포트폴리오 백테스트 버전 나의 내
"""
GENERIC: Final = frozenset(_GENERIC.split())
"""The words that a name has beside what it calls a strategy."""

CONTRASTS: Final = frozenset("일월주중년연분장단상하고저대소내외전후신구역순남북동서")
"""The syllables each of which may make a word into one of another meaning: 일간, 월간."""

_ENGLISH: Final = """
able about above absolute accept access according account accurate achieve across act action active actual
add adjust advance advice affect afraid after again against age aggressive ago agree ahead aim air alike
alive all allocation allow almost alone along already also alter although always amaze american among amount
analyse analysis analyst analyze and angle angry annual annualized another answer any apart api appear apple
apply appreciate approach april are area argue around arrange arrive art asian ask aspect assess assist
assume attach attempt attend august author average avoid award aware away awesome awful baby back backtest
backtesting backtests bad balance ball bank bar base basic basis bear bearish beat beauty became because
become bed been beer before began begin beginner behave behind being believe belong below bench beside best
bet better between beyond big bigger bill bit bitcoin black blame blank blend blind block blood blow blue
board boat body bold bond book boom border bored boring boss both bother bottom bound box boy brain brand
brave break breakfast brief bright brilliant bring broad broke broken broker brother brown bubble budget
build built bull bullish bunch burn business busy but buy buyer bye calculate call calm came can candidate
capable capital car card care careful carry case cash casual catch cause caution cautious cell center central
century certain chain chair chance change channel character charge chart cheap check cheer cheers chief child
chinese choice choose chose chosen circle claim class classic clean clear clever click client climb clock
close closer cloud club coffee coin cold collapse colleague collect college color colour column combine come
comfort command comment commodity common company compare compete complain complete complex compute concept
concern conclude condition confident confirm confuse connect conservative consider consist consistent
constant contain content context continue contract contrast control convert convince cook cool copy core
corner correct correction cost could council count country couple courage course cover crash crashes crazy
create credit crisis critical cross crowd crucial cry crypto csv cup curious currency current curve customer
cut cycle daily damage dance danger dark data database date daughter day dead deal dear death debate debt
decade december decide decision decline deep default defensive define definite degree delay deliver demand
depend depth describe deserve design desire despite detail detect determine develop developed device did die
differ difficult digit dinner direct dirty disappear discount discover discuss display distance
diversification diversify divide dividend doctor document does dog dollar done door doubt down draft drag
dramatic draw drawdowns dream dress drink drive drop dry due during dust duty each eager early earn earth
ease east easy eat economy edge edit educate effect efficient effort eight either elect element else email
emerge emerging emotion employ empty enable end enemy energy engage engine enjoy enough ensure enter entire
entry equal error escape especially essential estimate etf european evaluate even evening event eventually
ever every evidence exact examine example excel excellent except excess exchange excite exclude excuse
execute exercise exist exit expand expect expense expensive experience experiment expert explain explore
export expose express extend extent external extra extreme eye face fact factor fail failure fair faith fall
false familiar family famous fancy fantastic far farm fashion fast father fault favor favorite favour fear
feature february fee feed feel fees feet fell fellow felt few field fierce fifth fifty fight figure file fill
film filter final finance find fine finger finish fire firm first fish fit five fix flag flat flavor flexible
flight floor flow fly focus folk follow food foot for force foreign forget form formal format former formula
forth fortune forty forward found foundation four frame free frequent fresh friday friend from front fruit
full fun function fund funny further future gain game garden gas gather gave general generate gentle get
giant gift girl give glad glass global goal goes gold gone good got govern grab grade gradual grand grant
graph great greed green greet grey grid gross ground group grow growth guarantee guard guess guest guide guy
habit had hair half hall hand handle hang happen happy hard hardly harm has hate have head health hear heard
heart heat heavy hedge height held hello help helpful hence her here hero hey hidden high highlight hill him
hint hire his history hit hold hole holiday home honest honor hope horrible horse hospital host hot hotel
hour house housing how however huge human humble hundred hunt hurry hurt husband ice idea ideal identify idle
ignore ill illegal image imagine immediate impact implement import important impossible impress improve inch
include income increase incredible indeed independent index indicate individual industry inflation influence
inform initial inner input inside insight instance instead institution institutional instruct insurance
intend interest internal internet into intraday introduce invest investor invite involve iron island issue
item its january japanese job join joint joke journey joy json judge july jump june junk jury just keen keep
kept key keyboard kick kid kill kind king kitchen knew know known korean label lack lady lag land language
laptop large last late lately later latter laugh launch law lawyer lay lazy lead leader leak learn least
leather leave led left leg legal lend length less lesson let letter level leverage library lie life lift
light like likely limit line link list listen liter little live load loan local lock logic login long look
loose lord lose loss lost lot loud love lovely low lower loyal luck lucky lunch machine mad made magic mail
main maintain major make male man manage manager manner manual many march margin mark market marry mass
massive master match material math matter maximum may maybe mean meaning measure meat media medical medium
meet meeting member memory mental mention menu merely merge mess message metal method middle might mild
military million mind mine minimum minor minute miracle miss mistake mix mobile mode model moderate modern
modest moment monday money monitor month monthly mood moon moral more morning mortgage most mother motion
mountain mouse mouth move movie much multiple multiply murder music must mutual name narrow nation natural
nature near nearly neat necessary neck need negative neither nervous net network neutral never new news next
nice night nine nobody noise none nor normal north nose not note notebook nothing notice notion november now
nuclear number object observe obtain obvious occasion occur ocean october odd off offer office officer often
oil okay old older once one only open operate opinion oppose opposite option orange order ordinary organize
origin other otherwise ought our outcome outer outline output outside over overall overfit overfitting
overnight own owner pace pack page paid pain paint pair panel panic paper parameter parameters parent park
part partner party pass password past patch path patient pattern pause pay pdf peace peak peer pension people
per percent perfect perform perhaps period permit person phase phone photo phrase physical pick picture piece
pizza place plain plan plane planet plant plastic plate play player please pleasure plenty plot plus point
poker police policy polite poll pool poor popular port portion position positive possess possible post pot
potential pound power practical practice praise pray precise predict prefer premium prepare present
presentation press pressure pretend pretty prevent previous price pride prime print printer prior private
prize probably problem procedure proceed process produce product professional profile profit program progress
project promise promote proof proper property propose protect proud prove provide prudent public pull pure
purpose push put puzzle python qualify quality quant quarter queen query question quick quiet quite quote
race radio rain raise rally ran random range rank rapid rare rate rather ratio raw reach react read ready
real reality realize really reason recall receive recent recession recommend record recover red reduce refer
reflect reform refuse regard regards region regular reject relate relative release relevant reliable relief
rely remain remember remind remote remove rent repair repeat replace reply report represent request require
research reserve resolve resource respect respond rest restore result retail retain retire retirement return
reveal reverse review revision reward rice rich ride right ring rise risk rival river road robust rock role
roll roof room root rough round route row royal rule run rush sad safe said sail salary sale salt same sample
sand sat satisfy saturday save savings saw say scale scan scare scary scene schedule school science scope
score scream screen script sea search season seat second secret section sector secure see seed seek seem seen
select sell semiconductor send senior sense sent sentence separate september series serious serve server
service session set settle seven several severe shake shall shame shape share sharp she sheet shelf shell
shift shine ship shirt shock shoot shop shore short shot should shoulder shout show shown shut sick side
sideways sight sign signal significant silent silly silver similar simple simulate simulation since sing
single sink sir sister sit site situation six size skill skin sky sleep slice slide slight slip slow slump
small smart smell smile smoke smooth snow soccer social soft software soil sold solid solve some son song
soon sorry sort soul sound source south space spare speak special specific speech speed spell spend spent
spike spirit split spoke sport spot spread spreadsheet spring square stable staff stage stake stale stand
standard star stare start state station statistic status stay steady steal steel steep stem step stick still
stock stop storage store storm story straight strange strategic street strength stress stretch strict strike
string strong structure struggle student study stuff stupid style subject submit success such sudden suffer
sufficient sugar suggest suit sum summary summer sun sunday super supper supply support suppose sure surface
surge surprise survey survive suspect sustain sweet swift swim switch symbol system table tactical tail take
taken talent talk tall tank tape target task taste taught tax taxes tea teach team tear technical technology
tell ten tend term terrible test text than thank thanks that the theme then theory there therefore these they
thick thin thing think third thirty this those though thought thousand threat three threshold threw through
throw thursday thus ticket tie tight till time timer tiny tip tire title today together told tomorrow ton
tone tonight too took tool top topic total touch tough tour toward tower town toy track trade traded trader
traders trading tradition traffic trail train transfer transform translate travel treasure treasury treat
tree tremendous trial tribe trick tried trigger trillion trip trouble truck true trust truth try tuesday tune
turn turnover twelve twenty twice twist two type typical ugly ultimate unable uncle under understand
unfortunately unhappy uniform unify union unique unit united universe unknown unless unlike unlikely until
unusual up update upon upper upset urban urge usage use used useful user usual utility vacation vague valid
valley valve van vary vast vector vehicle verify version versus very via victim victory video view village
virtual virtue vision visit visual vital voice volume vote wage wait wake walk wall want war warm warn was
wash waste watch water wave way weak wealth weapon wear weather web website wedge wednesday week weekend
weekly weight weird welcome well went were west western wet what wheel when where whether which while white
who whole whom whose why wide wife wild will win wind window wine wing winner winter wise wish with within
without woman won wonder wonderful wood word wore work worker world worry worse worst worth would wow write
wrong wrote yard yeah year yearly yellow yes yesterday yet yield you young your yours yourself youth zero
zone
"""
_KOREAN: Final = """
가끔 가능 가령 가장 가지 가치주 각각 갑자기 강력 개별 개인 거의 걱정 건강 검색 검증 검토 결과 결국 결정 경우
경제 계산 계속 계좌 계획 고객 고객님 고민 공부 과연 과최적화 관련 관리 관심 구간 구글 국내 국장 그거 그건
그게 그날 그냥 그대로 그동안 그래도 그래서 그러니까 그러면 그런데 그럼 그렇게 그리고 글로벌 금방 금액 금요일
금융위기 급등주 기간 기관 기능 기록 기분 기술 기술주 기회 나중 날씨 날짜 내년 내용 내일 너무 노력 느낌 다들
다른 다시 다음 단계 단순 달러 당연히 당장 대략 대박 대부분 대신 대체 대충 대표 대형주 대회 데이터 도대체 도움
동안 뒤에 드디어 디자인 때문 똑같이 뛰어난 로그인 마음 마지막 만약 만큼 많이 매년 매달 매도 매매 매번 매수
매월 매일 매주 먼저 면접 모두 모든 모양 목록 목요일 목적 목표 무난 무슨 무조건 문제 물론 미국 미래 미리 바로
박스권 반대 반도체 반드시 반복 발표 방금 방법 방식 배당 배당주 변경 별로 보고서 보통 부담 부동산 부분 부탁
분석 분위기 비밀번호 비슷 비트코인 빨리 사람 사실 사용 사이 사회 상당히 상승장 상태 상황 새로 생각 선배
선생님 선진국 선택 설마 설명 설정 성공 성장주 세계 세금 세상 소개 소식 소형주 솔직히 수요일 수준 순간 숫자
스타일 슬라이드 시뮬레이션 시작 시장 시점 신규 신기 신흥국 실력 실수 실시간 실제 실패 심심 아까 아마 아마도
아무튼 아이디어 아주 아직 아침 안녕 알려 압도적 어느 어디 어떤 어제 어쨌든 언제 언젠가 얼른 엄청 없이 에너지
엑셀 여기 여러 여러분 여행 역시 연구 연금 연락 열심히 영향 오늘 오랜만 오류 오전 오후 올해 완전 완전히 외국인
요새 요약 요일 요즘 용돈 우량주 우선 우와 운영 원래 원유 원자재 월요일 위기 위치 유럽 유명 유용 은근 은퇴
은행 음식 의견 의미 이건 이게 이날 이달 이따 이런 이렇게 이름 이미 이번 이상하게 이유 이제 인기 인생 일단
일반 일본 일부 일부러 일요일 일정 입장 자꾸 자료 자세히 자주 작년 작업 잔고 잘못 잠깐 잠시 장난 재미 저거
저녁 저번 저장 전망 전문가 전반적 전부 전체 전혀 점심 정도 정리 정말 정보 제대로 제발 제법 조금 조언 존재
종류 종목 종일 종합 좋아 주말 주변 주식 주제 준비 중간 중국 중요 즉시 지금 지난 지난번 지난주 직장인 직접
진심 진짜 질문 집중 차라리 차트 참고 처음 천천히 체크 초보 초보자 최고 최근 최대한 최소한 최악 추가 추천 출력
충분히 취업 친구 친구들 커피 코로나 코인 크게 타이밍 토요일 투자 투자자 트레이더 특별 특히 팀장님 파라미터
파일 판단 평가 평균 평소 포함 표시 프로그램 필요 하락장 하루 하루종일 하반기 하여튼 하지만 학생 한국 한눈에
한번 할인 함께 항상 해당 해외 현실 현재 형태 혹시 혹시나 화면 화요일 확실히 확인 환율 활용 회사 회의 횡보장
후배 훨씬 휴가 흐름 희망
"""
ORDINARY: Final = frozenset((*_ENGLISH.split(), *_KOREAN.split()))
"""The words of sentences about anything: none is read as a name that it is only near to."""
