"""What people did by chat is kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import to_ms
from bot.store import Acknowledgement, Act, Store, Votes

NOW = to_ms(datetime(2026, 3, 18, 18, tzinfo=UTC))
HOUR = timedelta(hours=1) // timedelta(milliseconds=1)


@pytest.fixture
def store() -> Store:
    return Store(None)


def an_ack(name: str, *, at: int = NOW) -> Acknowledgement:
    return Acknowledgement(alert=7, at=at, user=f"U{name.upper()}", name=name)


def subscribed(store: Store, name: str, query: str) -> int:
    user = f"U{name.upper()}"
    return store.chat.subscribe(user=user, name=name, channel=user, query=query, at=NOW)


def test_who_acknowledges_first_stays(store: Store) -> None:
    store.chat.acknowledge(an_ack("ann"))

    assert store.chat.acknowledge(an_ack("bob", at=NOW + 1)) == an_ack("ann")
    assert store.chat.acknowledged(7) == an_ack("ann")


def test_an_alert_that_nobody_acknowledged_is_open(store: Store) -> None:
    store.chat.acknowledge(an_ack("ann"))

    assert store.chat.acknowledged(8) is None


def test_a_person_has_one_vote_on_an_alert_and_may_change_it(store: Store) -> None:
    store.chat.vote(7, user="UANN", up=True, at=NOW)
    store.chat.vote(7, user="UBOB", up=True, at=NOW)

    assert store.chat.vote(7, user="UANN", up=False, at=NOW + 1) == Votes(up=1, down=1)
    assert store.chat.votes_on(8) == Votes()


def test_acts_on_an_alert_are_told_in_their_order(store: Store) -> None:
    ack = Act(at=NOW, user="UANN", name="ann", act="ack", target="7", told="acknowledged", alert=7)
    mute = Act(at=NOW, user="UBOB", name="bob", act="mute", target="OKLO 7d", told="may not",
               refused=True)  # fmt: skip
    for act in (ack, mute, ack):
        store.chat.note(act)

    assert store.chat.acts_on(7) == [ack, ack]
    assert store.chat.acts_of("mute", "OKLO 7d") == [mute]


def test_a_person_subscribes_to_a_query_once(store: Store) -> None:
    first, other = (subscribed(store, name, "ticker:OKLO") for name in ("ann", "bob"))

    assert subscribed(store, "ann", "ticker:OKLO") == first != other
    assert [each.id for each in store.chat.subscriptions("UANN")] == [first]
    assert [each.name for each in store.chat.subscriptions()] == ["ann", "bob"]


def test_what_is_unsubscribed_is_gone_and_the_others_stay(store: Store) -> None:
    first, second = (subscribed(store, "ann", query) for query in ("ticker:OKLO", "ticker:NVDA"))

    store.chat.unsubscribe(first)

    assert [each.id for each in store.chat.subscriptions()] == [second]


def test_a_long_text_has_one_number_for_ever(tmp_path: Path) -> None:
    text = "ticker:" + ",".join(["OKLO"] * 900)
    store = Store(tmp_path / "bot.db")
    number = store.chat.keep_text(text)
    store.chat.keep_text("another")
    store.close()

    again = Store(tmp_path / "bot.db")

    assert again.chat.keep_text(text) == number
    assert again.chat.kept_text(number) == text
    assert again.chat.kept_text(number + 7) is None


def test_an_event_that_comes_three_times_is_handled_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "bot.db")
    came = [store.chat.once("Ev1", at=NOW + n * HOUR) for n in range(2)]
    store.close()
    store = Store(tmp_path / "bot.db")

    came.append(store.chat.once("Ev1", at=NOW + 24 * HOUR))

    assert came == [True, False, False]
    assert store.chat.once("Ev2", at=NOW)


def test_events_of_last_week_are_forgotten(store: Store) -> None:
    store.chat.once("Ev1", at=NOW)
    store.chat.once("Ev2", at=NOW + 7 * 24 * HOUR)

    assert store.chat.once("Ev1", at=NOW + 7 * 24 * HOUR)
