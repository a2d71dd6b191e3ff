"""The kind ``insider_trade``: one economic trade of an insider."""

from bot.facts.field import Field, Type, count, day, money, number, price, ratio, text, word, yes_no
from bot.facts.kind import Kind

CLASSES = (
    "open_market",
    "off_market",
    "exercise",
    "award",
    "tax_withholding",
    "gift",
    "corporate_action",
    "derivative",
    "inconsistent",
    "other",
)
SIDES = ("buy", "sell", "none")
ROLES = ("ceo", "cfo", "officer", "director", "ten_percent_owner", "other")

_SIGNALS = (
    word(
        "trading_pattern",
        "Set on 1 January by the person's trades of the three years before: routine where some "
        "month was traded in all three, opportunistic where none was, unknown without a trade in "
        "each (Cohen, Malloy and Pomorski 2012).",
        "routine",
        "opportunistic",
    ),
    ratio(
        "net_purchase_ratio",
        "Purchases less sales ÷ both, by number of trades of all insiders in 180 days "
        "(Lakonishok and Lee 2001).",
    ),
    number(
        "first_in_years",
        "Years since the person's previous trade on this side, at least: no more than the history "
        "that is loaded.",
    ),
    yes_no(
        "reversal",
        "Whether the person changed sides: after five days of trade on the other, or buys within "
        "18 months of a sale.",
        {"yes": "changed sides", "no": "did not change sides"},
    ),
    count(
        "sequence_months",
        "Calendar months in a row, up to this one, with a trade of this person on this side.",
    ),
    count(
        "cluster_persons",
        "Persons who traded on this side in 30 days, this one among them; 0 where the trade is "
        "part of no cluster: by plan, or in one offering. At least so many where history is "
        "short.",
    ),
    yes_no(
        "cluster",
        "Whether another person traded on this side on the same or a neighbouring session, other "
        "than by plan or in one offering (80 % at one price on one day).",
    ),
    ratio(
        "exercise_hold_ratio",
        "Share of the exercised shares not sold on the market within 30 days, as far as known: 0 "
        "is a cashless exercise, 1 a held one.",
    ),
    yes_no(
        "late",
        "Filed after the second SEC business day, or marked late by the filer.",
        {"yes": "filed late", "no": "filed in time"},
    ),
    yes_no(
        "filed_after_close",
        "Whether EDGAR accepted it outside of the exchange's hours: at the close or later, before "
        "the opening, or on a day without a session.",
    ),
)
"""What a trade means beside the trades known before it; a fact is never told anew for them."""

INSIDER_TRADE = Kind(
    name="insider_trade",
    doc="One economic trade of a Form 4 or 5: the rows of one filing merged per owner group, "
    "code, security class and plan.",
    subject="issuer CIK",
    fires="every",
    fields=(
        text("accession_number", "EDGAR accession number of the filing."),
        word("form", "Form type as filed.", "3", "3/A", "4", "4/A", "5", "5/A"),
        Field(name="issuer_cik", type=Type.CIK, doc="CIK of the issuer, ten digits."),
        text("issuer_name", "Name of the issuer as filed."),
        yes_no(
            "listed",
            "no where the issuer had left its exchange or ended its registration (Forms 25, 15) as "
            "far as its list of filings told by then; else unknown.",
            {"yes": "listed", "no": "not listed any more"},
        ),
        day("delisted_on", "Day of the Form 25 or 15 by which it did."),
        Field(name="owner_cik", type=Type.CIK, doc="CIK of the leading reporting owner."),
        text("owner_name", "Name of the leading reporting owner as filed."),
        text("owners", "Names of all reporting owners, separated by semicolons."),
        text("person_key", "One key a person, after joint filings are collapsed."),
        word(
            "role",
            "The first of these that holds for any owner.",
            *ROLES,
            plain={
                "ceo": "CEO",
                "cfo": "CFO",
                "ten_percent_owner": "10% owner",
                "other": "insider",
            },
        ),
        text("officer_title", "Title as filed, or from the remarks where the form says so."),
        yes_no(
            "is_director",
            "Whether an owner is a director.",
            {"yes": "director", "no": "no director"},
        ),
        yes_no(
            "is_officer", "Whether an owner is an officer.", {"yes": "officer", "no": "no officer"}
        ),
        yes_no(
            "is_ten_percent_owner",
            "Whether an owner holds more than ten percent.",
            {"yes": "10% owner", "no": "no 10% owner"},
        ),
        text("code", "Transaction code: P, S, A, M, F, G and so on."),
        word("acquired_disposed", "A acquired, D disposed, as filed.", "A", "D"),
        word(
            "class",
            "What sort of transaction it was.",
            *CLASSES,
            plain={
                "off_market": "off the market",
                "tax_withholding": "shares withheld for tax or price",
                "inconsistent": "code and flag that contradict each other",
            },
        ),
        word(
            "side",
            "buy or sell where shares changed hands for money.",
            *SIDES,
            plain={"buy": "purchase", "sell": "sale", "none": "no purchase or sale"},
        ),
        text("security", "Title of the security as filed."),
        yes_no(
            "common",
            "Whether the title is of common or ordinary shares, or of ADS; no for units, warrants, "
            "rights, preferred stock and notes.",
            {"yes": "common shares", "no": "no common shares"},
        ),
        number("shares", "Shares, summed over the rows that state them."),
        price("price_usd", "Average price a share: value ÷ shares."),
        price("price_low_usd", "Lowest price of the rows and of the ranges in their notes."),
        price("price_high_usd", "Highest price of the rows and of the ranges in their notes."),
        word(
            "price_basis",
            "Whether a price is one execution or a weighted average.",
            "as_filed",
            "weighted_avg",
        ),
        money("value_usd", "Shares × price over the rows that state both."),
        number(
            "shares_after", "Shares owned after the trade, over all positions the filing tells of."
        ),
        price("price_as_filed_usd", "Average price as filed, where it was corrected or refused."),
        money(
            "value_as_filed_usd", "Shares × price as filed, where that was corrected or refused."
        ),
        text("correction", "How the value was corrected; empty of corrections is unknown."),
        number("ads_ratio", "Ordinary shares to an ADS, where shares were restated in ADS."),
        ratio("holding_change_ratio", "Change of the holding: -0.2 is a fifth sold."),
        yes_no(
            "planned",
            "Whether a Rule 10b5-1 plan made the trade.",
            plain={
                "yes": "under a 10b5-1 plan",
                "no": "not under a 10b5-1 plan",
                "unknown": "plan not known",
            },
        ),
        day("plan_adopted_on", "Day the plan was adopted."),
        count("cooling_off_days", "Days from the adoption of the plan to its first trade here."),
        text("announced_by", "Id of the notice of proposed sale (Form 144) that told of it."),
        *_SIGNALS,
        word("direct_indirect", "D held directly, I indirectly.", "D", "I"),
        yes_no("derivative", "Whether it stands in the table of derivatives."),
        day("traded_on", "Day of the trade; the last one where rows differ."),
        day("filed_on", "New York day on which EDGAR accepted the filing."),
        count("lag_business_days", "SEC business days from the trade to the filing; 2 is on time."),
        yes_no(
            "amendment",
            "Whether it comes from an amended form.",
            {"yes": "amended", "no": "not amended"},
        ),
        day("original_filed_on", "Day of the form that an amendment says it amends."),
        text("duplicate_of", "Id of the fact that already tells this trade."),
        text("restates", "Ids of the facts of which it tells rows anew, separated by blanks."),
        text("superseded_by", "Id of the amendment that was stored before this fact."),
        text("quality", "Marks of doubt, separated by blanks; empty of marks is unknown."),
        Field(name="parties", type=Type.DETAIL, doc="The reporting owners: CIK and name."),
        Field(name="rows", type=Type.DETAIL, doc="The merged rows as filed, with their notes."),
        Field(
            name="beside",
            type=Type.DETAIL,
            doc="The insider's trades of 12 months and the others' of 30 days, as known then.",
        ),
        Field(name="collapse", type=Type.DETAIL, doc="Rows told by other filings, and the reason."),
    ),
)
