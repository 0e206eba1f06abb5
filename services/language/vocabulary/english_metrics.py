"""The English words that name metrics, as data: each term with its phrases."""

from typing import Final

from services.language.terms import ABOVE_ZERO, BELOW_ZERO, OVERALL, Noun, Term, Trait

METRICS: Final[tuple[tuple[Term, str], ...]] = (
    (Trait("beta", 1), "sensitive to the market; market sensitive"),
    (
        Noun("total_return", own=1),
        """
        made money; make money; makes money; in profit; ended up; ended higher; ended in the green;
        finished up; finished higher; closed up; in the green; in the black; finished in the green;
        made a profit; make a profit; makes a profit;
        turned a profit; turn a profit; turns a profit; made a gain; make a gain; made profits;
        in the black; in the green; came out ahead
        """,
    ),
    (Noun("benchmark_return"), "benchmark of return; benchmark of returns"),
    (Noun("exposure", sense=-1), "cash; in cash; time in cash; cash share; uninvested"),
    (Noun("conditional_value_at_risk", sense=-1), "tail losses; tail risk"),
    (Trait("total_return", 1), "rich; richer"),
    (Trait("total_return", 1, superlative=True), "richest"),
    (
        Noun("sharpe_ratio"),
        """
        sharpe; sharpes; sharpe ratios; sharp ratio; sharp ratios; sharpe index; risk adjusted; risk adj;
        bang for the risk; bang for the buck; bang for your buck; bang for my buck; bang for buck;
        risk adj return; risk adj returns; vol adjusted; volatility adjusted; vol adjusted return;
        vol adjusted returns; return per volatility; volatility adjusted return; volatility adjusted returns;
        return per unit of risk; return to risk; return to risk ratio; risk return ratio; reward to risk;
        reward to risk ratio; risk adjusted return; risk adjusted returns; risk adjusted performance;
        return per risk; return per unit of risk; return to risk; risk return; risk reward; reward to risk;
        reward for the risk; bang for the buck
        """,
    ),
    (Noun("sortino_ratio"), "sortino; sortinos; sortino ratios; downside risk adjusted return"),
    (
        Noun("calmar_ratio"),
        """
        calmar; calmars; calmar ratios; calmer ratio; return over drawdown; return to drawdown; mar ratio;
        return to drawdown ratio; return drawdown ratio; return over max drawdown; return to max drawdown
        """,
    ),
    (Noun("information_ratio"), "information ratios; info ratio; ir"),
    (
        Noun("total_return"),
        """
        return; returns; returned; returning; rate of return; total returns; cumulative return;
        cumulative returns; overall return; overall returns; profit; profits; profitability; gain; gains;
        gained; gaining; earn; earns; earned;
        earning; earnings; roi; pnl; make money; made money;
        makes money; grew overall; bounce; bounced; bounces; bounce back; bounced back; rebound; rebounded;
        rebounds; came back; come back; yield; yields; yielded; money maker; moneymaker
        """,
    ),
    (
        Trait("total_return", 1, superlative=True),
        """
        bounced back hardest; bounced back the hardest; bounced back the most; bounced back most;
        bounced back strongest; bounced hardest; rebounded hardest; rebounded the hardest; rebounded the most;
        rebounded most; rebounded strongest
        """,
    ),
    (Noun("total_return", weak=True), "money"),
    (Noun("cagr", weak=True), "per year; per annum; a year; annually"),
    (
        Noun("total_return", sense=-1, own=1),
        """
        lose; loses; lost; losing money; lose money; lost money; loses money; made a loss; make a loss;
        makes a loss; at a loss; in the red; ran a loss; made losses
        """,
    ),
    (
        Noun("cagr"),
        """
        cagr; cagrs; annual return; annual returns; annual growth; annual growth rate; annualised return;
        annualised returns; annualized return; annualized returns; annualised growth; annualized growth;
        yearly return; yearly returns; yearly growth; compound annual growth; compound growth;
        compound return; growth; growth rate; grow; grows; grew; growing; grown; compounded;
        average annual return; return per year; returns per year; returned per year; return a year;
        returns a year; earned per year; earns per year
        """,
    ),
    (
        Noun("final_equity"),
        """
        final value; ending value; final equity; ending equity; end equity; final capital; final wealth;
        final balance; ending balance; ended with; ends with; ended up with; end value; final assets
        """,
    ),
    (Noun("benchmark_return"), "return of the benchmark; benchmark returns; benchmark performance"),
    (
        Noun("max_drawdown", sense=-1),
        """
        how bad did it get; how bad did things get; how bad it got; how bad was it; drawdown; drawdowns; dd;
        mdd; loss; losses; decline; declines; risk; risks; downside; peak to trough;
        fall; fell; falls; drop; dropped; drops; dip; dips; hole; holes; riskiness; draw down; draw downs;
        draws down; drew down; how much it can lose; how much it could lose; how much they can lose;
        how much they could lose; how much each can lose; how much you can lose; how much i can lose
        """,
    ),
    (
        Noun("max_drawdown", sense=-1, own=1),
        """
        worst case loss; worst case; maximum drawdowns; max drawdown; max drawdowns; max dd; maximum loss;
        max loss
        """,
    ),
    (
        Noun("max_drawdown"),
        """
        safety; survive a crash; survives a crash; survived a crash; survived the crash; surviving a crash;
        hold up; holds up; held up; hold up in a crash; held up in a crash; held up in the crash;
        weather a crash; weathered a crash; weathered the crash; weather the storm; weathered the storm
        """,
    ),
    (
        Noun("longest_drawdown"),
        """
        drawdown duration; drawdown durations; drawdown length; drawdown period; length of the drawdown;
        length of drawdown; duration of the drawdown; recovery; recovery time; recover; recovers; recovered;
        time to recover; recovery period; underwater period; underwater stretch
        """,
    ),
    (
        Noun("longest_drawdown", own=1),
        """
        longest drawdowns; longest drawdown period; longest drawdown duration; longest underwater period;
        max drawdown duration; maximum drawdown duration; longest underwater stretch; longest recovery
        """,
    ),
    (
        Noun("time_under_water"),
        """
        under water; underwater; time underwater; time in drawdown; time below peak; days under water;
        below its peak; below the peak; be in drawdown; was in drawdown; were in drawdown; is in drawdown;
        days in drawdown; spend in drawdown; spent in drawdown; spends in drawdown; in drawdown longest
        """,
    ),
    (
        Noun("volatility"),
        """
        volatility; volatilities; vol; standard deviation; variance; fluctuation; fluctuations; fluctuate;
        fluctuates; fluctuated; swings; variability; ups and downs; instability; annualised volatility;
        annualized volatility; deviation
        """,
    ),
    (Noun("volatility", sense=-1), "stability; steadiness; consistency; smoothness"),
    (Noun("ulcer_index"), "ulcer; ulcer indices"),
    (
        Noun("value_at_risk", sense=-1),
        "bad day; value at risk; var; var 95; var95; 95 % var; daily var; values at risk",
    ),
    (
        Noun("conditional_value_at_risk", sense=-1),
        """
        cvar; conditional var; conditional value at risk; expected shortfall; tail loss; daily cvar
        """,
    ),
    (Noun("skewness"), "skew; skewed; asymmetry"),
    (Noun("kurtosis"), "kurtosis; fat tails; tail fatness; fat tail; fat tailed"),
    (Noun("kurtosis", own=1), "fattest tails; fattest tail"),
    (Noun("tail_ratio"), "tail ratios"),
    (
        Noun("trades"),
        """
        trades; trade; traded; number of trades; trade count; trading activity; trading frequency; fills;
        transactions; orders; count of trades; buys and sells
        """,
    ),
    (
        Noun("win_rate"),
        """
        win rates; winrate; win ratio; hit rate; hit ratio; winning rate; winning; winning percentage;
        percentage of winning trades; share of winning trades; winning trades; success rate; batting average;
        accuracy
        """,
    ),
    (Noun("profit_factor"), "profit factors; pf"),
    (Noun("max_drawdown", -1), "maxdd; maxdds"),
    (Noun("longest_drawdown"), "drawdown days"),
    (
        Noun("max_drawdown", -1, own=1),
        "lose at most; lost at most; loses at most; lose at worst; lost at worst; loses at worst",
    ),
    (
        Noun("payoff_ratio"),
        """
        payoff ratios; payoff; win loss ratio; win to loss ratio; average win over average loss
        """,
    ),
    (
        Noun("expectancy"),
        """
        expectancies; expected return per trade; profit per trade; expected profit per trade;
        money per trade; return per trade; gain per trade; average profit per trade; average return per trade
        """,
    ),
    (
        Noun("exposure"),
        """
        average exposure; avg exposure; mean exposure; exposed; market exposure; time in the market;
        time in market; invested share; invested
        """,
    ),
    (
        Trait("exposure", 1, superlative=True),
        "in the market the most; in the market most; most in the market",
    ),
    (Trait("exposure", -1, superlative=True), "in the market the least; in the market least"),
    (
        Noun("turnover"),
        "turnover; turnovers; turnover rate; yearly turnover; portfolio turnover; turned over; turns over",
    ),
    (
        Noun("costs_paid"),
        """
        costs; cost; fees; fee; commissions; commission; trading costs; trading cost;
        transaction costs;
        transaction cost; money on fees; money on costs; money on commissions; money on trading;
        trading fees; slippage costs; expenses; charges; costly; pay in total; paid in total; pay overall;
        paid overall; pay altogether; did it pay; did they pay; did each pay; they each pay; each pay;
        each of them pay;
        did each one pay; pay in fees; pay in costs; pay in commission; pay in commissions; paid in fees;
        paid in costs; paid in commission; paid in commissions; spend on fees; spent on fees;
        spent on trading;
        spend on trading; commish; brokerage
        """,
    ),
    (
        Trait("costs_paid", 1, superlative=True),
        "paid the most; pays the most; pay the most; paid most; pays most",
    ),
    (
        Trait("costs_paid", -1, superlative=True),
        "paid the least; pays the least; pay the least; paid least; pays least",
    ),
    (Noun("alpha"), "alphas; jensen's alpha; jensens alpha"),
    (Noun("beta"), "betas; market sensitivity"),
    (Noun("tracking_error"), "tracking errors; active risk"),
    (
        Trait("tracking_error", -1, superlative=True),
        """
        tracks the benchmark closest; tracks the benchmark most closely; tracks the market closest;
        track the benchmark closest; closest to the benchmark; closest to the market
        """,
    ),
    (Noun("up_capture"), "upside capture; up market capture; upside capture ratio; up capture ratio"),
    (
        Noun("down_capture"),
        """
        downside capture; down market capture; downside capture ratio; down capture ratio
        """,
    ),
    (Trait("max_drawdown", -1), "risky; riskier; dangerous; aggressive; scary; scarier; stressful"),
    (Trait("max_drawdown", -1, superlative=True), "riskiest; scariest; most stressful"),
    (Trait("max_drawdown", 1), "safe; safer; safely; riskless; conservative"),
    (Trait("max_drawdown", 1, superlative=True), "safest"),
    (
        Trait("volatility", -1),
        """
        steady; steadier; steadily; stable; stabler; smooth; smoother; smoothly; consistent; consistently;
        calm; calmer; even keeled; reliable; reliably; tame; tamer
        """,
    ),
    (Trait("volatility", -1, superlative=True), "steadiest; smoothest; calmest; stablest; tamest"),
    (
        Trait("volatility", 1),
        """
        volatile; unstable; unsteady; bumpy; bumpier; erratic; jumpy; jumpier; choppy; choppier;
        inconsistent; wild; wilder; unreliable
        """,
    ),
    (
        Trait("volatility", 1, superlative=True),
        """
        bumpiest; jumpiest; choppiest; wildest; roughest; rockiest; roughest ride; rockiest ride;
        bumpiest ride; wildest ride
        """,
    ),
    (Trait("total_return", 1), "lucrative"),
    (
        Noun("max_drawdown", sense=-1, own=1),
        "bled; bleeds; bleeding; bleed; bled out; bleed out; got hurt; got burned",
    ),
    (Trait("total_return", 1, zero=ABOVE_ZERO), "profitable; profitably"),
    (Trait("total_return", -1, zero=BELOW_ZERO), "unprofitable; loss making"),
    (Trait("total_return", -1, superlative=True), "biggest loser; biggest losers; worst loser; top loser"),
    (Trait("total_return", 1, superlative=True), "biggest winner; biggest winners; top gainer"),
    (Trait("costs_paid", -1), "cheap; cheaper; cheaply; cheap to trade; cheaper to trade; cheap to run"),
    (Trait("costs_paid", -1, superlative=True), "cheapest; cheapest to trade; cheapest to run"),
    (Trait("costs_paid", 1), "expensive; pricey; expensive to trade; expensive to run; costly to trade"),
    (Trait("win_rate", 1), "wins more often; win more often; wins often; won more often"),
    (Trait("win_rate", 1, superlative=True), "wins most often; win most often; won most often"),
    (Trait("win_rate", -1, superlative=True), "wins least often; win least often; won least often"),
    (Trait("trades", 1), "active; actively; busy; busier"),
    (Trait("trades", 1, superlative=True), "busiest"),
    (Noun(OVERALL), "performance; perform; performs; performed; performing; result; results; doing"),
)
"""What names a metric, beside the labels of the catalogue."""
