"""Measures over a real store: counts, sums, distinct values, the last one, and their keys."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import COUNTED, Line, M, a_rule, a_trade

# Measures.


def test_without_a_known_value_count_and_distinct_are_0_and_a_sum_is_unknown() -> None:
    line = Line(
        a_rule(
            "let:\n"
            "  n: {count: events, over: 9d, before: event}\n"
            "  people: {distinct: person_key, over: 9d}\n"
            "  sold: {sum: value_usd, over: 9d}\n"
            "  v: {last: value_usd}\n"
            "when: n >= 0 or people >= 0 or sold > $0 or v > $0"
        )
    )

    line.see(a_trade(person_key=None, value_usd=None))

    measures = line.store.decisions.all()[0]["measures"]
    assert json.loads(measures) == {"n": 0, "people": 0, "sold": None, "v": None}


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.none() | st.integers(-(2**62), 2**62) | st.integers(-9, 9), max_size=6))
def test_a_sum_of_money_is_exact_to_the_cent(cents: list[int | None]) -> None:
    line = Line(a_rule("let: {sold: {sum: value_usd, over: 10d}}\nwhen: sold is known"))
    line.see(*(a_trade(id=str(n), value_usd=value) for n, value in enumerate(cents)))

    for n, told in enumerate(line.values("sold"), start=1):
        known = [value for value in cents[:n] if value is not None]
        if known and abs(sum(known)) < 2**62:
            assert (told, type(told)) == (sum(known), int)
        else:
            assert told == (pytest.approx(sum(known), rel=1e-9) if known else None)
    line.store.close()


def test_a_sum_beyond_64_bits_neither_fails_nor_stops_the_other_rules() -> None:
    line = Line(
        a_rule("let: {sold: {sum: value_usd, over: 10d}}\nwhen: sold >= $1M"), a_rule(id="plain")
    )

    fates = line.see(*(a_trade(id=str(n), value_usd=2**63 - 1) for n in range(3)))

    assert fates == ["fired"] * 6


def test_distinct_counts_known_values_once_each() -> None:
    line = Line(a_rule("let: {n: {distinct: person_key, over: 9d}}\nwhen: n >= 1"))

    line.see(*(a_trade(id=str(n), person_key=key) for n, key in enumerate(["1", None, "2", "1"])))

    assert line.values("n") == [1, 1, 2, 2]


def test_last_takes_the_newest_known_value_and_of_one_instant_the_one_stored_last() -> None:
    line = Line(a_rule("let: {v: {last: value_usd}}\nwhen: v >= $0"))

    line.see(
        a_trade("2025-09-22", value_usd=1),
        a_trade("2025-09-23", id="a", value_usd=2),
        a_trade("2025-09-23", id="b", value_usd=3),
        a_trade("2025-09-24", value_usd=None),
    )

    assert line.values("v") == [1, 2, 3, 3]


def test_on_the_rules_own_kind_a_measure_counts_what_passes_both_wheres() -> None:
    text = "where: value_usd >= $1M\nlet: {n: {count: events, over: 9d, where: role == ceo}}"
    line = Line(a_rule(f"{text}\nwhen: n >= 0"))

    line.see(
        a_trade(id="a", role="ceo"),
        a_trade(id="b", role="ceo", value_usd=1),
        a_trade(id="c", role="cfo"),
        a_trade(id="d", role=None),
    )

    assert line.values("n") == [1, 1, 1]


def test_with_of_a_measure_counts_what_passes_its_own_where_only() -> None:
    text = "where: value_usd >= $1M\nlet: {n: {count: events, of: insider_trade, over: 9d}}"
    line = Line(a_rule(f"{text}\nwhen: n >= 0"))

    line.see(a_trade(id="a", value_usd=1), a_trade(id="b"))

    assert line.values("n") == [2]


def test_by_all_looks_at_every_subject_and_has_one_state() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 2", by="all", fire="rise"))

    fates = line.see(*(a_trade(ticker=ticker, id=ticker) for ticker in ("A", "B", "C")))

    assert line.values("n") == [1, 2, 3]
    assert fates == ["no", "fired", "already fired"]


def test_a_measure_may_go_by_another_field_than_its_rule() -> None:
    text = "let: {n: {count: events, over: 9d, by: person_key}}\nwhen: n >= 0"
    line = Line(a_rule(text))

    line.see(
        a_trade(id="a", ticker="A", person_key="1"),
        a_trade(id="b", ticker="B", person_key="1"),
        a_trade(id="c", ticker="B", person_key=None),
    )

    assert line.values("n") == [1, 2, None]


def test_several_fields_make_one_key() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 2", by="[ticker, person_key]"))

    fates = line.see(
        a_trade(id="a", person_key="1"), a_trade(id="b", person_key="2"),
        a_trade(id="c", person_key="1"))  # fmt: skip

    assert fates == ["no", "no", "fired"]
    assert line.store.decisions.all()[-1]["key"] == "OKLO/1"


def test_keys_of_fields_that_hold_the_separator_stay_apart() -> None:
    line = Line(a_rule(by="[ticker, person_key]"))

    line.see(a_trade(id="a", ticker="A/B", person_key="C"), a_trade(id="b", ticker="A",
                                                                    person_key="B/C"))  # fmt: skip

    assert len({each["key"] for each in line.store.decisions.all()}) == 2


def test_a_fact_whose_key_is_unknown_is_not_judged() -> None:
    line = Line(a_rule())

    assert line.see(a_trade(ticker=None)) == []


def test_a_fact_that_does_not_pass_where_is_not_judged() -> None:
    line = Line(a_rule("where: side == buy"))

    assert line.see(a_trade(side="sell"), a_trade(side=None)) == []


# Truth.


def test_unknown_does_not_fire_and_tells_which_clause() -> None:
    line = Line(a_rule("when: value_usd >= $1M and not planned"))

    assert line.see(a_trade(planned=None)) == ["unknown"]
    assert json.loads(line.store.decisions.all()[0]["proof"]) == [
        ["value_usd >= $1M", 1, {"value_usd": M}],
        ["not planned", None, {"planned": None}],
    ]


def test_each_decision_is_kept_with_its_measures_and_proof() -> None:
    line = Line(a_rule("let: {sold: {sum: value_usd, over: 9d}}\nwhen: sold >= $2M"))

    line.see(a_trade())

    (told,) = line.store.decisions.all()
    assert (told["fate"], told["measures"], told["message"]) == ("no", f'{{"sold":{M}}}', None)
    assert json.loads(told["proof"]) == [["sold >= $2M", 0, {"sold": M}]]
