"""The rows by which alerts are found are kept with their decisions, from the first one on."""

from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.rules.fire import Fate
from bot.store import NewDecision, Store
from bot.store.alerts import alert_tables, place_of, tag
from bot.store.query import Query, Term
from bot.store.schema import MIGRATIONS
from tests.builders import Line, a_rule, a_trade
from tests.store.past import Past, past_store


def found(store: Store, **terms: Any) -> list[int]:
    named = tuple(Term(field=name, values=(value,)) for name, value in terms.items())
    return [alert.id for alert in store.history.search(Query(terms=named)).alerts]


def test_a_store_of_before_is_searched_like_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerts = [
        Past(who="DeWitte Jacob", message="rate cut", value_cents=100),
        Past(ticker="SMR", fate=Fate.MUTED),
        Past(fate=Fate.NO),
    ]
    path = tmp_path / "bot.db"
    with monkeypatch.context() as older:
        before = MIGRATIONS[: MIGRATIONS.index(alert_tables)]
        older.setattr("bot.store.schema.MIGRATIONS", before)
        older.setattr("bot.store.decisions.keep_alerts", lambda *_: None)
        older.setattr("bot.store.outbox.Outbox.add", lambda *_: None)  # it knows newer columns
        with closing(Store(path)) as store:
            past_store(alerts, store)

    with closing(Store(path)) as store:
        assert found(store) == [1]
        assert found(store, who="jacob", text="rate cut", ticker="OKLO") == [1]
        assert found(store, value=100) == [1]
        assert found(store, fate="muted") == [2]


def test_what_is_undone_with_its_decision_is_not_found() -> None:
    store = past_store([Past()])
    (row,) = store.decisions.all()

    with suppress(KeyboardInterrupt), store.writing():
        store.decisions.add([NewDecision(**row | {"id": 2, "at": 5})])
        assert found(store) == [2, 1]
        raise KeyboardInterrupt

    assert found(store) == [1]
    assert found(store, text="words") == [1]
    assert store.history.search(Query()).total.count == 1


def test_an_alert_of_the_judge_is_found_by_the_title_of_its_rule() -> None:
    line = Line(a_rule(title="Officers leave"))
    line.see(a_trade(owner_name="COCHRAN CAROLINE", issuer_name="Oklo Inc."))

    for words in ("officers leave", "caroline", "Oklo Inc"):
        assert found(line.store, text=words) == [1]
    assert found(line.store, who="car coch") == [1]


def test_the_silence_of_a_key_without_a_fact_is_found() -> None:
    store = past_store([Past()])
    (row,) = store.decisions.all()
    silence = {"id": 2, "fact_id": "", "fact_seq": 0, "ticker": None, "message": "no filings"}
    store.decisions.add([NewDecision(**row | silence)])

    assert found(store, text="no filings") == [2]


def test_places_are_in_the_order_of_time_then_of_numbers_within_the_table() -> None:
    instants = [0, 1, 1_758_643_200_000, 2**42]

    places = [place_of(at, number) for at in instants for number in (0, 7, 2**20 - 1)]

    assert places == sorted(set(places))
    assert place_of(-5) == 0
    assert place_of(2**60, 1) == 2**63 - 1


def test_a_value_is_one_word_of_the_index() -> None:
    assert tag("ticker", "BRK-B") == "ticker0BRK0B"
    assert tag("fate", "over the daily cap") == "fate0over0the0daily0cap"
