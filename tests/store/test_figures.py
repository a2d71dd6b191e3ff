"""What the store keeps of companies' figures and of asking for them."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.store import Expected, Store

CIK = "0001849056"
AT = datetime(2025, 12, 12, 22, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store(None)) as opened:
        yield opened


def test_the_newest_document_is_kept_byte_by_byte_and_since_when_it_reads_so(
    store: Store,
) -> None:
    assert store.figures.keep(CIK, b"one", AT)
    assert not store.figures.keep(CIK, b"one", AT + timedelta(days=7))
    unchanged = store.figures.asked_for(CIK)
    assert store.figures.keep(CIK, b"two", AT + timedelta(days=8))
    changed = store.figures.asked_for(CIK)

    assert store.figures.body(CIK) == b"two"
    assert unchanged is not None
    assert changed is not None
    assert unchanged.changed_at == AT
    assert unchanged.answered_at == AT + timedelta(days=7)
    assert changed.changed_at == AT + timedelta(days=8)


def test_that_there_are_no_figures_is_an_answer_too(store: Store) -> None:
    store.figures.keep(CIK, None, AT)

    asked = store.figures.asked_for(CIK)
    assert asked is not None
    assert (asked.answered_at, asked.digest) == (AT, None)
    assert store.figures.body(CIK) is None


def test_failures_are_counted_until_an_answer_comes_and_leave_the_document(store: Store) -> None:
    store.figures.keep(CIK, b"one", AT)
    for hours in (1, 2):
        store.figures.failed(CIK, f"no answer {hours}", not_before=AT + timedelta(hours=hours))
    failing = store.figures.asked_for(CIK)
    body = store.figures.body(CIK)
    store.figures.keep(CIK, b"one", AT + timedelta(hours=3))
    answered = store.figures.asked_for(CIK)

    assert failing is not None
    assert answered is not None
    assert (failing.tries, failing.not_before) == (2, AT + timedelta(hours=2))
    assert (failing.reason, answered.reason) == ("no answer 2", None)
    assert body == b"one"
    assert (answered.tries, answered.not_before) == (0, None)


def test_a_map_of_tickers_takes_the_place_of_the_one_before(store: Store) -> None:
    store.figures.keep_ciks({"OLD": CIK}, AT)
    store.figures.keep_ciks({"OKLO": CIK}, AT + timedelta(days=1))

    assert store.figures.ciks() == {"OKLO": CIK}
    assert store.figures.ciks_at() == AT + timedelta(days=1)


def test_of_what_is_expected_the_newest_is_kept(store: Store) -> None:
    told = Expected(
        ticker="OKLO", pe=30.5, method="next fiscal year", provider="yahoo",
        session=date(2025, 12, 12), asked_at=AT,
    )  # fmt: skip
    older = Expected(
        ticker="OKLO", pe=29.0, method="next fiscal year", provider="yahoo",
        session=date(2025, 12, 11), asked_at=AT,
    )  # fmt: skip

    store.figures.keep_expected([older])
    store.figures.keep_expected([told])

    assert store.figures.expected() == {"OKLO": told}
