"""All signals against a naive reference, on random histories that sit on the edges of windows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insider.signals import NAMES, Past, signals
from tests.insider.signals.pasts import LONG_AGO, a_past
from tests.insider.signals.reference import expected

FILED = datetime(2026, 3, 9, 21, 30, tzinfo=UTC)
"""The day after the clocks went forward."""

EDGES = (0, 1, 2, 3, 29, 30, 31, 32, 179, 180, 181, 365, 366, 547, 548, 549, 730, 1095, 1096)

Case = tuple[list[Past], list[Past], date | None]
"""A filing, what is stored of its issuer, and since when that is whole."""


def _days_back(random: Random) -> int:
    return random.choice((random.choice(EDGES), random.randrange(45), random.randrange(1_600)))


def _past(random: Random, number: int, known: datetime | None = None) -> Past:
    """A trade some time before the filing, known then or later, now and then after the filing."""

    def rarely(value: object, *usual: object) -> object:
        return value if random.random() < 0.06 else random.choice(usual)

    back = _days_back(random)
    day = FILED.date() - timedelta(days=back)
    lag = timedelta(days=random.choice((0, 0, 1, 2, 40)), milliseconds=random.choice((-1, 0, 1)))
    kind = rarely("off_market", *("open_market",) * 4, "exercise")
    values: dict[str, object] = {
        "person_key": rarely(None, "jane", "jane", "john", "jill"),
        "role": rarely("ten_percent_owner", "officer", "director", "other"),
        "side": "none" if kind == "exercise" else random.choice(("buy", "sell")),
        "code": random.choice("MXC") if kind == "exercise" else "P",
        "acquired_disposed": rarely("D", "A"),
        "derivative": rarely(1, 0),
        "security": rarely("Class B", "Common Stock"),
        "shares": rarely(None, 50.0, 100.0, 400.0),
        "price_usd": rarely(None, 10.0, 10.0, 10.0, 11.0),
        "planned": rarely(1, 0, 0, None),
        "duplicate_of": rarely("another", None),
        "superseded_by": rarely("another", None),
    }
    return a_past(
        None if random.random() < 0.02 else day.isoformat(),
        known=known or FILED - timedelta(days=back) + lag,
        id=f"trade {number}",
        trade_class=kind,
        **values,
    )


def any_history(random: Random, trades: int) -> Case:
    """Trades of all sorts; one of the filing may be stored already."""
    new = [_past(random, n, FILED) for n in range(random.choice((1, 1, 2, 3)))]
    history = [_past(random, n + 2) for n in range(trades)]
    day = FILED.date() - timedelta(days=_days_back(random))
    return new, history, random.choice((None, day, LONG_AGO, date(2023, 1, 1)))


def a_career(random: Random, trades: int) -> Case:
    """One person who trades in few months of many years: habits form and break."""

    def trade(number: int) -> Past:
        day = date(
            random.randrange(2021, 2027), random.choice((1, 2, 3, 12)), random.choice((1, 28))
        )
        known = datetime.combine(day, time(22), UTC)
        side = random.choice(("buy", "sell", "sell"))
        return a_past(day.isoformat(), known=known, side=side, id=f"{number}")

    day = random.choice(("2026-03-09", "2026-01-01", "2025-12-31"))
    new = [a_past(day, known=FILED, side=random.choice(("buy", "sell")), id="new")]
    since = date(random.randrange(2021, 2027), random.choice((1, 2, 12)), random.choice((1, 2)))
    return new, [trade(n) for n in range(trades)], random.choice((None, LONG_AGO, since))


def a_crowd(random: Random, trades: int) -> Case:
    """Many persons within few days, at few prices: offerings, and clusters beside them."""
    days = random.sample(range(3, 10), random.choice((1, 2, 3)))
    doubt = random.choice((0, 0, 0.1))

    def trade(number: int) -> Past:
        day = None if random.random() < doubt else f"2026-03-{random.choice(days):02d}"
        price = None if random.random() < doubt else 10.0 + (random.random() < 0.15)
        who = random.choice("abcdefgh")
        return a_past(day, known=FILED, price_usd=price, person_key=who, id=f"{number}")

    since = random.choice((LONG_AGO, date(2026, 2, 7), date(2026, 2, 8), None))
    return [trade(0)], [trade(n + 1) for n in range(trades)], since


def an_exercise(random: Random, trades: int) -> Case:
    """Exercises and sales on the edges of 30 days, of several persons and securities."""

    def trade(number: int, kind: str) -> Past:
        return a_past(
            random.choice(("2026-02-07", *("2026-02-08",) * 5, "2026-03-09", "2026-03-10")),
            known=FILED,
            id=f"{number}",
            trade_class=kind,
            side="none" if kind == "exercise" else random.choice(("sell", "sell", "buy")),
            code=random.choice("MMMXC") if kind == "exercise" else "S",
            acquired_disposed=random.choice("AAAAAAD"),
            derivative=random.choice((0,) * 5 + (None, 1)),
            person_key=random.choice(("jane",) * 5 + ("john",)),
            security=random.choice(("Common Stock",) * 5 + ("Class B", None)),
            shares=random.choice((100.0,) * 4 + (50.0,) * 4 + (300.0, 0.0, None)),
        )

    kinds = [random.choice(("exercise", "open_market", "award")) for _ in range(trades % 6)]
    return [trade(n, k) for n, k in enumerate(["exercise", *kinds])], [], None


MAKERS = (any_history, a_career, a_crowd, an_exercise)
CASES = st.builds(
    lambda make, seed, trades: make(Random(seed), trades),
    st.sampled_from(MAKERS),
    st.integers(0, 2**32),
    st.integers(0, 25),
)


@pytest.mark.parametrize("make", MAKERS)
def test_every_signal_is_what_its_definition_gives(make: Callable[[Random, int], Case]) -> None:
    @settings(max_examples=250)
    @given(st.integers(0, 2**32), st.integers(0, 25))
    def holds(seed: int, trades: int) -> None:
        new, history, since = make(Random(seed), trades)
        assert signals(new, history, loaded_since=since) == expected(new, history, since)

    holds()


@given(CASES, st.integers())
def test_the_order_of_history_changes_nothing(case: Case, seed: int) -> None:
    new, history, since = case
    shuffled = Random(seed).sample(history, len(history))

    assert signals(new, shuffled, loaded_since=since) == signals(new, history, loaded_since=since)


@given(CASES)
def test_what_is_told_without_the_whole_history_stays_true_with_it(case: Case) -> None:
    new, history, since = case

    some = signals(new, history, loaded_since=since)
    whole = signals(new, history, loaded_since=date(2000, 1, 1))

    for told, truth in zip(some, whole, strict=True):
        at_least = told.pop("first_in_years"), truth.pop("first_in_years")
        assert at_least[0] is None or at_least[1] is None or at_least[0] <= at_least[1]
        known = {name for name in told if told[name] is not None}
        assert {name: told[name] for name in known} == {name: truth[name] for name in known}


@given(CASES)
def test_what_becomes_known_after_the_filing_changes_nothing(case: Case) -> None:
    new, history, since = case
    later = [past._replace(known_at=new[0].known_at + 1) for past in history]

    assert signals(new, later, loaded_since=since) == signals(new, [], loaded_since=since)


def test_the_random_histories_give_every_answer() -> None:
    told: dict[str, set[object]] = {name: set() for name in NAMES}
    for make in MAKERS:
        for seed in range(300):
            new, history, since = make(Random(seed), seed % 26)
            for each in signals(new, history, loaded_since=since):
                for name, value in each.items():
                    told[name].add(value)

    assert told["trading_pattern"] == {None, "routine", "opportunistic"}
    assert told["reversal"] == told["cluster"] == {None, True, False}
    assert {None, 0, 1, 2, 3, 4} <= told["cluster_persons"]
    assert {None, 1, 2, 3} <= told["sequence_months"]
    assert {None, 0.0, 0.5, 1.0} <= told["exercise_hold_ratio"]
    assert all(len(told[name]) > 9 for name in ("net_purchase_ratio", "first_in_years"))
