"""Facts: only what their declaration allows, and unknown is None."""

import math
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import from_ms
from bot.facts import COMMON, INSIDER_TRADE, KINDS, Fact, Field, Type, kind

KNOWN_AT = datetime(2025, 9, 23, 22, 2, 11, tzinfo=UTC)

WHOLE = st.integers(-(2**63), 2**63 - 1)
VALUES: dict[Type, st.SearchStrategy[Any]] = {
    Type.TEXT: st.text(),
    Type.CIK: st.from_regex(r"\d{10}", fullmatch=True),
    Type.WORD: st.sampled_from(["buy", "sell"]),
    Type.YES_NO: st.booleans(),
    Type.MONEY: WHOLE,
    Type.PRICE: st.floats(allow_nan=False, allow_infinity=False),
    Type.NUMBER: st.floats(allow_nan=False, allow_infinity=False) | WHOLE,
    Type.COUNT: WHOLE,
    Type.RATIO: st.floats(allow_nan=False, allow_infinity=False),
    Type.PERCENT: st.floats(allow_nan=False, allow_infinity=False),
    Type.BASIS_POINTS: WHOLE,
    Type.SPAN: st.integers(0, 2**63 - 1),
    Type.DATE: st.dates(),
    Type.INSTANT: st.integers(0, 4 * 10**12).map(from_ms),
    Type.DETAIL: st.lists(st.dictionaries(st.text(), st.text() | st.none() | WHOLE)),
}


def a_field(of: Type) -> Field:
    return Field(name="it", type=of, doc="", words=("buy", "sell") if of is Type.WORD else ())


def a_fact(**values: Any) -> Fact:
    return Fact(
        kind=INSIDER_TRADE,
        id="form4:1:non_derivative1",
        subject="0001849056",
        known_at=KNOWN_AT,
        values=values,
    )


@given(st.data())
@pytest.mark.parametrize("of", Type)
def test_a_value_survives_the_store(of: Type, data: st.DataObject) -> None:
    field, value = a_field(of), data.draw(VALUES[of])

    cleaned = field.clean(value)

    assert cleaned == value
    assert field.loaded(field.stored(cleaned)) == cleaned


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_a_whole_number_that_no_column_holds_is_unknown(number: int) -> None:
    assert a_field(Type.MONEY).clean(number) is None


@pytest.mark.parametrize("of", Type)
def test_unknown_stays_unknown_in_every_form(of: Type) -> None:
    field = a_field(of)

    assert field.clean(None) is None
    assert field.stored(None) is None
    assert field.loaded(None) is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_becomes_unknown(value: float) -> None:
    assert a_field(Type.RATIO).clean(value) is None


def test_minus_zero_becomes_zero() -> None:
    assert math.copysign(1, a_field(Type.PRICE).clean(-0.0)) == 1


@pytest.mark.parametrize(
    ("of", "value"),
    [
        (Type.WORD, "hold"),
        (Type.WORD, "Buy"),
        (Type.WORD, ""),
        (Type.TEXT, 5),
        (Type.CIK, 1849056),
        (Type.YES_NO, 1),
        (Type.YES_NO, "yes"),
        (Type.MONEY, 1.5),
        (Type.MONEY, True),
        (Type.COUNT, False),
        (Type.NUMBER, True),
        (Type.RATIO, "5%"),
        (Type.DATE, "2025-09-23"),
        (Type.INSTANT, date(2025, 9, 23)),
        (Type.DETAIL, "[]"),
    ],
)
def test_a_value_of_another_type_is_refused(of: Type, value: Any) -> None:
    with pytest.raises(ValueError, match=r"^it is "):
        a_field(of).clean(value)


def test_a_fact_keeps_its_values_clean() -> None:
    fact = a_fact(price_usd=math.nan, holding_change_ratio=-0.0, side="sell", shares=None)

    assert fact.values["price_usd"] is None
    assert math.copysign(1, fact.values["holding_change_ratio"]) == 1
    assert fact.values["side"] == "sell"
    assert fact.values["shares"] is None


def test_a_field_that_is_not_declared_is_refused() -> None:
    with pytest.raises(ValueError, match="insider_trade has no field prise_usd"):
        a_fact(prise_usd=1.0)


@pytest.mark.parametrize(("fact_id", "subject"), [("", "0001849056"), ("form4:1", "")])
def test_a_fact_without_its_keys_is_refused(fact_id: str, subject: str) -> None:
    with pytest.raises(ValueError, match="needs an id and a subject"):
        Fact(kind=INSIDER_TRADE, id=fact_id, subject=subject, known_at=KNOWN_AT, values={})


@pytest.mark.parametrize("each", KINDS, ids=lambda each: each.name)
def test_a_kind_is_declared_in_full(each: Any) -> None:
    names = [field.name for field in (*COMMON, *each.fields)]

    assert len(set(names)) == len(names)
    assert kind(each.name) is each
    assert each.fires in ("every", "rise")
    assert all(field.doc.endswith(".") for field in each.fields)
    assert all(bool(field.words) == (field.type is Type.WORD) for field in each.fields)
    assert all(len(set(field.words)) == len(field.words) for field in each.fields)


@pytest.mark.parametrize("each", KINDS, ids=lambda each: each.name)
def test_units_stand_in_the_names_of_fields(each: Any) -> None:
    money_or_price = {f.name for f in each.fields if f.type in (Type.MONEY, Type.PRICE)}

    assert money_or_price == {f.name for f in each.fields if f.name.endswith("_usd")}
    assert all(f.name.endswith("_pct") for f in each.fields if f.type is Type.PERCENT)


def test_details_are_out_of_reach_of_rules() -> None:
    assert "rows" not in INSIDER_TRADE.ruled
    assert {"id", "ticker", "known_at", "value_usd"} <= set(INSIDER_TRADE.ruled)


def test_a_kind_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        kind("rumour")
