"""What is kept about collecting: the first start, whole days, what waits, coverage, troubles."""

from datetime import date, timedelta

from bot.clock import to_text
from bot.store import Coverage, Store, Trouble
from tests.builders import NOW

DAY = date(2025, 10, 1)


def test_the_first_start_stays_the_first() -> None:
    collection = Store(None).collection
    assert collection.first_started_at() is None

    assert collection.start(NOW) == NOW
    assert collection.start(NOW + timedelta(days=1)) == NOW

    assert collection.first_started_at() == NOW


def test_the_last_whole_day_is_the_newest_of_its_source() -> None:
    collection = Store(None).collection
    assert collection.last_whole_day("edgar") is None

    collection.mark_whole("edgar", DAY, listed=3, missing=1)
    collection.mark_whole("edgar", DAY - timedelta(days=1), listed=3, missing=1)
    collection.mark_whole("fed", DAY + timedelta(days=1), listed=3, missing=1)

    assert collection.last_whole_day("edgar") == DAY


def test_a_day_read_again_is_one_day() -> None:
    collection = Store(None).collection

    collection.mark_whole("edgar", DAY, listed=3, missing=1)
    collection.mark_whole("edgar", DAY, listed=4, missing=1)

    assert collection.last_whole_day("edgar") == DAY


def test_what_is_pending_is_replaced_and_comes_back_as_it_was_written() -> None:
    collection = Store(None).collection
    told = {"form": "4", "at": to_text(NOW), "urls": ["/a", "/b"], "tries": 1, "reason": None}

    collection.save_pending("edgar", {"a": told, "b": told | {"tries": 2}})
    collection.save_pending("fed", {"c": told})
    assert collection.pending("edgar") == [told, told | {"tries": 2}]
    collection.save_pending("edgar", {"b": told})

    assert collection.pending("edgar") == [told]
    assert collection.pending("fed") == [told]


def test_what_is_settled_is_known_and_no_longer_pending() -> None:
    collection = Store(None).collection
    collection.save_pending("edgar", {"a": {"tries": 1}, "b": {"tries": 1}})

    collection.settle("edgar", "a", state="gone", told="404 for a day")
    collection.settle("edgar", "c", state="not watched", told="issuer not watched")

    assert collection.settled("edgar", ["a", "b", "c", "d"]) == {"a", "c"}
    assert collection.settled("fed", ["a"]) == set()
    assert collection.pending("edgar") == [{"tries": 1}]


def test_what_is_settled_does_not_become_pending_again() -> None:
    collection = Store(None).collection
    collection.settle("edgar", "a", state="gone", told="404 for a day")

    collection.save_pending("edgar", {"a": {"tries": 1}})

    assert collection.pending("edgar") == []
    assert collection.settled("edgar", ["a"]) == {"a"}


def test_coverage_keeps_the_earlier_instant_of_each_subject() -> None:
    collection = Store(None).collection
    earlier = NOW - timedelta(days=365)

    collection.cover("insider_trade", None, NOW)
    collection.cover("insider_trade", "0001849056", NOW)
    collection.cover("insider_trade", "0001849056", earlier)
    collection.cover("insider_trade", "0001849056", NOW)

    assert collection.coverage() == [
        Coverage(kind="insider_trade", subject=None, since=NOW),
        Coverage(kind="insider_trade", subject="0001849056", since=earlier),
    ]


def test_the_newest_troubles_come_first() -> None:
    collection = Store(None).collection
    noted = [
        Trouble(at=NOW + timedelta(seconds=n), job="edgar", trouble="error", told=f"E: {n}")
        for n in range(5)
    ]

    for trouble in noted:
        collection.note(trouble)

    assert collection.troubles(3) == noted[:1:-1]


def test_what_is_noted_inside_a_transaction_that_fails_is_not_kept() -> None:
    store = Store(None)
    try:
        with store.writing():
            store.collection.start(NOW)
            store.collection.mark_whole("edgar", DAY, listed=0, missing=0)
            raise RuntimeError
    except RuntimeError:
        pass

    assert store.collection.first_started_at() is None
    assert store.collection.last_whole_day("edgar") is None
