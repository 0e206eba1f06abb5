"""The English words of questions: in lower case, without hyphens; phrases are separated by semicolons.

Of several phrases that begin at one word, the longest is read.
"""

from typing import Final

from services.language.terms import (
    ABOVE_ZERO,
    BELOW_ZERO,
    NONE,
    OVERALL,
    Degree,
    Grade,
    Limit,
    Mark,
    Noun,
    Ordinal,
    Sign,
    Term,
    Unknown,
)

ENDS: Final[tuple[tuple[Term, str], ...]] = (
    (
        Grade("quality", 1, compared=True),
        """
        should i use; should i pick; should i run; should i trade; should i choose; should i go with;
        should i take; put your money in; put my money in; put money in; bet on; should i invest in;
        invest in
        """,
    ),
    (
        Grade("size", 1),
        """
        high; highly; large; big; great; huge; heavy; severe; often; frequently
        """,
    ),
    (Grade("size", 1, compared=True), "higher; larger; bigger; heavier; greater; severer"),
    (
        Grade("size", 1, compared=True, superlative=True),
        """
        king; kings; queen; highest; largest; biggest; greatest; maximum; max; maximal; hardest; heaviest;
        severest;
        steepest; maximise; maximize; maximises; maximizes
        """,
    ),
    (Grade("size", 1), "deep; deeply"),
    (Grade("size", 1, compared=True), "deeper"),
    (Grade("size", 1, compared=True, superlative=True), "deepest"),
    (
        Grade("size", -1),
        """
        low; small; little; tiny; minor; few; shallow; rarely; seldom; limited; light
        """,
    ),
    (Grade("size", 1, zero=ABOVE_ZERO), "positive; positively"),
    (Grade("size", -1, zero=BELOW_ZERO), "negative; negatively"),
    (Grade("size", -1, zero=NONE), "no; zero"),
    (Grade("size", -1, compared=True), "lower; smaller; fewer; shallower; lighter; tinier"),
    (
        Grade("size", -1, compared=True, superlative=True),
        """
        lowest; smallest; fewest; minimum; min; minimal; shallowest; tiniest; lightest; minimise; minimize;
        minimises; minimizes
        """,
    ),
    (
        Grade("quality", 1),
        """
        good; well; nice; strong; attractive; favourable; favorable; mild; decent; beaten; win; wins; won;
        recommend; recommended; prefer; choose; pick; favourite; favorite; superior
        """,
    ),
    (
        Grade("quality", 1, against=True),
        """
        beat; beats; beating; outperform; outperforms; outperformed; outperforming; superior to; ahead of;
        win against; wins against; won against; win over; wins over; won over
        """,
    ),
    (
        Grade("quality", -1, against=True),
        """
        underperform; underperforms; underperformed; underperforming; inferior to; lag; lags; lagged;
        lag behind; lags behind; lagged behind; lose to; loses to; lost to; lose against; loses against;
        lost against; beaten by; outperformed by; trail; trails; trailed; fall short of; falls short of;
        fell short of
        """,
    ),
    (Grade("size", 1, compared=True), "descending; desc"),
    (Grade("size", -1, compared=True), "ascending; asc"),
    (
        Grade("quality", 1, compared=True),
        """
        winner; winners; champion; better; stronger; nicer; milder; preferable
        """,
    ),
    (
        Grade("quality", 1, compared=True, superlative=True),
        """
        best; strongest; finest; mildest; optimal; nicest; ranks first; rank first; ranked first;
        comes first; come first; came first; finishes first; finished first; comes out on top;
        came out on top
        """,
    ),
    (
        Grade("quality", -1, compared=True, superlative=True),
        "ugliest; nastiest; lousiest; most horrible; most terrible; most awful",
    ),
    (
        Grade("order", 1, compared=True, superlative=True),
        """
        top; number one; leading; leader; leads; first place
        """,
    ),
    (
        Grade("order", -1, compared=True, superlative=True),
        "bottom; last place",
    ),
    (
        Grade("quality", -1),
        """
        bad; badly; poor; poorly; weak; terrible; awful; inferior; loser; dud; avoid; avoids; avoided;
        steer clear of; stay away from; suck; sucks; stink; stinks; crappy; crap; lousy; shitty; lame
        """,
    ),
    (Grade("quality", -1, compared=True), "worse; weaker; poorer; harsher"),
    (
        Grade("quality", -1, compared=True, superlative=True),
        """
        worst; weakest; poorest; harshest; ranks last; rank last; ranked last; comes last; come last;
        came last; comes in last; came in last; finishes last; finished last; dead last
        """,
    ),
    (Grade("length", 1), "long; slow; slowly"),
    (Grade("length", 1, compared=True), "longer; slower"),
    (Grade("length", 1, compared=True, superlative=True), "longest; slowest"),
    (Grade("length", -1), "short; fast; quick; quickly; brief"),
    (Grade("length", -1, compared=True), "shorter; faster; quicker; sooner"),
    (Grade("length", -1, compared=True, superlative=True), "shortest; fastest; quickest; briefest; soonest"),
    (Degree(1), "more"),
    (Degree(1, superlative=True), "most"),
    (Degree(-1), "less"),
    (Degree(-1, superlative=True), "least"),
    (
        Degree(1, compared=False),
        """
        much; many; far; even; a lot; lot; very; really; quite; rather; too; particularly; especially; so; as
        """,
    ),
)
"""What names an end, or strengthens one."""

LIMITS: Final[tuple[tuple[Term, str], ...]] = (
    (Limit(1), "above; over; greater than; higher than; longer than; upwards of; north of"),
    (
        Limit(1, beyond=True),
        """
        more than; larger than; bigger than; deeper than; beyond; exceeds; exceed; exceeding; exceeded;
        in excess of
        """,
    ),
    (Limit(-1), "below; under; lower than; beneath; shorter than; south of"),
    (Limit(-1, beyond=True), "less than; smaller than; fewer than; shallower than"),
    (
        Limit(1, inclusive=True),
        """
        at least; not below; not under; no lower than; or more; or higher; or above; or over; or greater;
        and above; and up; minimum of; a minimum of; not lower than; greater than or equal to;
        more than or equal to
        """,
    ),
    (Limit(1, inclusive=True, beyond=True), "no less than; not less than; no fewer than"),
    (
        Limit(-1, inclusive=True),
        """
        at most; not above; not over; no higher than; no greater than; up to; or less; or lower; or below;
        or under; or fewer; maximum of; a maximum of; not higher than; or smaller; less than or equal to;
        limited to
        """,
    ),
    (
        Limit(-1, inclusive=True, beyond=True),
        """
        no more than; not more than; no larger than; within; stays within; no deeper than; not exceeding;
        not exceed; doesn't exceed; does not exceed; not exceeds
        """,
    ),
    (Limit(1, scale="quality"), "better than"),
    (Limit(-1, scale="quality"), "worse than"),
    (Limit(1, inclusive=True, scale="quality"), "or better; no worse than; not worse than"),
    (Limit(-1, inclusive=True, scale="quality"), "or worse; no better than"),
)
"""What makes a number a bound; beside other words those with "than" are grades and marks."""

MARKS: Final[tuple[tuple[Term, str], ...]] = (
    (
        Mark("filler"),
        """
        after costs; after fees; after commissions; net of costs; net of fees; before costs; before fees;
        in total; same thing; the same thing
        """,
    ),
    (Mark("and"), "n; and; or; as well as; plus"),
    (Mark("break"), "but; while; whereas; although; though; yet; then; because; if"),
    (
        Mark("by"),
        """
        by; in terms of; according to; based on; when it comes to; measured by; with respect to; ranked by
        """,
    ),
    (Mark("of"), "of; in; for; on"),
    (Mark("than"), "than"),
    (Mark("range"), "to"),
    (
        Mark("not"),
        """
        not; never; neither; nor; failed to; fail to; fails to; failing to; unable to; isn't; aren't;
        doesn't; don't; didn't; wasn't; hasn't; haven't; isnt; doesnt; dont; cannot; non
        """,
    ),
    (
        Mark("except"),
        """
        except; except for; excepting; excluding; exclude; excludes; other than; besides; apart from;
        aside from; everything but; anything but; all but; everyone but; any but; but not; instead of;
        rather than; leaving out; leave out; ignoring; ignore; without; without counting; not counting;
        minus; kick out; kicking out; take out; throw out; toss out; get rid of;
        every strategy but; all strategies but; any strategy but; drop out; skip; remove; omit; ex;
        forget; forget about; setting aside; leaving aside; putting aside; regardless of; irrespective of;
        never mind; don't care about; do not care about; not care about; no matter the; if we drop;
        if we kill
        """,
    ),
    (
        Mark("head"),
        """
        strategy; strategies; strat; strats; one; ones; portfolio; portfolios; model; models; system;
        systems; backtest; backtests; run; runs; option; algorithm; algo; performer; performers; candidate;
        bet; approach; them; those; these; all; others; two of them; way; choices; options; candidates
        """,
    ),
    (Mark("which"), "whats; whoever; whichever; which; who; whose; what; anything; any"),
    (Mark("how"), "how; how much; how many; how often; how long"),
    (
        Mark("about"),
        """
        tell me about; what about; how about; what abt; how abt; what bout; how bout; abt; describe;
        summarise; summarize; explain; how is; how are;
        how was; how were; how did; how does; how do; overview; summary; details; introduce;
        thoughts on; thoughts about; opinion on; opinion of; view on; take on; think of; think about
        """,
    ),
    (
        Mark("benchmark"),
        """
        benchmark; benchmarks; market; markets; index; sp500; buy and hold; buy & hold;
        buying and holding; just holding
        """,
    ),
    (
        Mark("correlation"),
        """
        diversify; diversifies; diversification; diversifier; hedge; hedges; correlation; correlations;
        correlated; correlate; correlates; uncorrelated; correlation coefficient; positively correlated;
        negatively correlated; move together; moves together; moved together
        """,
    ),
    (
        Mark("when"),
        """
        when; which year; what year; in which year; in what year; which month; what month; in which month;
        in what month; which day; what day; on which day; on what day; which date; what date; which quarter;
        what time; losing year; losing years; down year; down years; negative year; negative years;
        worst year; best year
        """,
    ),
    (
        Mark("period"),
        """
        past year; past month; past week; past quarter; past decade; last decade; january; february; march;
        april; june; july; august; september; october; november; december; last year; this year; last month;
        this month; last week; this week; last quarter; this quarter; ytd; year to date; first half;
        second half; in january; in february; in march; in april; in may; in june; in july; in august;
        in september; in october; in november; in december; rolling; by year; by month; year by year;
        month by month; each year; each month; every year; every month; over time; current; currently;
        right now; at the moment; during covid; in the crisis; during the crisis; recently; lately;
        bull market; bull markets; bear market; bear markets; bull run; bull runs; bear run; up markets;
        down markets; up market; down market; falling market; falling markets; rising market; rising markets;
        sideways market; sideways markets; choppy market; choppy markets; flat market; flat markets;
        market crash; market crashes; market downturn; market downturns; downturn; downturns; recession;
        recessions; in the crash; during the crash; in that crash; that crash; in that drop; in that fall; in
        that drawdown;
        in that slump; in that decline; during that drawdown; during that crash; in the sell-off; during the
        sell-off;
        these days; last few years; last few months; past few years; past few months; in recent years
        """,
    ),
    (
        Mark("meaning"),
        "explain; define; definition; definition of; meaning; meaning of; means; stand for; stands for",
    ),
    (Mark("ruled out"), "aside; doesn't matter; does not matter; don't matter; do not matter; is irrelevant"),
    (
        Mark("settings"),
        """
        threshold; thresholds; symbol; symbols; ticker; tickers; universe; instruments; stocks; lookback;
        look back;
        ran on; run on; tested on;
        lookback window; window length; parameter; parameters; setting; settings; configuration; config;
        what does it trade; what do they trade; what is it trading; what did it trade; what does it hold;
        what does it invest in; what does it buy; what stocks does it trade; what rules; which rules;
        configured; start date; end date; commission rate; slippage rate; slippage; slippage assumed;
        what dates; which dates; what period; which period; what window; which window; what time span;
        was assumed; were assumed; assumed; start with; started with; run with; ran with; tested with;
        backtested with; commission assumed; fees assumed; fees were assumed; costs assumed;
        costs were assumed; assumption; assumptions; initial cash; initial capital; starting cash;
        starting capital; commission used;
        commission was used; slippage used; slippage was used; did we assume; do we assume; do you assume;
        did you assume; benchmark did you use; benchmark do you use; benchmark was used; benchmark is used;
        benchmark did we use; backtest window; backtest period; test period; test window; sample period
        """,
    ),
    (
        Mark("advice"),
        """
        how much should i; how much should we; how much to put; how much to invest; how much money should i;
        how much of my money; position size; how big a position
        """,
    ),
    (
        Mark("norm"),
        """
        a good value; good value; a good level; good level; a normal value;
        normal value; normal range; a good figure; considered good; considered high; considered low;
        considered bad; rule of thumb
        """,
    ),
    (
        Mark("act"),
        """
        rerun; re run; run again; run it again; delete; cancel; start a backtest; start the backtest;
        launch; trigger; kick off; backtest it; create a strategy; rename; save it; stop it
        """,
    ),
    (
        Mark("strengths"),
        """
        on anything; on everything; by anything; at anything;
        in which metric; which metric; which metrics; what metric; what metrics; on which measures;
        which measure; which measures; in every way; in every respect; in any way;
        on all counts; on every front; strong point
        """,
    ),
    (
        Mark("every metric"),
        "every metric; all metrics; all the metrics; each metric; every measure; all measures",
    ),
    (Mark("place"), "what rank; which rank; what place; which place; what position; which position; where"),
    (
        Mark("why"),
        "why; how come; reason; reasons; for what reason",
    ),
    (Mark("nearest"), "closest; nearest; closer; nearer; close to; similar; most similar; alike"),
    (
        Mark("aggregate"),
        """
        median; combined; altogether; sum of; sum; summed; added up; put together; half in; mix; mixed;
        mixing; blend; blended; fifty fifty; equal parts;
        """,
    ),
    (Mark("filler"), "will you; will i; will we"),
    (
        Mark("future"),
        """
        next year; next month; next week; next quarter; next decade; next years; next few years; tomorrow;
        next few months; next months; coming year; coming years; coming month; coming months; coming weeks;
        in the future; in future; future; going forward; from now on; will; won't; is going to; are going to;
        predict; prediction; predictions; forecast; forecasts
        """,
    ),
    (
        Mark("small talk"),
        """
        weather; joke; jokes; temperature; lunch; dinner; breakfast; movie; movies; song; music; football;
        restaurant; restaurants; recipe; news; poem; story
        """,
    ),
    (
        Noun(OVERALL),
        """
        versus; vs; compared to; compared with; head to head; against each other; compare; comparison;
        comparing; compared; difference; differences; differ; differs; gap; gaps; each other; rank; ranking;
        rankings; ranked; summarise everything; summarize everything; summary of everything;
        summarise all; summarize all; summary of all; overview of all; overview of everything
        """,
    ),
    (Ordinal(2), "second; 2nd"),
    (Ordinal(2, implied=True), "runner up; second place; number two"),
    (Ordinal(3), "third; 3rd"),
    (Ordinal(3, implied=True), "third place; number three"),
    (Ordinal(4), "fourth; 4th"),
    (Ordinal(5), "fifth; 5th"),
    (Ordinal(6), "sixth; 6th"),
    (Ordinal(7), "seventh; 7th"),
    (Ordinal(8), "eighth; 8th"),
    (Ordinal(9), "ninth; 9th"),
    (Ordinal(10), "tenth; 10th"),
)
"""What relates others to each other."""

_ONES: Final = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety hundred"
CARDINALS: Final[dict[str, int]] = {
    **{word: value for value, word in enumerate(_ONES.split(), 1)},
    **{word: 10 * value for value, word in enumerate(_TENS.split(), 2)},
}
"""Words that numbers are made of; those above ten are numbers wherever they stand."""
NUMBERS: Final = dict(
    zip(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        range(1, 11),
        strict=True,
    )
)

EXCEEDING: Final[dict[str, Sign]] = {
    **dict.fromkeys(("above", "exceeds", "exceed", "exceeded", "exceeding"), 1),
    **dict.fromkeys(("surpasses", "surpass", "surpassed", "surpassing"), 1),
    **dict.fromkeys(("below", "beneath"), -1),
}
"""What compares a metric with that of a strategy, where no number follows."""
FRACTIONS: Final = {"half": 0.5, "third": 1 / 3, "thirds": 1 / 3, "quarter": 0.25, "quarters": 0.25}
"""Words that after a bound are a part of one: "above a third"."""
LENGTHS: Final = {"a year": 252, "one year": 252, "a month": 21, "one month": 21}
"""Of time in trading days, after a bound."""
MULTIPLES: Final = {"twice": 2, "thrice": 3, "double": 2, "triple": 3}

UNKNOWN: Final[tuple[tuple[Term, str], ...]] = (
    (
        Unknown(),
        """
        holding time; average holding time; holding period; average holding period; time in trade; trade
        duration;
        average trade duration; average time in trade; downside deviation; semi deviation; semideviation; stop
        loss; stop losses; stop loss ratio;
        gain to pain; gain to pain ratio; number of winning trades; number of losing trades; excess return;
        excess returns; correlation with the benchmark;
        correlation to the benchmark; benchmark correlation; correlation with the market;
        correlation to the market; market correlation; correlated with the benchmark;
        correlated to the benchmark; correlated with the market; correlated to the market; omega; leverage;
        quick ratio; current ratio; debt ratio;
        deflated sharpe; deflated sharpe ratio; worst day; best day; gamma; delta; theta; vega; rho; p/e;
        p/b; pe ratio; pb ratio; pbr; roe; roa; eps; esg; esg score; treynor; treynor ratio; omega ratio;
        kelly; kelly criterion; sqn; r squared; r2; dividend; dividends; dividend yield; market cap;
        liquidity; capacity; price; volume; monthly return; monthly returns; daily return; daily returns;
        weekly return; weekly returns; return on equity; average drawdown; average drawdowns; mean drawdown;
        avg drawdown; median drawdown; average loss; average win; average gain; median return; profit margin;
        best trade; worst trade; biggest trade; largest trade; average trade; trade size; losing trades;
        losing streak; winning streak; holding period; sterling ratio; martin ratio; modigliani; m2; hurst;
        convexity; yield to maturity; loss rate; recovery factor; p value; t stat
        """,
    ),
)
"""Well-known measures that the catalogue does not have."""

VERBS: Final = """
return gain yield trade cost fall drop
"""
"""Words that are other verbs before one of `OBJECTS`: "return the list"."""
OBJECTS: Final = """
the a an to me us them it this that my your his her access insight insights understanding control all only
json
"""

MAKE: Final = "make makes made"
AMOUNTS: Final = "? . ! , ; more most less least at over under above below than and or"
"""What follows "make" where it is to earn: "which made more than 20 %?", "what did RSI make?"."""

FILLERS: Final = """
around roughly approximately exactly
interest request forest honest harvest invest suggest contest protest modest latest earliest test west guest
account balance rest a an the this that it its their there here i me my you your we our
us he she is are was were be been being am has have had having can could would shall should may might
must please show list give tell find see want like need know say let at from with into as out off up down
under over also just only even still ever both each every some such same other another what's who's it's
that's let's time times period periods return today now currently so far yes ok okay hi hello
thanks thank get got made make makes making take took takes taken spent spend spends paid pay pays went go
goes come came sort sorted order ordered ratio ratios rate rates value values score figure figures number
numbers metric metrics name names start end date
dates version versions id type types description status chance kind look looks looking think
possible first next display curve equity ride returns between among amongst amount level levels percent
overall total during average mean term historical absolute realised realized net gross simple actually
question answer risk stay stays stayed keep keeps kept ask most else who can't wouldn't couldn't through
u em plz pls ur thx gimme wanna gonna confident confidence certain sure luck leaving hey cheers
thats whats whos hows theres heres ended ending kindly along included stand side opinion love count
pair pairs put against fare fares fared hmm thoroughly ran filter i'm real significant
significantly statistically honestly basically right correct true heard sits sit sat left remains
remaining bp bps btw lol lmao tho though anyway anyways rn ngl imo imho fyi asap bruh bro dude guys folks mate
we've i've you've they've done catch pull fine stuff damn kinda sorta literally lemme gotta coz cuz related
lehman
yo talk lets let's burned burn turns gosh dang done flat
"""
"""Words without a meaning here: none of them is a measure that does not exist."""

MISSPELT: Final = """
volatility volatile drawdown drawdowns sharpe sortino calmar skewness kurtosis turnover expectancy exposure
underwater profitable return returns benchmark tracking capture information conditional commission commissions
steadiest riskiest highest lowest largest smallest biggest annual strategy strategies stability consistent
unstable profit profits maximum minimum deepest shortest longest
"""
"""Words that are understood with one letter wrong."""
LOOKALIKES: Final = """
sharpen sharpens sharper sharply shape shaped shapes share shares sharp harpe annals mannual captured captures
rapture strategic strategist retune tracing stacking consist smaller larger longer deeper higher lower bigger
profess prophet proofs
"""
"""Other words one letter away from those."""
