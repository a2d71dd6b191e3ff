"""Which sessions are asked for, and when again."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.clock import to_ms
from bot.market.asking import (
    HISTORY,
    Question,
    gap_of,
    is_due,
    newest_closed,
    pause,
    questions,
    recent,
)
from bot.store import Followed
from tests.market.trading import new_york

FRIDAY, MONDAY = date(2025, 11, 21), date(2025, 11, 24)
WHOLE = Followed(ticker="OKLO", first=date(2020, 1, 2), last=MONDAY, asked=MONDAY, told=MONDAY)
EVENING = new_york("2025-11-24T16:20")


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2025-11-24T16:14", FRIDAY),
        ("2025-11-24T16:15", MONDAY),
        ("2025-11-22T12:00", FRIDAY),
        ("2025-11-27T20:00", date(2025, 11, 26)),  # Thanksgiving
        ("2025-11-28T13:14", date(2025, 11, 26)),
        ("2025-11-28T13:15", date(2025, 11, 28)),  # a half day
        ("2025-01-09T20:00", date(2025, 1, 8)),  # a day of mourning
    ],
)
def test_the_newest_closed_session_is_whole_a_quarter_of_an_hour_after_its_close(
    now: str, newest: date
) -> None:
    assert newest_closed(new_york(now)) == newest


def test_what_is_whole_is_not_asked_for_until_the_next_session_has_closed() -> None:
    later = new_york("2025-11-25T16:15")

    assert not is_due(WHOLE, MONDAY, EVENING)
    assert is_due(WHOLE, date(2025, 11, 25), later)


def test_pauses_grow_and_a_ticker_long_gone_is_asked_for_once_a_week() -> None:
    lacking = replace(WHOLE, last=FRIDAY)
    gone = replace(WHOLE, last=date(2025, 10, 1))

    pauses = [pause(replace(lacking, tries=tries), MONDAY) for tries in (0, 1, 2, 3, 30)]

    minutes = [each / timedelta(minutes=1) for each in pauses]
    assert minutes == [15, 30, 60, 120, 24 * 60]
    assert pause(gone, MONDAY) == timedelta(days=7)


def test_a_ticker_long_gone_waits_even_where_sessions_have_closed() -> None:
    gone = replace(WHOLE, last=date(2025, 10, 1), not_before=to_ms(EVENING) + 1)

    assert not is_due(gone, date(2025, 11, 25), EVENING)
    assert is_due(replace(gone, not_before=to_ms(EVENING)), date(2025, 11, 25), EVENING)


def asked(*known: Followed, now: datetime = EVENING, at_once: int = 50) -> list[Question]:
    return questions(["IWM", "OKLO", "NEW"], known, now=now, at_once=at_once)


def test_a_new_ticker_is_asked_for_six_years_and_after_those_of_whom_a_session_is_lacking() -> None:
    lacking = [replace(WHOLE, ticker=ticker, last=FRIDAY) for ticker in ("IWM", "OKLO")]

    first, last = asked(*lacking)

    assert first.tickers == ("IWM", "OKLO")
    assert first.since == date(2025, 11, 14)  # what was restated in a week shows
    assert last == Question(tickers=("NEW",), since=MONDAY - HISTORY)


def test_the_benchmark_is_asked_first_even_where_it_is_new() -> None:
    known = [replace(WHOLE, ticker=ticker, last=FRIDAY) for ticker in ("OKLO", "NEW")]

    first, last = asked(*known)

    assert first.tickers == ("IWM",)
    assert last.tickers == ("OKLO", "NEW")


def test_a_question_is_about_so_many_tickers_at_most() -> None:
    assert [question.tickers for question in asked(at_once=2)] == [("IWM", "OKLO"), ("NEW",)]


def test_a_gap_is_a_session_between_others_and_of_the_last_ten() -> None:
    days = list(recent(MONDAY, 10))

    assert gap_of(days, MONDAY) is None
    assert gap_of(days[:4] + days[5:], MONDAY) == days[4]
    assert gap_of(days[3:], MONDAY) is None  # before its first bar
    assert gap_of(days[:-1], MONDAY) is None  # its newest is asked for anyway
    assert gap_of([], MONDAY) is None
