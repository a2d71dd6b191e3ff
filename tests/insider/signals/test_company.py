"""Signals from all insiders of an issuer."""

from datetime import date

import pytest

from bot.insider.signals import Past
from tests.insider.signals.pasts import a_past, buy, sell, told

# Net purchase ratio


def test_purchases_less_sales_over_both_by_number_of_trades() -> None:
    history = [buy("2025-04-01", "john", shares=1e6), sell("2025-04-02", "jill"), buy("2025-04-03")]

    assert told("net_purchase_ratio", buy("2025-05-05"), history=history) == 0.5
    assert told("net_purchase_ratio", sell("2025-05-05"), history=history) == 0


def test_all_trades_of_the_filing_count() -> None:
    assert told("net_purchase_ratio", sell("2025-05-05"), buy("2025-05-05")) == 0


@pytest.mark.parametrize(
    ("known", "ratio"),
    [
        ("2024-11-06 17:02:00", 1),  # 180 days of 24 hours; the clocks went back in between
        ("2024-11-06 17:02:01", 0),
    ],
)
def test_180_days_begin_just_after_the_180th_day_before(known: str, ratio: float) -> None:
    new = buy("2025-05-05", known="2025-05-05 18:02")

    assert told("net_purchase_ratio", new, history=[sell("2024-11-05", known=known)]) == ratio


def test_a_window_goes_by_acceptance_and_not_by_the_day_of_trade() -> None:
    history = [sell("2022-05-05", known="2025-05-01")]

    assert told("net_purchase_ratio", buy("2025-05-05"), history=history) == 0


def test_only_counted_trades_of_insiders_on_the_market_are_in_the_ratio() -> None:
    history = [
        sell("2025-05-01", role="ten_percent_owner"),
        sell("2025-05-01", trade_class="off_market"),
        a_past("2025-05-01", trade_class="exercise", side="none"),
        sell("2025-05-01", duplicate_of="x"),
        sell("2025-05-01", superseded_by="x"),
        sell("2025-05-01", known="2025-05-05 18:00:01"),
    ]

    assert told("net_purchase_ratio", buy("2025-05-05"), history=history) == 1


def test_a_ten_percent_owners_trade_shows_the_ratio_of_the_others() -> None:
    fund = buy("2025-05-05", "fund", role="ten_percent_owner")

    assert told("net_purchase_ratio", fund, history=[sell("2025-05-01")]) == -1
    assert told("net_purchase_ratio", fund) is None


@pytest.mark.parametrize(
    ("since", "ratio"), [(date(2024, 11, 6), 1), (date(2024, 11, 7), None), (None, None)]
)
def test_a_ratio_takes_180_days_of_history(since: date | None, ratio: float | None) -> None:
    assert told("net_purchase_ratio", buy("2025-05-05"), loaded_since=since) == ratio


def test_a_fact_that_is_stored_already_counts_once() -> None:
    new = buy("2025-05-05")

    assert told("net_purchase_ratio", new, history=[new, sell("2025-05-01")]) == 0


# Clusters


def beside(*history: Past, of: Past | None = None) -> tuple[object, object]:
    """What is said of a purchase by Jane on Monday 2025-05-05: cluster and its persons."""
    new = of or buy("2025-05-05", price_usd=11.0)
    return (told("cluster", new, history=history), told("cluster_persons", new, history=history))


def test_one_person_alone_is_no_cluster_however_often_he_buys() -> None:
    assert beside() == (False, 1)
    assert beside(buy("2025-05-05"), buy("2025-05-02"), buy("2025-05-01")) == (False, 1)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2025-05-01", False),  # Thursday
        ("2025-05-02", True),  # the session before
        ("2025-05-03", True),  # Saturday: of Friday's session
        ("2025-05-05", True),
        ("2025-05-06", True),
        ("2025-05-07", False),
    ],
)
def test_two_persons_on_the_same_or_consecutive_sessions_are_a_cluster(
    day: str, found: bool
) -> None:
    new = buy("2025-05-05", price_usd=11.0, known="2025-05-07 18:00")

    assert beside(buy(day, "john"), of=new) == (found, 2)


@pytest.mark.parametrize(("day", "found"), [("2025-07-03", True), ("2025-07-02", False)])
def test_a_holiday_and_a_weekend_lie_between_consecutive_sessions(day: str, found: bool) -> None:
    assert beside(buy(day, "john"), of=buy("2025-07-07")) == (found, 2)


def test_the_other_side_makes_no_cluster() -> None:
    assert beside(sell("2025-05-05", "john")) == (False, 1)


@pytest.mark.parametrize(
    ("known", "persons"),
    [
        ("2026-02-05 16:30:00", 1),  # 30 days of 24 hours before, on the clock of winter
        ("2026-02-05 16:30:01", 2),
    ],
)
def test_persons_are_counted_over_30_days_of_24_hours(known: str, persons: int) -> None:
    new = buy("2026-03-06", price_usd=11.0, known="2026-03-07 16:30")

    assert beside(buy("2026-02-04", "john", known=known), of=new) == (False, persons)


def test_after_the_clocks_go_forward_30_days_begin_an_hour_earlier_by_them() -> None:
    new = buy("2026-03-06", price_usd=11.0, known="2026-03-09 17:30")
    at, later = ("2026-02-07 16:30:00", "2026-02-07 16:30:01")

    assert beside(buy("2026-02-04", "john", known=at), of=new) == (False, 1)
    assert beside(buy("2026-02-04", "john", known=later), of=new) == (False, 2)


def test_old_trades_are_no_cluster_of_today() -> None:
    """A purchase of last year, filed today, finds its neighbours told long ago."""
    new = buy("2024-05-06", price_usd=11.0, known="2025-05-05")

    assert beside(buy("2024-05-06", "john"), of=new) == (False, 1)


def test_what_becomes_known_after_the_filing_is_in_no_cluster() -> None:
    assert beside(buy("2025-05-05", "john", known="2025-05-06")) == (False, 1)


def test_plans_and_ten_percent_owners_are_in_no_cluster() -> None:
    john = buy("2025-05-05", "john", planned=1), buy("2025-05-05", "jim", role="ten_percent_owner")

    assert beside(*john) == (False, 1)
    assert beside(buy("2025-05-05", "jill"), of=buy("2025-05-05", price_usd=9.0, planned=1)) == (
        False,
        0,
    )
    fund = buy("2025-05-05", price_usd=9.0, role="ten_percent_owner")
    assert beside(buy("2025-05-05", "jill"), of=fund) == (False, 0)


def test_a_plan_that_is_not_known_does_not_keep_a_trade_out() -> None:
    unknown = buy("2025-05-05", price_usd=11.0, planned=None)

    assert beside(buy("2025-05-05", "john", planned=None), of=unknown) == (True, 2)


# Arranged events


def test_two_persons_at_one_price_on_one_day_are_no_cluster() -> None:
    assert beside(buy("2025-05-05", "john", price_usd=11.0)) == (False, 0)


def test_a_spread_of_the_price_or_another_day_makes_it_a_cluster() -> None:
    assert beside(buy("2025-05-05", "john", price_usd=11.01)) == (True, 2)
    assert beside(buy("2025-05-02", "john", price_usd=11.0)) == (True, 2)


def test_27_of_28_purchases_at_one_price_are_no_cluster() -> None:
    """TSM, 2026-05-08: 27 of 28 at $71.82."""
    bought = [buy("2026-05-08", f"p{n}", price_usd=71.82) for n in range(27)]
    other = buy("2026-05-08", price_usd=71.9)

    assert beside(*bought, of=other) == (False, 0)
    assert beside(*bought[1:], other, of=bought[0]) == (False, 0)


@pytest.mark.parametrize(("alike", "found"), [(3, (True, 5)), (4, (False, 0))])
def test_four_of_five_alike_are_arranged(alike: int, found: tuple[bool, int]) -> None:
    others = [
        buy("2025-05-05", f"p{n}", price_usd=10.0 if n < alike else 12.0 + n) for n in range(4)
    ]

    assert beside(*others) == found


def test_what_a_person_trades_on_one_day_at_one_price_counts_once() -> None:
    """Five facts of one plain purchase do not make another person's purchase an offering."""
    lots = [buy("2025-05-05", "john", security=f"Class {n}") for n in range(5)]

    assert beside(*lots) == (True, 2)


def test_an_offering_among_others_of_the_month_is_no_cluster_of_its_day() -> None:
    offering = [buy("2025-05-05", who, price_usd=11.0) for who in ("john", "jill")]
    apart = [buy("2025-04-15", "jack"), buy("2025-04-22", "jim")]

    assert beside(*offering, *apart) == (False, 5)


def test_a_price_that_is_not_known_leaves_open_what_it_decides() -> None:
    assert beside(buy("2025-05-05", "john", price_usd=None)) == (None, None)
    assert beside(buy("2025-05-02", "john", price_usd=None)) == (True, 2)


def test_a_day_that_is_not_known_leaves_open_what_it_decides() -> None:
    assert beside(buy(None, "john")) == (None, None)
    assert beside(buy(None, "john"), buy("2025-05-05", "jill")) == (True, 3)
    assert beside(buy(None)) == (False, 1)
    assert beside(buy("2025-05-02", "john"), of=buy(None, known="2025-05-05")) == (None, None)
    day_missing = buy(None, known="2025-05-05", price_usd=None)
    assert beside(buy("2025-05-02", "a"), buy("2025-05-01", "b"), of=day_missing) == (None, 3)


def test_a_person_who_is_not_known_is_in_no_cluster() -> None:
    assert beside(a_past("2025-05-05", person_key=None)) == (False, 1)
    assert beside(buy("2025-05-05", "john"), of=a_past("2025-05-05", person_key=None)) == (
        None,
        None,
    )


@pytest.mark.parametrize("since", [date(2025, 4, 6), None])
def test_short_history_can_show_a_cluster_but_never_that_there_is_none(since: date | None) -> None:
    new, john = buy("2025-05-05", price_usd=11.0), buy("2025-05-05", "john")

    for name, alone, together in (("cluster", False, True), ("cluster_persons", 1, 2)):
        assert told(name, new, loaded_since=date(2025, 4, 5)) == alone
        assert told(name, new, loaded_since=since) is None
        assert told(name, new, history=[john], loaded_since=since) == together
