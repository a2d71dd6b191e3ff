"""Facts: one series over all kinds, stored once, late ones judged at the newest instant."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import from_ms, to_ms
from bot.facts import INSIDER_TRADE, Fact, Field, Kind, Type
from bot.store import Arrival, Store, loaded
from tests.builders import NOW, Line, a_rule, a_trade, instant, ms

NOTE = Kind(
    name="note",
    doc="A kind for tests.",
    subject="issuer CIK",
    fires="every",
    fields=(Field(name="text", type=Type.TEXT, doc="Words."),),
)


def a_note(at: str, *, id: str, subject: str = "OKLO") -> Fact:
    return Fact(kind=NOTE, id=id, subject=subject, known_at=instant(at), values={})


@pytest.fixture
def line() -> Iterator[Line]:
    opened = Line(kinds=(INSIDER_TRADE, NOTE))
    yield opened
    opened.store.close()


def stored(line: Line, kind: Kind = INSIDER_TRADE) -> list[dict[str, Any]]:
    return line.store.facts.after(0, 10**9, kind)


def test_facts_that_arrive_together_are_numbered_by_known_at_then_id_over_all_kinds(
    line: Line,
) -> None:
    line.add(
        a_trade("2025-09-24", id="a"),
        a_note("2025-09-23", id="z"),
        a_trade("2025-09-23", id="y"),
        a_note("2025-09-24", id="b"),
    )

    assert [(f["id"], f["seq"]) for f in stored(line)] == [("y", 1), ("a", 3)]
    assert [(f["id"], f["seq"]) for f in stored(line, NOTE)] == [("z", 2), ("b", 4)]


def test_a_fact_that_is_known_adds_nothing_and_takes_no_number(line: Line) -> None:
    assert line.add(a_trade(id="a", value_usd=1), a_trade(id="a", value_usd=1)) == 1
    assert line.add(a_trade(id="a", value_usd=2), a_trade(id="b")) == 1

    assert [(f["seq"], f["value_usd"]) for f in stored(line)] == [(1, 1), (2, 100_000_000)]


def test_one_id_in_two_kinds_is_two_facts(line: Line) -> None:
    assert line.add(a_trade(id="a"), a_note("2025-09-23", id="a")) == 2


def test_a_late_fact_is_judged_at_the_newest_instant_of_its_kind_and_subject(line: Line) -> None:
    line.add(a_trade("2025-09-23", id="new"), a_note("2025-09-30", id="note"))
    line.add(
        a_trade("2025-09-01", id="late"),
        a_trade("2025-09-01", id="of another subject", subject="KLG"),
        a_trade("2025-09-25", id="newer"),
    )

    judged = {f["id"]: f["judged_at"] for f in stored(line)}
    assert judged == {
        "new": ms("2025-09-23"),
        "late": ms("2025-09-23"),
        "of another subject": ms("2025-09-01"),
        "newer": ms("2025-09-25"),
    }
    assert [f["known_at"] for f in stored(line) if f["id"] == "late"] == [ms("2025-09-01")]


def test_facts_that_arrive_together_are_not_late_for_one_another(line: Line) -> None:
    line.add(a_trade("2025-09-23", id="a"), a_trade("2025-09-01", id="b"))

    assert all(f["judged_at"] == f["known_at"] for f in stored(line))


def test_a_duplicate_is_gone_from_its_own_number_on(line: Line) -> None:
    line.add(a_trade("2025-09-23", id="a"), a_trade("2025-09-24", id="b", duplicate_of="a"))

    assert [f["gone_seq"] for f in stored(line)] == [None, 2]


def test_a_quiet_fact_and_its_document_are_remembered(line: Line) -> None:
    line.add(a_trade(id="a"), document=7, quiet=True)

    (row,) = stored(line)
    assert (row["quiet"], row["document_id"], row["seen_at"]) == (1, 7, to_ms(NOW))


def test_a_batch_ends_where_a_document_does(line: Line) -> None:
    for number, count in enumerate((2, 3, 1), start=1):
        line.add(*(a_trade(id=f"{number}{n}") for n in range(count)), document=number)
    line.add(a_trade(id="x"), a_trade(id="y"))

    ends = [line.store.facts.batch_end(0, limit) for limit in range(1, 9)]
    assert ends == [2, 2, 5, 5, 5, 6, 7, 8]
    assert line.store.facts.batch_end(8, 5) == 8


def test_the_newest_facts_come_first_when_they_are_looked_at(line: Line) -> None:
    line.add(a_trade("2025-09-23", id="a"), a_trade("2025-09-24", id="b"))
    line.add(a_trade("2025-09-22", id="c", ticker="KLG"), a_trade("2025-09-24", id="d"))

    facts = line.store.facts
    assert [f["id"] for f in facts.select(INSIDER_TRADE)] == ["d", "b", "a", "c"]
    assert [f["id"] for f in facts.select(INSIDER_TRADE, ticker="OKLO", limit=1)] == ["d"]
    assert [f["id"] for f in facts.select(INSIDER_TRADE, fact_id="a")] == ["a"]
    assert facts.count() == {"insider_trade": 4, "note": 0}


def test_a_number_that_no_fact_has_is_a_key_error(line: Line) -> None:
    with pytest.raises(KeyError):
        line.store.facts.by_seq("insider_trade", 1)


def test_an_index_is_widened_when_a_rule_looks_at_more(line: Line) -> None:
    facts = line.store.facts

    def columns() -> list[str]:
        rows = line.store._connections.connection.execute(
            "PRAGMA index_info(measured_insider_trade_ticker)"
        )
        return [row[2] for row in rows]

    facts.index_for(INSIDER_TRADE, ("ticker",), {"side"})
    assert columns() == ["ticker", "known_at", "gone_seq", "side"]
    facts.index_for(INSIDER_TRADE, ("ticker",), {"value_usd", "ticker", "known_at", "seq"})
    assert columns() == ["ticker", "known_at", "gone_seq", "side", "value_usd"]
    facts.index_for(INSIDER_TRADE, ("ticker",), {"side"})
    assert columns() == ["ticker", "known_at", "gone_seq", "side", "value_usd"]


INSTANTS = st.integers(ms("1990-01-01"), ms("2040-01-01")).map(from_ms)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "value_usd": st.none() | st.integers(-(2**53), 2**53),
        "shares": st.none()
        | st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0),
        "owner_name": st.none() | st.text("a é\n\x00'\"漢😀", max_size=9),
        "planned": st.none() | st.booleans(),
        "traded_on": st.none() | st.dates(),
        "lag_business_days": st.none() | st.integers(-9, 10**6),
        "rows": st.none() | st.just([{"line": 1, "note": "é"}]),
    },
)


@given(VALUES, INSTANTS, st.none() | INSTANTS)
def test_values_survive_the_store_to_the_last_digit(
    values: dict[str, Any], known_at: Any, happened_at: Any
) -> None:
    store = Store(None)
    fact = Fact(
        kind=INSIDER_TRADE,
        id="a",
        subject="s",
        ticker=None,
        known_at=known_at,
        happened_at=happened_at,
        values=values,
    )
    store.facts.add([Arrival(fact=fact, seen_at=5)])

    back = loaded(INSIDER_TRADE, store.facts.by_seq("insider_trade", 1))
    store.close()

    assert (back["id"], back["subject"], back["ticker"]) == ("a", "s", None)
    assert (back["known_at"], back["happened_at"], back["seen_at"]) == (
        known_at, happened_at, from_ms(5))  # fmt: skip
    assert {name: back[name] for name in values} == values
    assert all(back[f.name] is None for f in INSIDER_TRADE.fields if f.name not in values)


def test_a_superseded_fact_is_gone_from_the_amending_one_on_and_only_once(line: Line) -> None:
    line.add(a_trade("2025-09-22", id="a"), a_trade("2025-09-23", id="b"))
    line.add(a_trade("2025-09-24", id="c"))

    assert line.store.facts.supersede(["a", "b", "c"], by="b") == 1
    assert line.store.facts.supersede(["a", "b"], by="c") == 1

    assert [(f["id"], f["gone_seq"]) for f in stored(line)] == [("a", 2), ("b", 3), ("c", None)]
    assert line.store.facts.earlier_versions(INSIDER_TRADE, 2, 3) == {3: ["b", "a"]}


def test_what_is_not_stored_supersedes_nothing(line: Line) -> None:
    with pytest.raises(KeyError):
        line.store.facts.supersede(["a"], by="nowhere")


# Told anew.


def test_a_fact_told_anew_is_looked_back_on_in_the_place_of_the_first_and_not_judged() -> None:
    rule = a_rule(
        "let: {n: {count: events, over: 10d}, most: {max: value_usd, over: 10d}}\nwhen: n >= 1"
    )
    line = Line(rule)
    line.see(a_trade("2025-09-23", id="f:1", value_usd=900))

    line.store.facts.retell([("f:1", a_trade("2025-09-23", id="f:1~2", value_usd=90))], seen_at=1)
    line.see(a_trade("2025-09-24", id="f:2", value_usd=9))

    assert line.values("n") == [1, 2]
    assert line.values("most") == [900, 90]


def test_what_counts_of_a_subject_leaves_out_what_was_told_anew() -> None:
    line = Line()
    line.add(a_trade("2025-09-23", id="f:1"), a_trade("2025-09-24", id="f:2"))
    store = line.store

    store.facts.retell([("f:1", a_trade("2025-09-23", id="f:1~2"))], seen_at=1)

    since, until = ms("2025-09-23"), ms("2025-09-24")
    rows = store.facts.counting(INSIDER_TRADE, "OKLO", since=since, until=until)
    assert [row["id"] for row in rows] == ["f:1~2", "f:2"]
