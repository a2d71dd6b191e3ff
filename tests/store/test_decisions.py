"""Decisions, states and progress of rules as the store keeps them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.rules.fire import Fate, State
from bot.store import NewDecision, Store
from bot.store.explaining import explaining
from bot.store.schema import MIGRATIONS, _keys_first


def a_decision(number: int, *, fact: str = "a", key: str = "OKLO", fate: Fate = Fate.FIRED,
               document: int | None = 7, message_id: int | None = None) -> NewDecision:  # fmt: skip
    return NewDecision(
        id=number,
        rule="sales",
        version="v1",
        key=key,
        kind="insider_trade",
        fact_id=fact,
        fact_seq=number,
        document_id=document,
        ticker=key,
        at=1,
        decided_at=2,
        fate=fate,
        reason=None,
        severity="notice",
        message="words",
        measures="{}",
        proof="[]",
        message_id=message_id,
    )


def test_decisions_are_counted_by_fate_and_come_in_their_order() -> None:
    store = Store(None)
    assert store.decisions.next_id() == 1

    store.decisions.add([a_decision(1), a_decision(2, fact="b", fate=Fate.NO)])

    assert store.decisions.next_id() == 3
    assert store.decisions.count_by_fate() == {"fired": 1, "no": 1}
    assert [d["id"] for d in store.decisions.all()] == [1, 2]
    assert [d["fact_id"] for d in store.decisions.all(fate="no")] == ["b"]


def test_a_rule_decides_once_about_a_key_and_a_fact() -> None:
    store = Store(None)
    store.decisions.add([a_decision(1), a_decision(2, key="KLG")])

    with pytest.raises(sqlite3.IntegrityError):
        store.decisions.add([a_decision(3)])


def test_no_decision_is_looked_for_through_all_that_are_stored(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    Store(path).close()
    asked = list[str]()
    with explaining(path) as store:
        connection = store.decisions._connections.connection
        connection.set_trace_callback(asked.append)
        store.keys_of("sales", "1234")
        store.last_decision("sales", "OKLO", until=None)
        store.decisions.fired_facts("sales", "OKLO", ["a"])
        store.decisions.fired_for("sales", "OKLO", 7)
        store.decisions.capped_for("sales", "OKLO", 7)
        connection.set_trace_callback(None)
        plans = [
            step
            for statement in asked
            for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
            if "decisions" in step
        ]

    assert len(plans) >= len(asked) - 3  # three of them ask for states
    assert not [step for step in plans if step.startswith("SCAN")]


def test_keys_are_found_by_ticker_by_their_beginning_and_in_other_letters(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    with closing(Store(path)) as store:
        rows = [("sales", "0000000007/1", "A"), ("sales", "0000000007/2", "A"),
                ("sales", "Abc", "B"), ("other", "0000000007/3", "A"),
                ("other", "zzz", "Z")]  # fmt: skip
        store.decisions.add(
            [
                a_decision(n, key=key)._replace(rule=rule, ticker=ticker)
                for n, (rule, key, ticker) in enumerate(rows, start=1)
            ]
        )

    with explaining(path) as looking:
        found = {asked: looking.keys_of("sales", asked) for asked in ("7", "a", "abc", "zzz", "Z")}

    both = ["0000000007/2", "0000000007/1"]
    assert found == {"7": both, "a": both, "abc": ["Abc"], "zzz": [], "Z": []}


def test_a_store_of_before_the_index_went_by_key_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bot.db"
    with monkeypatch.context() as older:
        older.setattr("bot.store.schema.MIGRATIONS", MIGRATIONS[: MIGRATIONS.index(_keys_first)])
        with closing(Store(path)) as store:
            store.decisions.add([a_decision(1, fate=Fate.NO)])

    with closing(Store(path)) as store, pytest.raises(sqlite3.IntegrityError):
        store.decisions.add([a_decision(2)])
    with explaining(path) as looking:
        assert looking.keys_of("sales", "OKLO") == ["OKLO"]


def test_the_alerts_about_a_document_are_those_of_the_rule_and_key_that_fired() -> None:
    store = Store(None)
    store.decisions.add(
        [
            a_decision(1, fact="a", message_id=1),
            a_decision(2, fact="b", fate=Fate.NO),
            a_decision(3, fact="c", document=8),
            a_decision(4, fact="d", key="KLG"),
            a_decision(5, fact="e", message_id=1),
        ]
    )

    assert [d["id"] for d in store.decisions.fired_for("sales", "OKLO", 7)] == [1, 5]


def test_states_are_remembered_by_rule_and_key_and_replaced() -> None:
    store = Store(None)
    keys = ["OKLO", 'a"b', "é//1"]

    store.decisions.save_states({("sales", key): State(risen_at=1, judged_at=2) for key in keys})
    store.decisions.save_states({("sales", "OKLO"): State(alerted_at=3)})

    asked = [("sales", "OKLO"), ("sales", "é//1"), ("sales", "new"), ("other", "OKLO")]
    assert store.decisions.states(asked) == {
        ("sales", "OKLO"): State(alerted_at=3),
        ("sales", "é//1"): State(risen_at=1, judged_at=2),
    }


def test_the_rules_that_judge_are_those_named_last() -> None:
    store = Store(None)

    store.decisions.save_versions({"a": "1", "b": "1"})
    store.decisions.save_versions({"b": "2", "c": "1"})

    assert store.decisions.versions() == {"b": "2", "c": "1"}


def test_how_far_facts_are_judged_starts_at_nothing() -> None:
    store = Store(None)
    assert store.decisions.judged_seq() == 0

    store.decisions.save_judged_seq(5)
    store.decisions.save_judged_seq(9)

    assert store.decisions.judged_seq() == 9


def test_where_a_rule_began_stays_while_it_judges_and_is_new_when_it_comes_back() -> None:
    store = Store(None)
    store.decisions.save_versions({"a": "1", "b": "1"}, at=10, seq=1)
    store.decisions.save_versions({"a": "2"}, at=20, seq=2)
    store.decisions.save_versions({"a": "2", "b": "1"}, at=30, seq=3)

    assert store.decisions.began() == {"a": (10, 1), "b": (30, 3)}
