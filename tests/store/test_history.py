"""Past alerts: which are asked for, in which order, and what became of their messages."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.judge import Judge
from bot.routes import Routes, everything_to
from bot.store import Delivery, NewMessage, PastAlert
from bot.store.query import Query, Term
from tests.builders import NOW, Line, a_rule, a_trade, instant

LAG = timedelta(seconds=20)
"""From the publication of a filing to the decision on it."""


@pytest.fixture
def line() -> Line:
    """Five sales of two tickers on five days; the last is too small for one of two rules."""
    rules = (a_rule(id="large"), a_rule(id="all", when="value_usd >= $1", to='"#b"'))
    line, now = Line(), [NOW]
    line.judge = Judge(line.store, rules, clock=lambda: now[0], route=Routes(channel="#a"))
    for day, ticker, value in (
        ("2025-09-01", "OKLO", 200_000_000),
        ("2025-09-02", "SMR", 200_000_000),
        ("2025-09-03", "OKLO", 200_000_000),
        ("2025-09-04", "OKLO", 500),
    ):
        now[0] = instant(day) + LAG
        line.see(a_trade(day, ticker=ticker, value_usd=value))
    return line


def said(since: datetime | None = None, limit: int | None = None, **fields: str) -> Query:
    terms: list[Any] = [Term(field=name, values=(value,)) for name, value in fields.items()]
    terms += [Term(field="on", low=since)] if since else []
    return Query(terms=tuple(terms), limit=limit)


def asked(line: Line, query: Query) -> list[tuple[str, str, str | None]]:
    """Day, rule and ticker of each alert."""
    return [
        (f"{alert.fired_at:%d}", alert.rule, alert.ticker)
        for alert in line.store.history.search(query).alerts
    ]


def the(line: Line, query: Query) -> PastAlert:
    (alert,) = line.store.history.search(query).alerts
    return alert


def test_the_newest_come_first_and_only_those_that_fired(line: Line) -> None:
    assert asked(line, said()) == [
        ("04", "all", "OKLO"),
        ("03", "all", "OKLO"),
        ("03", "large", "OKLO"),
        ("02", "all", "SMR"),
        ("02", "large", "SMR"),
        ("01", "all", "OKLO"),
        ("01", "large", "OKLO"),
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (said(ticker="SMR"), 2),
        (said(ticker="SMR", rule="all"), 1),
        (said(rule="large"), 3),
        (said(since=instant("2025-09-03") + LAG), 3),
        (said(since=instant("2025-09-03") + LAG + timedelta(milliseconds=1)), 1),
        (said(ticker="OKLO", since=instant("2025-09-02")), 3),
        (said(limit=2), 2),
        (said(ticker="AAPL"), 0),
    ],
)
def test_all_that_is_given_must_hold(line: Line, query: Query, count: int) -> None:
    assert len(asked(line, query)) == count


def test_an_alert_carries_its_message_and_where_slack_keeps_it(line: Line) -> None:
    query = said(rule="large", ticker="SMR")
    (message,) = [m for m in line.store.outbox.all() if m.message_id == the(line, query).id]
    assert (the(line, query).status, the(line, query).ts) == ("pending", None)

    line.store.outbox.settle(message, Delivery.SENT, at=NOW, place="C1", ts="1.000001")

    alert = the(line, query)
    assert (alert.status, alert.channel, alert.place, alert.ts) == ("sent", "#a", "C1", "1.000001")
    assert (alert.severity, alert.fate, alert.kind) == ("notice", "fired", "insider_trade")
    assert alert.message == "SMR"


def test_an_alert_without_a_channel_has_no_status() -> None:
    line = Line()
    line.judge = Judge(line.store, [a_rule()], clock=lambda: NOW, route=everything_to())
    line.see(a_trade())

    assert the(line, said()).status is None


def test_an_alert_fired_when_the_bot_decided_and_has_its_place_in_time_beside_that(
    line: Line,
) -> None:
    alert = the(line, said(rule="large", ticker="SMR"))

    assert alert.fired_at == instant("2025-09-02") + LAG
    assert alert.judged_at == instant("2025-09-02")


@pytest.mark.parametrize("channel", ["#a", "a", "C1", "#C1"])
def test_a_channel_is_asked_for_by_its_name_or_its_id_with_the_same_answer(
    line: Line, channel: str
) -> None:
    """One message went out, the others wait and know only the name."""
    first, *waiting = [m for m in line.store.outbox.all() if m.channel == "#a"]
    line.store.outbox.settle(first, Delivery.SENT, at=NOW, place="C1", ts="1.000001")

    query = Query(terms=(Term(field="in", values=(channel,)),))
    assert len(asked(line, query)) == len([first, *waiting]) > 1


def test_an_alert_told_in_a_digest_is_where_slack_keeps_the_digest(line: Line) -> None:
    query = said(rule="large", ticker="SMR")
    (told,) = [m for m in line.store.outbox.all() if m.message_id == the(line, query).id]
    digest = NewMessage(
        message_id=-told.message_id, channel="#a", created_at=1, text="t", card="{}"
    )
    line.store.outbox.add_digest(digest, [told.id])
    assert (the(line, query).status, the(line, query).ts) == ("digest", None)

    (waiting,) = [m for m in line.store.outbox.all() if m.message_id < 0]
    line.store.outbox.settle(waiting, Delivery.SENT, at=NOW, place="C1", ts="1.000002")

    alert = the(line, query)
    assert (alert.status, alert.channel, alert.place, alert.ts) == (
        "digest",
        "#a",
        "C1",
        "1.000002",
    )
