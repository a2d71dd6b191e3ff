"""Each verb against a count by hand: what counts, where windows begin and end, what is unknown."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import NEW_YORK, from_ms, to_ms
from bot.facts import INSIDER_TRADE, Fact
from bot.rules.measures import VERBS
from bot.rules.model import Measure
from bot.rules.questions import question
from bot.store import Arrival, Store
from tests.builders import NOW, a_rule, a_trade, instant

Row = Mapping[str, Any]
Case = Mapping[str, Any]
"""The keys of a measure as they are written."""

DAY = 86_400_000
EPOCH = date(1970, 1, 1)
START = instant("2025-09-29")  # a Monday; mtd begins anew two days later
WHERES: dict[str, Callable[[Row], bool]] = {
    "planned": lambda row: row["planned"] == 1,
    "role == ceo or shares > 2": lambda row: row["role"] == "ceo" or (row["shares"] or 0) > 2,
    "not (role == ceo)": lambda row: row["role"] not in (None, "ceo"),
}


# By hand.


def first_day(over: str, day: date) -> date:
    """Of windows that begin at midnight; no holiday lies in the weeks of these tests."""
    if over == "mtd":
        return day.replace(day=1)
    session = day - timedelta(days=max(day.weekday() - 4, 0))
    return session - timedelta(days=3 if session.weekday() == 0 else 1)


def window_of(case: Case, event: Row) -> tuple[float, float]:
    """First and last instant that count, or the days of trade with ``time``."""
    length = {"12h": 0.5, "1d": 1, "2d": 2, "5d": 5}
    earlier = length.get(case.get("ending", ""), 0)
    over = case.get("over", "")
    if "time" in case:
        last = event["traded_on"] - earlier
        if over in length:
            return last - length[over] + 1, last
        return (first_day(over, EPOCH + timedelta(days=last)) - EPOCH).days, last
    end = event["judged_at"] - int(earlier * DAY)
    if "max_age" in case:
        return end - int(length[case["max_age"]] * DAY), end
    if not over:
        return -math.inf, end
    if over in length:
        return end - int(length[over] * DAY) + 1, end
    day = first_day(over, from_ms(end).astimezone(NEW_YORK).date())
    return to_ms(instant(f"{day} 00:00 ET")), end


def visible(case: Case, event: Row, facts: Sequence[Row]) -> list[Row]:
    """Facts of the key that the event sees and that count, in their order."""
    by = case.get("by", "ticker")
    where = WHERES.get(case.get("where", ""))
    seen = [
        row
        for row in facts
        if (by == "all" or row[by] == event[by])
        and row["known_at"] <= event["judged_at"]
        and (row["seq"] < event["seq"] if "before" in case else row["seq"] <= event["seq"])
        and (row["gone_seq"] is None or row["gone_seq"] > event["seq"])
        and ("of" in case or row["side"] == "sell")
        and (where is None or "share" in case or where(row))
    ]
    return sorted(seen, key=lambda row: (row["known_at"], row["seq"]))


def by_hand(case: Case, event: Row, facts: Sequence[Row]) -> Any:
    by, verb = case.get("by", "ticker"), next(iter(case))
    if by != "all" and event[by] is None:
        return None
    if "time" in case and event["traded_on"] is None:
        return None
    first, last = window_of(case, event)
    axis, field = case.get("time", "known_at"), case[verb]
    seen = visible(case, event, facts)
    rows = [r for r in seen if r[axis] is not None and first <= r[axis] <= last]
    values = [r[field] for r in rows if field != "events" and r[field] is not None]
    if verb != "zscore" and len(values) < int(case.get("min_points", 0)):
        return None
    if verb == "count":
        return len(rows)
    if verb == "distinct":
        return len(set(values))
    if not values:
        return None
    match verb:
        case "share":
            part = [r[field] for r in rows if r["planned"] == 1 and r[field] is not None]
            return sum(part) / sum(values) if sum(values) else None
        case "change":
            base = [r[field] for r in seen if r[axis] < first and r[field] is not None][-1:]
            return values[-1] / base[0] - 1 if base and base[0] else None
        case "zscore":
            return score(values[:-1], values[-1], int(case.get("min_points", 2)))
        case "avg":
            return sum(values) / len(values)
        case "last":
            return values[-1]
        case _:
            return sum(values) if verb == "sum" else min(values) if verb == "min" else max(values)


def score(others: Sequence[float], newest: float, min_points: int) -> float | None:
    if len(others) < min_points or len(set(others)) == 1:
        return None
    mean = math.fsum(others) / len(others)
    deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in others) / (len(others) - 1))
    return (newest - mean) / deviation


# By the statement.


def the_measure(case: Case) -> Measure:
    written = ", ".join(f'{key}: "{value}"' for key, value in case.items())
    rule = a_rule(f"where: side == sell\nlet: {{m: {{{written}}}}}\nwhen: m is known")
    return rule.measures[0]


def answers(case: Case, store: Store, facts: Sequence[Row]) -> dict[int, Any]:
    """What the statement says of all facts at once."""
    asking = question(the_measure(case), {})
    asked = [row for fact in facts if (row := asking.asked(fact)) is not None]
    told = store.facts.measure(asking.statement, asked)
    return {fact["seq"]: told.get(fact["seq"]) for fact in facts}


def stored(
    *facts: Fact, gone: Mapping[int, int] | None = None
) -> tuple[Store, list[dict[str, Any]]]:
    """A store into which the facts came one by one, and what it holds."""
    store = Store(None)
    for fact in facts:
        store.facts.add([Arrival(fact=fact, seen_at=to_ms(NOW))])
    with store.writing():
        for seq, by in (gone or {}).items():
            sql = "UPDATE insider_trade SET gone_seq = ? WHERE seq = ? AND gone_seq IS NULL"
            store._connections.connection.execute(sql, (max(by, seq), seq))
    return store, store.facts.after(0, 10**6, INSIDER_TRADE)


def values_of(case: Case, *facts: Fact) -> list[Any]:
    store, rows = stored(*facts)
    told = answers(case, store, rows)
    store.close()
    return list(told.values())


def known(hours: int | None, day: int | None, **values: Any) -> Fact:
    fact = a_trade(**values, traded_on=None if day is None else date(2025, 9, 26 + day))
    return replace(fact, known_at=START + timedelta(hours=hours or 0))


numbers = st.sampled_from([None, 0, 1, 1, 2, 3, 7])
trades = st.builds(
    known,
    st.sampled_from([None, 0, 0, 12, 24, 24, 36, 48, 48, 60, 72, 96, 120, 168]),
    st.sampled_from([None, 0, 1, 1, 2, 3, 4]),
    id=st.integers(0, 40).map(lambda n: f"t{n:02d}"),
    ticker=st.sampled_from(["A", "A", "A", "B", None]),
    subject=st.sampled_from(["1", "1", "1", "2"]),
    person_key=st.sampled_from(["p", "q", None]),
    side=st.sampled_from(["sell", "sell", "sell", "buy", None]),
    role=st.sampled_from(["ceo", "cfo", None]),
    planned=st.sampled_from([True, False, None]),
    value_usd=numbers.map(lambda n: n and n * 10**8 + n),
    shares=numbers.map(lambda n: n if n is None else n / 2),
    lag_business_days=numbers,
    duplicate_of=st.sampled_from([None] * 9 + ["other"]),
)
histories = st.lists(trades, min_size=1, max_size=14)
gone = st.dictionaries(st.integers(1, 10), st.integers(1, 14), max_size=2)

OPTIONS = {
    "over": st.sampled_from(["12h", "1d", "2d", "5d", "2 sessions", "mtd"]),
    "where": st.sampled_from(list(WHERES)),
    "of": st.just("insider_trade"),
    "by": st.sampled_from(["all", "person_key"]),
    "before": st.just("event"),
    "ending": st.sampled_from(["1d", "2d"]),
    "max_age": st.sampled_from(["1d", "2d"]),
    "min_points": st.sampled_from(["2", "3"]),
    "time": st.just("traded_on"),
}
ARGUMENTS = {"count": ["events"], "distinct": ["person_key"], "last": ["role", "shares"]}


@st.composite
def cases(draw: st.DrawFn, verb: str) -> dict[str, Any]:
    """A measure with some of the keys that its verb takes."""
    fields = ["value_usd", "shares", "lag_business_days"]
    case = {verb: draw(st.sampled_from(ARGUMENTS.get(verb, fields)))}
    for key in sorted(VERBS[verb].keys):
        if key in VERBS[verb].needs or draw(st.integers(0, 2)) == 0:
            case[key] = draw(OPTIONS[key])
    if verb == "share":
        case["where"] = "planned"
    if "time" in case and case["over"] == "12h":
        case["over"] = "1d"
    return case


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "seen"])
def test_a_measure_is_what_a_count_by_hand_gives(verb: str) -> None:
    @settings(max_examples=50, deadline=None, derandomize=True)
    @given(cases(verb), histories, gone)
    def check(case: dict[str, Any], history: list[Fact], superseded: dict[int, int]) -> None:
        store, facts = stored(*history, gone=superseded)
        told = answers(case, store, facts)
        store.close()
        for event in facts:
            wanted = by_hand(case, event, facts)
            close = isinstance(wanted, float) and verb != "last"
            assert told[event["seq"]] == (pytest.approx(wanted, abs=2e-9) if close else wanted)

    check()
