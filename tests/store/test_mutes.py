"""Mutes as the store keeps them: whom they are about, how long they hold, what they would hide."""

import sqlite3
from typing import Any

import pytest

from bot.store import Mute, Store
from bot.store.schema import MIGRATIONS, _mutes_of_people
from tests.builders import Line, a_rule, a_trade, ms

HOUR = 3_600_000


def a_mute(**values: Any) -> Mute:
    return Mute(**({"since": HOUR, "until": 5 * HOUR} | values))


def test_a_mute_is_kept_with_all_that_was_said_of_it() -> None:
    store = Store(None)
    kept = a_mute(rule="r", key="k", ticker="OKLO", who="cook", why="noise", by="ann")

    number = store.circumstances.mute(kept)

    (held,) = store.circumstances.mutes()
    assert held == a_mute(
        rule="r", key="k", ticker="OKLO", who="cook", why="noise", by="ann", number=number
    )


@pytest.mark.parametrize(("at", "active"), [(HOUR - 1, 0), (HOUR, 1), (5 * HOUR - 1, 1),
                                            (5 * HOUR, 0)])  # fmt: skip
def test_a_mute_holds_from_its_first_instant_to_before_its_last(at: int, active: int) -> None:
    store = Store(None)
    store.circumstances.mute(a_mute())

    assert len(store.circumstances.mutes(active_at=at)) == active


def test_a_mute_that_is_lifted_is_over_at_once_and_can_not_be_lifted_again() -> None:
    store = Store(None)
    number = store.circumstances.mute(a_mute(by="ann"))

    assert store.circumstances.unmute(number, at=2 * HOUR, by="bob")
    assert not store.circumstances.unmute(number, at=3 * HOUR, by="eve")

    (held,) = store.circumstances.mutes(active_at=2 * HOUR - 1)
    assert (held.ends_at, held.ended_by, held.by) == (2 * HOUR, "bob", "ann")
    assert store.circumstances.mutes(active_at=2 * HOUR) == []


def test_a_mute_that_is_over_or_not_there_can_not_be_lifted() -> None:
    store = Store(None)
    number = store.circumstances.mute(a_mute())

    assert not store.circumstances.unmute(number, at=5 * HOUR, by="bob")
    assert not store.circumstances.unmute(number + 1, at=2 * HOUR, by="bob")


def test_a_mute_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="must end after it begins"):
        a_mute(until=HOUR)


NAMED = {"owner_name": "DeWitte Jacob", "owners": "DeWitte Jacob; Cochran Caroline"}


@pytest.mark.parametrize(
    ("who", "fits"),
    [("dewitte", True), ("Jacob DeWitte", True), ("jac", True), ("cochran", True), ("acob", False),
     ("Jacob Cochran", False), ("0001", True), ("000", False), ("", False), (";", False)],
)  # fmt: skip
def test_a_person_is_meant_by_key_or_by_the_beginnings_of_a_name(who: str, fits: bool) -> None:
    mute = a_mute(who=who)

    assert mute.fits("r", "k", {"person_key": "0001", **NAMED}) is fits


def test_sellers_and_speakers_are_people_too() -> None:
    assert a_mute(who="altman").fits("r", "k", {"seller_name": "ALTMAN SAM"})
    assert a_mute(who="cook").fits("r", "k", {"speaker": "Lisa D. Cook"})
    assert not a_mute(who="cook").fits("r", "k", {"speaker": None})
    assert not a_mute(who="cook").fits("r", "k", None)


def test_all_that_a_mute_names_must_fit() -> None:
    mute = a_mute(rule="r", ticker="OKLO", who="cook")
    fact = {"ticker": "OKLO", "owner_name": "Cook Lisa"}

    assert mute.fits("r", "any", fact)
    assert not mute.fits("other", "any", fact)
    assert not mute.fits("r", "any", fact | {"ticker": "NVDA"})
    assert not mute.fits("r", "any", fact | {"owner_name": "Doe Jane"})


def test_what_a_mute_would_have_hidden_is_told_by_its_decisions_newest_first() -> None:
    line = Line(a_rule(id="one"), a_rule(id="two", when="value_usd > $5M"))
    line.see(
        a_trade("2025-09-01", ticker="OKLO", id="a", owner_name="Cook Lisa"),
        a_trade("2025-09-01", ticker="NVDA", id="b", owner_name="Doe Jane"),
        a_trade("2025-09-02", ticker="OKLO", id="c", owner_name="Doe Jane"),
        a_trade("2025-09-03", ticker="OKLO", id="d", value_usd=1),
    )
    asked = line.store.circumstances.would_have_held
    facts = {each["id"]: (each["rule"], each["fact_id"]) for each in line.store.decisions.all()}

    def hidden(**values: Any) -> list[tuple[str, str]]:
        found = asked(a_mute(**values), 0, ms("2026-01-01"))
        assert found == sorted(found, reverse=True)
        return [facts[number] for number in found]

    assert hidden(ticker="OKLO") == [("one", "c"), ("one", "a")]
    assert hidden(who="jane doe") == [("one", "c"), ("one", "b")]
    assert hidden(ticker="OKLO", who="doe") == [("one", "c")]
    assert hidden(rule="two") == []
    assert asked(a_mute(ticker="OKLO"), 0, ms("2025-01-01")) == []


def test_mutes_of_an_older_store_stay() -> None:
    from bot.facts import KINDS
    from bot.store.schema import _sqlite_utils_database, prepare

    connection = sqlite3.connect(":memory:", isolation_level=None)
    database = _sqlite_utils_database()(connection)
    before = MIGRATIONS.index(_mutes_of_people)
    for migrate in MIGRATIONS[:before]:
        migrate(database)
    connection.execute(f"PRAGMA user_version = {before}")
    connection.execute("INSERT INTO mutes (since, until, ticker) VALUES (1, 2, 'OKLO')")

    prepare(connection, KINDS, where="here")

    row = connection.execute('SELECT ticker, who, why, "by", ended_at FROM mutes').fetchone()
    assert row == ("OKLO", None, "", "", None)
