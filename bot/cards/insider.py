"""The lines of a card about an insider's trade."""

from collections.abc import Mapping
from typing import Any

from bot.cards.amounts import money
from bot.cards.beside import beside_lines
from bot.cards.card import Line
from bot.cards.filing import accepted_text, certain, company_text, doubt_lines, filing_source
from bot.clock import NEW_YORK, from_day_number, from_ms
from bot.facts import INSIDER_TRADE
from bot.numbers import number_text, percent_text

Row = Mapping[str, Any]

_ROLE = INSIDER_TRADE.by_name["role"]
_TITLED = ("ceo", "cfo", "officer")
"""Roles that an officer's title tells in more words."""
_CLASSES = {
    "open_market": {"buy": "open-market purchase", "sell": "open-market sale"},
    "off_market": {"buy": "purchase off the market", "sell": "sale off the market"},
    "exercise": {"none": "exercise or conversion"},
    "award": {"none": "grant or award"},
    "tax_withholding": {"none": "shares withheld for tax or price"},
    "gift": {"none": "gift"},
    "corporate_action": {"none": "corporate action"},
    "derivative": {"none": "derivative"},
    "inconsistent": {"none": "code and acquired/disposed flag contradict each other"},
}
_DID = {
    "open_market": {
        "buy": ("bought", "on the open market"),
        "sell": ("sold", "on the open market"),
    },
    "off_market": {"buy": ("bought", "off the market"), "sell": ("sold", "off the market")},
    "exercise": {"none": ("exercised or converted", "")},
    "award": {"none": ("was granted", "")},
    "tax_withholding": {"none": ("gave up for tax or price", "")},
    "corporate_action": {"none": ("gave or took in a corporate action", "")},
    "derivative": {"none": ("dealt in a derivative on", "")},
    "inconsistent": {"none": ("reported", "with a code and a flag that contradict each other")},
}


def insider_fact(row: Row) -> str:
    """Who did what with how many shares, at which price and for how much, in a sentence."""
    did, where = _did(row)
    value = "" if row["value_usd"] is None else f"for {money(row['value_usd'])}"
    code = f"({row['code']})" if row["code"] else ""
    of = f"of {company_text(row)}"
    known = [_price(row).strip(), value] if row["price_usd"] is not None else [value]
    told = " ".join(filter(None, [_person(row), did, _shares(row), of, where, code, *known]))
    unknown = _price(row) if row["price_usd"] is None else ""
    return told + unknown + (f", {row['security']}" if row["security"] else "")


def _did(row: Row) -> tuple[str, str]:
    """What was done, and where or how."""
    if row["class"] == "gift":
        return ("received" if row["acquired_disposed"] == "A" else "gave"), "as a gift"
    return _DID.get(row["class"] or "", {}).get(row["side"] or "", ("reported", ""))


def insider_lines(row: Row) -> list[Line]:
    """Who, what, stake, plan and dates of one trade; what is not known is left out or says so."""
    return [
        Line(label="Who", text=_who(row)),
        Line(label="What", text=_what(row)),
        *([Line(label="Stake", text=_stake(row))] if row["side"] in ("buy", "sell") else []),
        Line(label="Plan", text=_plan(row)),
        *beside_lines(row),
        Line(label="When", text=_when(row)),
        *doubt_lines(row),
    ]


def insider_brief(row: Row) -> Line:
    """A trade in one line, beside another fact."""
    parts = (_who(row), _what(row), _plan(row), _when(row), *accepted_text(row))
    return Line(label="Trade", text=" · ".join(parts))


def insider_source(row: Row) -> tuple[str | None, str | None]:
    """The filing behind a trade: its name for a reader and its page on sec.gov."""
    return filing_source(row["accession_number"], row["form"], row["issuer_cik"])


def _who(row: Row) -> str:
    return f"{_person(row)} · {company_text(row)}"


def _person(row: Row) -> str:
    role = _ROLE.in_plain_words(row["role"] or "other")
    title = row["officer_title"]
    others = len((row["owners"] or "").split("; ")) - 1
    joint = f" and {others} joint owner{'s' * (others > 1)}" if others > 0 else ""
    if title and (row["role"] in _TITLED or title.casefold() == role.casefold()):
        known_as = title
    else:
        known_as = f"{role}, {title}" if title else role
    return f"{row['owner_name'] or 'name not given'}{joint} ({known_as})"


def _what(row: Row) -> str:
    words = _CLASSES.get(row["class"] or "", {}).get(row["side"] or "", "transaction")
    code = f" ({row['code']})" if row["code"] else ""
    parts = [f"{words}{code}", _amount(row), row["security"] or ""]
    return ", ".join(part for part in parts if part)


def _amount(row: Row) -> str:
    return f"{_shares(row)}{_price(row)}"


def _shares(row: Row) -> str:
    shares = row["shares"]
    return "an unknown number of shares" if shares is None else f"{number_text(shares)} sh"


def _price(row: Row) -> str:
    """ " @ $145.06 avg (143.90–146.20)", beside how it was filed where that is something else."""
    filed = row["price_as_filed_usd"]
    as_filed = "" if filed is None else f"${filed:,.2f} as filed"
    if row["price_usd"] is None:
        return f", {f'{as_filed}, not trusted' if as_filed else 'price not given'}"
    average = " avg" if row["price_basis"] == "weighted_avg" else ""
    low, high = row["price_low_usd"], row["price_high_usd"]
    spread = f" ({low:,.2f}–{high:,.2f})" if low is not None and high and low != high else ""
    corrected = f", corrected: {as_filed}" if as_filed else ""
    return f" @ ${row['price_usd']:,.2f}{average}{spread}{corrected}"


def _stake(row: Row) -> str:
    change, after = row["holding_change_ratio"], row["shares_after"]
    if change is None:
        return "share of the holding not known"
    sign = "+" if change > 0 else "−"
    held = "" if after is None else f" ({_before(after, change)}{number_text(after)} now)"
    indirect = " · held indirectly" if row["direct_indirect"] == "I" else ""
    return f"{sign}{percent_text(abs(change))} of the shares reported{held}{indirect}"


def _before(after: float, change: float) -> str:
    """Of whom nothing is left, how much there was can not be reckoned from that."""
    return "" if change <= -1 else f"{number_text(after / (1 + change), 0)} → "


def _plan(row: Row) -> str:
    if row["planned"] is None:
        return "not known whether under a Rule 10b5-1 plan"
    if not row["planned"]:
        return "not under a Rule 10b5-1 plan"
    adopted = row["plan_adopted_on"]
    when = f", adopted {from_day_number(adopted).isoformat()}" if adopted is not None else ""
    return f"under a Rule 10b5-1 plan{when}"


def _when(row: Row) -> str:
    """Day of the trade and how long it took to be told; the acceptance is a moment of the card."""
    day = row["traded_on"]
    traded = "trade date not known" if day is None else f"traded {from_day_number(day).isoformat()}"
    lag = row["lag_business_days"]
    filed = "filed" if lag is None else f"filed {lag} business day{'s' * (lag != 1)} later"
    known = from_ms(row["known_at"]).astimezone(NEW_YORK)
    filed += "" if certain(row) else f", about {known:%Y-%m-%d}"
    filed += ", late" if row.get("late") else ""
    filed += ", outside trading hours" if row.get("filed_after_close") else ""
    return traded if filed == "filed" else f"{traded} · {filed}"
