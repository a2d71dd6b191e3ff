"""The grammar of questions about past alerts: what is understood, and every error that teaches."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.query import read_query
from bot.errors import QueryError
from bot.store import HistoryQuery

NOW = datetime(2025, 10, 1, 16, tzinfo=UTC)
MIDNIGHT = datetime(2025, 10, 1, 4, tzinfo=UTC)
"""The start of the day of NOW in New York."""


@pytest.mark.parametrize(
    ("text", "query", "said"),
    [
        ("", HistoryQuery(), "last 10"),
        ("  ", HistoryQuery(), "last 10"),
        ("OKLO", HistoryQuery(ticker="OKLO"), "ticker:OKLO"),
        ("$OKLO", HistoryQuery(ticker="OKLO"), "ticker:OKLO"),
        ("BRK.B", HistoryQuery(ticker="BRK-B"), "ticker:BRK-B"),
        ("ticker:oklo", HistoryQuery(ticker="OKLO"), "ticker:OKLO"),
        ("Ticker:$brk.b", HistoryQuery(ticker="BRK-B"), "ticker:BRK-B"),
        ("LAST", HistoryQuery(ticker="LAST"), "ticker:LAST"),
        ("rule:large-officer-sale", HistoryQuery(rule="large-officer-sale"), None),
        ("since:90d", HistoryQuery(since=NOW - timedelta(days=90)), "since:90d"),
        ("since:2h", HistoryQuery(since=NOW - timedelta(hours=2)), "since:2h"),
        ("since:1mo", HistoryQuery(since=datetime(2025, 9, 1, 16, tzinfo=UTC)), "since:1mo"),
        ("since:today", HistoryQuery(since=MIDNIGHT), "since:today"),
        ("since:yesterday", HistoryQuery(since=MIDNIGHT - timedelta(days=1)), "since:yesterday"),
        ("since:2025-09-01", HistoryQuery(since=datetime(2025, 9, 1, 4, tzinfo=UTC)), None),
        ("since:2025-01-01", HistoryQuery(since=datetime(2025, 1, 1, 5, tzinfo=UTC)), None),
        ("last 20", HistoryQuery(limit=20), "last 20"),
        ("last   20", HistoryQuery(limit=20), "last 20"),
        ("last:1000", HistoryQuery(limit=1000), "last 1000"),
        ("last 1", HistoryQuery(limit=1), "last 1"),
        (
            "  OKLO rule:r since:1d\tlast 3 ",
            HistoryQuery(ticker="OKLO", rule="r", since=NOW - timedelta(days=1), limit=3),
            "ticker:OKLO rule:r since:1d last 3",
        ),
    ],
)
def test_a_question_is_understood_and_said_again(
    text: str, query: HistoryQuery, said: str | None
) -> None:
    assert read_query(text, now=NOW) == (query, said or text)


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("oklo", "I do not know 'oklo'", "a ticker is written in capitals"),
        ("TOOLONGX", "I do not know 'TOOLONGX'", "try: OKLO since:90d, rule:ID, last 20"),
        ("last", "I do not know 'last'", "last 20"),
        ("tickr:OKLO", "I do not know 'tickr:'", "did you mean 'ticker'?"),
        ("min:$1m", "I do not know 'min:'", "there are: ticker, rule, since, last"),
        (":OKLO", "I do not know ':'", "there are: ticker, rule, since, last"),
        ("ticker:", "'ticker:' needs a value", "such as ticker:OKLO"),
        ("rule:", "'rule:' needs a value", "such as rule:large-officer-sale"),
        ("since:", "'since:' needs a value", "such as since:90d or since:2025-09-01"),
        ("last:", "'last:' needs a value", "such as last 20"),
        ("OKLO SMR", "'ticker' is there twice", "give it once"),
        ("since:1d since:2d", "'since' is there twice", "give it once"),
        ("last 3 last 4", "'last' is there twice", "give it once"),
        ("since:soon", "'soon' is no date I know", "try since:90d, since:2025-09-01"),
        ("since:2025-13-01", "'2025-13-01' is no date I know", "try since:90d"),
        ("since:3m", "3min or 3mo?", "units: min h d w mo y"),
        ("since:99999999d", "a span lies between 1s and 60y", "try since:90d"),
        ("since:9999y", "a span lies between 1mo and 60y", "try since:90d"),
        ("last 0", "'last 0' is no number of alerts", "last 1 to last 1000"),
        ("last 1001", "'last 1001' is no number of alerts", "last 1 to last 1000"),
        ("last -1", "'last -1' is no number of alerts", "last 1 to last 1000"),
        ("last 20d", "'last 20d' is no number of alerts", "last 1 to last 1000"),
        ("last week", "'last week' is no number of alerts", "last 1 to last 1000"),
    ],
)
def test_a_mistake_is_told_with_its_mend(text: str, what: str, mend: str) -> None:
    with pytest.raises(QueryError) as raised:
        read_query(text, now=NOW)

    assert what in raised.value.what
    assert mend in raised.value.mend


@given(st.text(max_size=40) | st.from_regex(r"(ticker|rule|since|last)[: ]\S{0,12}"))
def test_any_text_is_a_question_or_a_mistake_that_is_told(text: str) -> None:
    with suppress(QueryError):
        query, said = read_query(text, now=NOW)
        assert read_query(said, now=NOW)[0] == query
