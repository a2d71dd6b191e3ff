"""Marks of doubt in words: what a reader should not take for granted, and why."""

from bot.insider.quality import DOUBTS

_WORDS = {
    **DOUBTS,
    "price_zero": "filed at a price of $0",
    "price_missing": "a row without a price",
    "price_pending": "no price of the day yet to hold the filed one against",
    "price_was_total": "the total stood in the place of the price",
    "shares_missing": "a row without its number of shares",
    "number_negative": "a negative number as filed",
    "ads_restated": "counted in ADS",
    "trade_date_missing": "no date of the trade",
    "trade_date_implausible": "a date of the trade that can not be",
    "plan_date_implausible": "a date of the plan's adoption that can not be",
    "plan_conflict": "box and notes contradict each other on a plan",
    "plan_unspecified": "the box names a plan, and not which rows it made",
    "cooling_off_short": "traded sooner after the plan's adoption than Rule 10b5-1 allows",
    "may_be_one_trade": "may be the trade of another filing",
    "added_by_amendment": "only the amendment tells of it",
    "original_not_found": "the form that it amends was not found",
    "original_ambiguous": "more than one form may be the one that it amends",
    "several_classes": "shares of several classes in one",
    "submission_cut_off": "the submission was cut off",
    "characters_repaired": "characters that could not be read were replaced",
    "foreign_currency": "reports in another currency than the price",
    "revenue_inferred": "no revenue is reported: $0 inferred from its costs",
    "eps_quarter_derived": "EPS of the quarter reckoned from the year's",
    "eps_from_net_income": "EPS reckoned from net income and shares",
    "pe_days_differ": "the two P/Es are of different days",
    "pe_methods_differ": "the two P/Es are made in different ways",
    "fair_value_old": "your fair value is old",
    "figures_odd": "figures that no reading could be made of",
    "prices_stale": "no close for 5 sessions or more",
    "no_previous_close": "the close before is not known",
    "suspect_unit": "may be in cents or pence",
    "suspect_split": "may lack a split",
    "suspect_dividend": "may lack a dividend",
    "page_missing": "its page could not be had",
    "page_unread": "the text of its page could not be read",
    "votes_unread": "not all of its votes could be read",
    "votes_contradict": "its votes contradict each other",
    "change_disagrees": "the change it tells does not lead here from the target stored before",
}


def doubts(quality: str | None, *, besides: tuple[str, ...] = ()) -> list[str]:
    """Each mark in words, but those that stand elsewhere; one that has none, without its
    underscores."""
    marks = [mark for mark in (quality or "").split() if mark not in besides]
    return [_WORDS.get(mark) or mark.replace("_", " ") for mark in marks]
