"""The kind ``valuation``: what the market pays for a company or a fund, by which method."""

from bot.facts.field import (
    Field,
    Type,
    count,
    day,
    money,
    number,
    price,
    ratio,
    text,
    word,
    yes_no,
)
from bot.facts.kind import Kind

VALUATION = Kind(
    name="valuation",
    doc="One reading of one ticker's valuation.  Loss-makers have no P/E.",
    subject="ticker",
    fires="rise",
    fields=(
        day("as_of", "The session whose close it is measured by."),
        Field(
            name="issuer_cik",
            type=Type.CIK,
            doc="CIK of the company whose reports were read, ten digits.",
        ),
        price("close_usd", "Close of that session as traded."),
        number("pe_trailing", "Close ÷ eps_ttm_usd; for a fund as pe_method says."),
        number("pe_forward", "Price ÷ expected earnings a share, as pe_method says."),
        text(
            "pe_method", "How the P/Es were made: of whom, of which year, what becomes of losses."
        ),
        word(
            "pe_missing",
            "Why there is no trailing P/E.",
            "no_facts",
            "not_told",
            "insufficient",
            "stale",
            "currency",
            "depositary",
            "coverage",
            "loss",
            "no_price",
            plain={
                "no_facts": "no report that tells its earnings is known",
                "not_told": "neither a usable row of index_pe.csv nor holdings tell it",
                "insufficient": "the reports do not make four quarters",
                "stale": "the newest quarters ended more than 200 days before",
                "loss": "a loss over four quarters",
                "no_price": "no close of that session",
                "currency": "the reports are in another currency than the price",
                "depositary": "the share of its report may not be the one that trades",
                "coverage": "earnings are known of under 90% of its weight",
            },
        ),
        day("pe_forward_as_of", "Day of the forward P/E."),
        price("eps_ttm_usd", "Diluted earnings a share of the last four quarters, GAAP."),
        day("eps_period_end", "Last day of those quarters."),
        price(
            "eps_quarter_usd",
            "Diluted earnings a share of the newest quarter; of a year's last, which no report "
            "tells alone, the year less nine months.",
        ),
        price("eps_quarter_year_ago_usd", "The same of the quarter a year before."),
        day("quarter_end", "Last day of the newest quarter that is told of."),
        number(
            "pe_zscore_5y",
            "Log of the trailing P/E (without one: the forward P/E) against that of the 60 month "
            "ends before; at least 36 of them known.",
        ),
        number("pe_percentile_5y", "How many percent of those months are not above it: 0 to 100."),
        text("benchmark", "Ticker of the benchmark of the next five."),
        word("pe_ratio_of", "Which P/Es the next four compare.", "trailing", "forward"),
        number("pe_ratio", "P/E ÷ the benchmark's."),
        number("pe_spread", "P/E − the benchmark's."),
        number("pe_ratio_zscore_5y", "pe_zscore_5y of the ratio."),
        number("pe_ratio_percentile_5y", "pe_percentile_5y of the ratio."),
        ratio("yield_spread", "Trailing earnings ÷ price less the benchmark's; also with losses."),
        ratio(
            "implied_growth", "Trailing P/E ÷ forward P/E − 1; mixes GAAP and analysts' figures."
        ),
        number("shares_outstanding", "Shares outstanding on the cover of the newest report."),
        money("market_cap_usd", "Those shares × close, on one share basis."),
        money("revenue_ttm_usd", "Revenue of the last four quarters; 0 is none, never unknown."),
        day("revenue_period_end", "Last day of those quarters."),
        ratio("revenue_growth", "revenue_ttm_usd ÷ that of the four quarters before − 1."),
        ratio("gross_margin", "Gross profit ÷ revenue of the last four quarters."),
        money(
            "operating_income_quarter_usd", "Operating income of the newest quarter; a loss < 0."
        ),
        money("operating_income_year_ago_usd", "The same of the quarter a year before."),
        money("net_income_quarter_usd", "Net income of the newest quarter; a loss is below 0."),
        money("net_income_year_ago_usd", "The same of the quarter a year before."),
        price("fair_value_usd", "Fair value by the user's file, divided by the splits since."),
        day("fair_value_as_of", "Day of it in that file."),
        ratio("fair_value_discount", "1 − close ÷ fair_value_usd; unknown if older than 365 days."),
        yes_no(
            "listed",
            "Whether it trades: no after a Form 25 or 15; unknown without a bar.",
            {"yes": "listed", "no": "not listed any more"},
        ),
        day("earnings_on", "Estimated day of the next quarterly results (8-K item 2.02)."),
        count("days_to_earnings", "Days from as_of to it."),
        ratio("earnings_confidence", "Share of past estimates of that kind within 5 sessions."),
        text("source", "Where the figures come from, separated by blanks: sec, yahoo, user."),
        text("quality", "Marks of doubt, separated by blanks; empty of marks is unknown."),
        Field(
            name="sources",
            type=Type.DETAIL,
            doc="Where each figure stands: accession number, concept and period, or file and row.",
        ),
    ),
)
