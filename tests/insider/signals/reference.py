"""The signals once more, naively, from their definitions: what the real ones are compared with.

Nothing is shared with them but the calendars' single questions: days are walked one by one, months
and prices are tried one by one.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from bot.calendar import NYSE
from bot.clock import NEW_YORK
from bot.insider.signals import NAMES, Past

Trade = dict[str, Any]
DAY = timedelta(days=1)


def expected(
    new: Sequence[Past], history: Iterable[Past], loaded_since: date | None
) -> list[dict[str, Any]]:
    filing = [_plain(each) for each in new]
    return [_expected(trade, filing, [_plain(e) for e in history], loaded_since)
            for trade in filing]  # fmt: skip


def _expected(
    trade: Trade, filing: list[Trade], history: list[Trade], since: date | None
) -> dict[str, Any]:
    answers: dict[str, Any] = dict.fromkeys(NAMES)
    own_ids = [own["id"] for own in filing]
    facts = [e for e in history if e["id"] not in own_ids and e["known"] <= trade["known"]]
    facts += filing
    facts = [each for each in facts if each["counts"]]
    if not trade["counts"]:
        return answers
    if trade["class"] == "exercise":
        if _is_exercise(trade):
            answers["exercise_hold_ratio"] = hold(trade, facts)
        return answers
    if trade["class"] != "open_market":
        return answers
    market = [each for each in facts if each["class"] == "open_market"]
    answers["net_purchase_ratio"] = ratio(trade, market, since)
    answers["cluster"], answers["cluster_persons"] = clusters(trade, market, since)
    if trade["who"] is None:
        return answers
    own = [each for each in market if each["who"] == trade["who"]]
    if any(each["day"] is None for each in own):
        since = None
    answers["trading_pattern"] = pattern(trade, own, since)
    answers["first_in_years"] = first(trade, own, since)
    answers["reversal"] = reversal(trade, own, since)
    answers["sequence_months"] = sequence(trade, own, since)
    return answers


def pattern(trade: Trade, own: list[Trade], since: date | None) -> str | None:
    if trade["day"] is None:
        return None
    year = trade["day"].year

    def traded(in_year: int, month: int | None = None) -> bool:
        return any(
            each["day"] is not None
            and each["day"].year == in_year
            and month in (None, each["day"].month)
            for each in own
        )

    before = [year - 1, year - 2, year - 3]
    if not all(traded(each) for each in before):
        return None
    for month in range(1, 13):
        if all(traded(each, month) for each in before):
            return "routine"
    covered = since is not None and since <= date(year - 3, 1, 1)
    return "opportunistic" if covered else None


def first(trade: Trade, own: list[Trade], since: date | None) -> float | None:
    day = trade["day"]
    if day is None or since is None or day < since:
        return None
    bought = [each["day"] for each in own if each["side"] == trade["side"]]
    start = day
    while start > since:
        start -= DAY
        if start in bought:
            break
    whole = 0
    while _years_after(start, whole + 1) <= day:
        whole += 1
    days = [_years_after(start, whole) + DAY * n for n in range(367)]
    of_year = days.index(_years_after(start, whole + 1))
    return whole + days.index(day) / of_year


def reversal(trade: Trade, own: list[Trade], since: date | None) -> bool | None:
    if trade["day"] is None:
        return None
    start = _months_before(trade["known"], 18)
    for each in own:
        sold_before = each["side"] == "sell" and each["day"] and each["day"] < trade["day"]
        if trade["side"] == "buy" and sold_before and each["known"] > start:
            return True
    streak: list[date] = []
    for day in sorted({each["day"] for each in own if each["day"] and each["day"] < trade["day"]}):
        sides = {each["side"] for each in own if each["day"] == day}
        streak = [] if trade["side"] in sides else [*streak, day]
    if len(streak) >= 5:
        return True if since is not None and since <= streak[-5] else None
    loaded = since is not None and since <= start.astimezone(NEW_YORK).date()
    return False if loaded else None


def sequence(trade: Trade, own: list[Trade], since: date | None) -> int | None:
    if trade["day"] is None:
        return None
    months = [
        each["day"].replace(day=1) for each in own if each["side"] == trade["side"] and each["day"]
    ]
    month, count = trade["day"].replace(day=1), 0
    while month in months:
        month, count = (month - DAY).replace(day=1), count + 1
    return count if since is not None and since <= month else None


def ratio(trade: Trade, market: list[Trade], since: date | None) -> float | None:
    window = _window(trade, market, 180, since)
    if not window:
        return None
    signs = [1 if each["side"] == "buy" else -1 for each in window]
    return float(Fraction(sum(signs), len(signs)))


def clusters(
    trade: Trade, market: list[Trade], since: date | None
) -> tuple[bool | None, int | None]:
    if trade["planned"] or trade["role"] == "ten_percent_owner":
        return False, 0
    if trade["who"] is None:
        return None, None
    whole = _window(trade, market, 30, since) is not None
    window = _window(trade, market, 30, date.min) or []
    group = [
        each
        for each in window
        if each["side"] == trade["side"] and not each["planned"] and each["who"] is not None
    ]
    together = _together(group)
    persons = together if whole or together not in (0, 1) else None
    if trade["day"] is None:
        return None, persons
    near = [e for e in group if e["day"] is not None and _neighbours(e["day"], trade["day"])]
    beside = _together(near)
    if beside is not None and beside >= 2:
        return True, persons
    strangers = [each for each in group if each["day"] is None and each["who"] != trade["who"]]
    return None if strangers or beside is None or not whole else False, persons


def hold(trade: Trade, facts: list[Trade]) -> float | None:
    if trade["day"] is None or trade["who"] is None:
        return None
    exercised, sold = [], []
    for each in facts:
        if (each["who"], each["security"]) != (trade["who"], trade["security"]):
            continue
        if _is_exercise(each) and each["day"] == trade["day"]:
            exercised.append(each["shares"])
        if each["class"] == "open_market" and each["side"] == "sell":
            sold += [each["shares"] for n in range(30) if each["day"] == trade["day"] + DAY * n]
    if None in exercised + sold or not sum(exercised):
        return None
    return float(max(Fraction(0), 1 - Fraction(sum(sold)) / Fraction(sum(exercised))))


def _plain(past: Past) -> Trade:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    day = None if past.traded_on is None else (epoch + DAY * past.traded_on).date()
    return {
        "id": past.id, "known": epoch + timedelta(milliseconds=past.known_at), "day": day,
        "who": past.person_key, "role": past.role, "class": past.trade_class, "side": past.side,
        "code": past.code, "flag": past.acquired_disposed, "derivative": past.derivative,
        "security": past.security, "shares": past.shares, "price": past.price_usd,
        "planned": past.planned == 1,
        "counts": not past.duplicate_of and not past.superseded_by,
    }  # fmt: skip


def _is_exercise(trade: Trade) -> bool:
    return bool(
        trade["class"] == "exercise"
        and trade["code"] in "MX"
        and trade["flag"] == "A"
        and trade["derivative"] != 1
    )


def _window(trade: Trade, market: list[Trade], days: int, since: date | None) -> list[Trade] | None:
    inside = [
        each
        for each in market
        if trade["known"] - each["known"] < DAY * days and each["role"] != "ten_percent_owner"
    ]
    start = trade["known"] - DAY * days + timedelta(milliseconds=1)
    return inside if since is not None and since <= start.astimezone(NEW_YORK).date() else None


def _together(group: list[Trade]) -> int | None:
    """Persons of a group: 0 where it is one arranged event, None where that is open."""
    persons = {each["who"] for each in group}
    if len(persons) == 1:
        return 1
    trades = {(each["who"], each["day"], each["price"]) for each in group}
    days, prices = ({each[name] for each in group} for name in ("day", "price"))
    sure = possible = False
    for day in days:
        for price in prices:
            stated = [t for t in trades if None not in t and t[1:] == (day, price)]
            open_to_it = [t for t in trades if t[1] in (day, None) and (
                t[1] is None or price is None or t[2] in (price, None))]  # fmt: skip
            if price is None:
                open_to_it = [t for t in open_to_it if t[1] is None or t[2] is None]
            sure = sure or len(stated) / len(trades) >= 0.8
            possible = possible or len(open_to_it) / len(trades) >= 0.8
    return 0 if sure else None if possible else len(persons)


def _neighbours(one: date, other: date) -> bool:
    """Whether at most one session begins after the earlier day up to the later one's session."""
    earlier, later = sorted((one, other))
    return sum(1 for day in _days(earlier + DAY, later) if NYSE.is_session(day)) <= 1


def _days(start: date, last: date) -> Iterator[date]:
    while start <= last:
        yield start
        start += DAY


def _years_after(day: date, years: int) -> date:
    last = monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, min(day.day, last))


def _months_before(instant: datetime, months: int) -> datetime:
    local = instant.astimezone(NEW_YORK)
    year, month = local.year, local.month
    for _ in range(months):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    day = min(local.day, monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day).astimezone(UTC)
