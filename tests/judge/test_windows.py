"""What a fact sees of those before it: the order of judgement, and windows."""

import pytest

from tests.builders import COUNTED, Line, M, a_rule, a_trade, ms

# What a fact sees.


def test_the_rows_of_one_filing_see_those_before_them_and_not_those_after() -> None:
    line = Line(a_rule("let: {sold: {sum: value_usd, over: 10d}}\nwhen: sold > $0"))

    line.see(a_trade(id="f:1", value_usd=1 * M), a_trade(id="f:2", value_usd=2 * M), document=1)

    assert line.values("sold") == [1 * M, 3 * M]


def test_before_event_leaves_the_fact_itself_out_but_not_the_row_before_it() -> None:
    line = Line(
        a_rule("let: {n: {count: events, over: 10d, before: event}}\nwhen: n >= 0"),
    )

    line.see(a_trade(id="f:1"), a_trade(id="f:2"), document=1)

    assert line.values("n") == [0, 1]


def test_a_fact_that_is_stored_earlier_but_known_later_is_not_seen() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 1"))

    line.see(a_trade("2025-09-23", subject="one"))
    line.see(a_trade("2025-09-22", subject="other"))  # of the same ticker

    assert line.values("n") == [1, 1]


def test_facts_judged_in_one_batch_do_not_see_those_stored_after_them() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 1"))

    line.see(*(a_trade(f"2025-09-{day}") for day in (22, 23, 24)))

    assert line.values("n") == [1, 2, 3]


def test_a_late_fact_is_judged_at_the_newest_instant_and_counts_what_is_known_by_then() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 1"))

    line.see(a_trade("2025-09-23", id="b"))
    line.see(a_trade("2025-09-20", id="a"))

    late = line.store.decisions.all()[-1]
    assert (late["at"], late["fate"]) == (ms("2025-09-23"), "fired")
    assert line.values("n") == [1, 2]


def test_a_late_fact_outside_the_window_of_its_judgement_does_not_count_itself() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 1"))

    line.see(a_trade("2025-09-23", id="b"))
    line.see(a_trade("2025-09-01", id="a"))

    assert line.values("n") == [1, 1]


# Windows.


@pytest.mark.parametrize(
    ("over", "earlier", "counted"),
    [
        ("10d", "2025-09-13", 1),  # exactly ten days ago
        ("10d", "2025-09-13 12:00:01 ET", 2),
        ("1mo", "2025-08-23", 1),
        ("1mo", "2025-08-23 12:00:01 ET", 2),
        ("2 sessions", "2025-09-22 00:00 ET", 2),
        ("2 sessions", "2025-09-21 23:59 ET", 1),
        ("ytd", "2025-01-01 00:00 ET", 2),
        ("ytd", "2024-12-31 23:59 ET", 1),
        ("qtd", "2025-07-01 00:00 ET", 2),
        ("mtd", "2025-08-31 23:59 ET", 1),
    ],
)
def test_a_window_begins_where_the_design_says(over: str, earlier: str, counted: int) -> None:
    line = Line(a_rule(f"let: {{n: {{count: events, over: {over}}}}}\nwhen: n >= 1"))

    line.see(a_trade(earlier), a_trade("2025-09-23"))

    assert line.values("n")[-1] == counted


@pytest.mark.parametrize(("at", "found"), [("2025-09-28", 7), ("2025-09-28 12:00:01 ET", None)])
def test_max_age_includes_its_edge(at: str, found: int | None) -> None:
    line = Line(a_rule("let: {v: {last: value_usd, max_age: 5d, before: event}}\nwhen: v is known"))

    line.see(a_trade("2025-09-23", value_usd=7), a_trade(at))

    assert line.values("v")[-1] == found
