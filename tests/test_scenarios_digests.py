"""Scenarios of digests, by their ids, and of what is told after a quiet time.

Of table D6 these rows are held here: 1 and 2 (a digest begins with an alert, not without one), 3
(of a changed group what is new is told), 5 (an unchanged one is not told again) and 8 (what ends is
told to nobody).  The others ask for what there is not: row 4 for an entry without a time, which no
stored message is; 6 for a reminder while something lasts, since each alert is told once; 7 and 9 to
11 for messages that something has ended, since an alert is an event and has no end.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.routes import AfterFirst, Daily, Digest, QuietTime, Routes, Way
from bot.routes.week import EVERY_DAY, read_clock, read_days
from bot.store import Delivery
from tests.builders import a_rule, instant
from tests.routed import Routed

NEW_YORK = ZoneInfo("America/New_York")
NIGHT = QuietTime(name="night", begins=22 * 60, ends=7 * 60, zone=NEW_YORK)
WEEKEND = QuietTime(name="weekend", days=read_days("sat,sun"), zone=NEW_YORK)


def every(text: str) -> AfterFirst:
    unit = {"s": "seconds", "min": "minutes"}[text.lstrip("0123456789")]
    return AfterFirst(span=timedelta(**{unit: int(text.rstrip("smin"))}), text=text)


def a_bot(
    digest: Digest | None = None,
    *,
    start: str = "2025-09-02 12:00 ET",
    by: str | None = None,
    quiet: tuple[QuietTime, ...] = (),
    path: Path | None = None,
    stale_after: timedelta | None = None,
    rule: str = "",
) -> Routed:
    """One rule that tells each trade of a ticker, and one route that all its alerts take."""
    way = Way(number=1, digest=digest, digest_by=by, quiet=quiet)
    return Routed(a_rule(rule, message='"{id}"'), start=start, path=path, stale_after=stale_after,
                  route=Routes(channel="#a", ways=[way]))  # fmt: skip


def digests(bot: Routed) -> list[tuple[str, str, list[str]]]:
    """Time in New York, headline and alerts of each post; what is told alone has no headline."""
    return [
        (f"{at.astimezone(NEW_YORK):%H:%M:%S}", "alone", [card.text])
        if card.is_alert
        else (f"{at.astimezone(NEW_YORK):%H:%M:%S}", card.headlines[0],
              [line.text for line in card.lines])
        for at, _, card in bot.posts.timed
    ]  # fmt: skip


def pass_time(bot: Routed, until: float, step: float = 1) -> None:
    """Look at the outbox each so many seconds, as the resident bot does."""
    end = bot.start + timedelta(seconds=until)
    while bot.now + timedelta(seconds=step) <= end:
        bot.now += timedelta(seconds=step)
        bot.run()


def at_clock(bot: Routed, clock: str, *names: str, **values: str) -> None:
    """Trades that become known at a time of the day of the start, in New York."""
    hours = [int(part) for part in clock.split(":")]
    day = bot.start.astimezone(NEW_YORK).replace(hour=0, minute=0, second=0)
    then = day + timedelta(hours=hours[0], minutes=hours[1], seconds=hours[2])
    pass_time(bot, (then - bot.start).total_seconds())
    bot.see(*(bot.trade(name, **values) for name in names))


# Digests from the first alert on.


def test_g1_alerts_within_a_digest_are_told_in_one_message_at_its_end() -> None:
    bot = a_bot(every("1s"))

    bot.at(1.1).see(bot.trade("first"))
    bot.at(1.7).see(bot.trade("second"))
    pass_time(bot, 2.0, step=0.1)
    assert digests(bot) == []
    pass_time(bot, 9, step=0.1)

    assert digests(bot) == [("12:00:02", "Digest of 1s: 2 alerts", ["first", "second"])]
    assert bot.posts.timed[0][0] == bot.start + timedelta(seconds=2.1)


def test_g2_the_next_digest_lists_what_is_new_alone_with_the_total_of_the_day() -> None:
    bot = a_bot(every("1s"))
    bot.at(1.1).see(bot.trade("a"), bot.trade("b"))
    pass_time(bot, 3.2, step=0.1)

    bot.at(3.3).see(*(bot.trade(name) for name in "cde"))
    pass_time(bot, 30, step=0.1)

    first, second = digests(bot)
    assert first[1:] == ("Digest of 1s: 2 alerts", ["a", "b"])
    assert second[1:] == ("Digest of 1s: 3 alerts, 5 today", ["c", "d", "e"])


def test_g2_the_total_begins_anew_with_the_day_in_new_york() -> None:
    bot = a_bot(every("1s"), start="2025-09-02 23:59:50 ET")
    bot.see(bot.trade("a"), bot.trade("b"))
    pass_time(bot, 60)
    bot.see(bot.trade("c"), bot.trade("d"))
    pass_time(bot, 70)

    assert [headline for _, headline, _ in digests(bot)] == ["Digest of 1s: 2 alerts"] * 2


def test_g3_a_digest_closes_ten_minutes_after_its_first_alert() -> None:
    bot = a_bot(every("10min"), start="2025-09-02 12:34:00 ET")

    for name, clock in (("a", "12:34:45"), ("b", "12:40:45"), ("c", "12:47:45")):
        at_clock(bot, clock, name)
    pass_time(bot, 3600)

    assert [(at, lines) for at, _, lines in digests(bot)] == [
        ("12:44:45", ["a", "b"]),
        ("12:57:45", ["c"]),
    ]


@pytest.mark.parametrize("together", [False, True])
def test_g3_a_digest_is_the_same_however_its_alerts_were_batched(together: bool) -> None:
    bot = a_bot(every("10min"))

    facts = [bot.trade(name) for name in "abc"]
    for batch in [facts] if together else [[fact] for fact in facts]:
        bot.see(*batch)
    pass_time(bot, 700, step=10)

    assert [lines for _, _, lines in digests(bot)] == [["a", "b", "c"]]


@pytest.mark.parametrize(
    ("day", "told_at"),
    [
        ("2025-03-07", "2025-03-07 21:30"),
        ("2025-03-08", "2025-03-08 21:30"),
        ("2025-03-09", "2025-03-09 20:30"),
        ("2025-03-10", "2025-03-10 20:30"),
        ("2025-11-01", "2025-11-01 20:30"),
        ("2025-11-02", "2025-11-02 21:30"),
        ("2025-11-03", "2025-11-03 21:30"),
    ],
)
def test_g4_a_daily_digest_is_told_at_its_local_time_over_both_changes_of_the_clocks(
    day: str, told_at: str
) -> None:
    bot = a_bot(Daily(at=read_clock("16:30"), zone=NEW_YORK), start=f"{day} 09:00 ET")
    bot.see(bot.trade("morning"), bot.trade("noon"))

    pass_time(bot, 8 * 3600, step=60)
    bot.see(bot.trade("evening"))
    pass_time(bot, 9 * 3600, step=60)

    assert digests(bot) == [("16:30:00", "Digest of 16:30: 2 alerts", ["morning", "noon"])]
    assert f"{bot.posts.timed[0][0]:%Y-%m-%d %H:%M}" == told_at


def test_g4_a_digest_of_some_days_waits_over_the_others() -> None:
    daily = Daily(at=read_clock("16:30"), days=read_days("mon-fri"), zone=NEW_YORK)
    bot = a_bot(daily, start="2025-09-05 16:30 ET")  # a Friday, at that very instant
    bot.see(bot.trade("a"), bot.trade("b"))

    pass_time(bot, 3 * 86_400, step=1800)

    assert bot.posts.timed[0][0] == instant("2025-09-08 16:30 ET")
    assert digests(bot)[0][1] == "Digest of mon-fri 16:30: 2 alerts"


def test_g5_a_digest_by_ticker_is_one_for_each() -> None:
    bot = a_bot(every("10min"), by="ticker", start="2025-09-02 12:34:00 ET")

    for name, ticker, clock in (("1", "K1", "12:34:45"), ("2", "K2", "12:40:45"),
                                ("3", "K1", "12:43:45")):  # fmt: skip
        at_clock(bot, clock, name, ticker=ticker)
    pass_time(bot, 3600)

    assert digests(bot) == [
        ("12:44:45", "K1, digest of 10min: 2 alerts", ["1", "3"]),
        ("12:50:45", "alone", ["2"]),
    ]


def test_g5_a_digest_by_rule_is_one_for_each() -> None:
    rules = [a_rule(id=name, message='"{id}"') for name in ("one", "two")]
    way = Way(digest=every("10min"), digest_by="rule")
    bot = Routed(*rules, route=Routes(channel="#a", ways=[way]))

    bot.see(bot.trade("x"), bot.trade("y"))
    pass_time(bot, 700, step=10)

    assert [headline for _, headline, _ in digests(bot)] == [
        "one, digest of 10min: 2 alerts",
        "two, digest of 10min: 2 alerts",
    ]


def refusing(bot: Routed, step: Callable[[], object]) -> None:
    """Take a step while the store refuses every write."""
    connection = bot.store._connections.connection
    connection.execute("PRAGMA query_only=ON")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        step()
    connection.execute("PRAGMA query_only=OFF")


def test_g6_a_store_that_refuses_writes_while_a_digest_collects_loses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    bot = a_bot(every("1s"), path=tmp_path / "bot.db")
    bot.see(bot.trade("a"))
    bot.store.facts.add([bot.arrival("b")])
    refusing(bot, bot.judge.tick)

    bot.run()
    bot.at(2)
    refusing(bot, bot.outgoing.deliver)
    bot.restart()
    pass_time(bot, 60)

    assert [lines for _, _, lines in digests(bot)] == [["a", "b"]]


# When a group is told again.


def test_d6_a_digest_is_told_where_something_is_new_and_not_where_nothing_is() -> None:
    bot = a_bot(every("1s"))

    pass_time(bot, 10)
    assert digests(bot) == []  # row 2: nothing before, nothing now

    bot.see(*(bot.trade(name) for name in "234"))
    pass_time(bot, 20)
    assert [lines for _, _, lines in digests(bot)] == [["2", "3", "4"]]  # row 1


def test_d6_of_a_group_that_has_changed_what_is_new_is_told() -> None:
    bot = a_bot(every("1s"))
    bot.see(*(bot.trade(name) for name in "123"))
    pass_time(bot, 5)

    bot.see(*(bot.trade(name) for name in "34"), *(bot.trade(name) for name in "2"))
    pass_time(bot, 10)

    assert [lines for _, _, lines in digests(bot)] == [["1", "2", "3"], ["4"]]  # row 3


@pytest.mark.parametrize("minutes", [9, 11])
def test_d6_an_unchanged_group_is_not_told_again(minutes: int) -> None:
    bot = a_bot(every("1s"))
    bot.see(*(bot.trade(name) for name in "123"))
    pass_time(bot, 5)

    pass_time(bot, minutes * 60, step=10)
    bot.restart() if bot.store.path else bot.wire()
    bot.see(*(bot.trade(name) for name in "123"))
    pass_time(bot, minutes * 60 + 10)

    assert len(digests(bot)) == 1  # row 5, and no reminder after row 6


def test_d6_what_ends_is_told_to_nobody() -> None:
    rule = a_rule("let: {n: {count: events, over: 5min}}\nwhen: n >= 2", fire="rise",
                  message='"{ticker} {n}"')  # fmt: skip
    bot = Routed(rule, route=Routes(channel="#a", ways=[Way(digest=every("1s"))]))
    bot.see(bot.trade("a"), bot.trade("b"))
    pass_time(bot, 5)

    bot.at(900).see(bot.trade("c"))  # one within five minutes: it holds no more
    pass_time(bot, 920)

    assert [lines for _, _, lines in digests(bot)] == [["OKLO 2"]]  # row 8


# Quiet times.


def test_what_was_held_in_a_quiet_time_is_told_at_its_end_in_one_digest() -> None:
    bot = a_bot(quiet=(NIGHT, WEEKEND), start="2025-09-05 21:59 ET")
    bot.see(bot.trade("before"))
    for hour in (1, 3, 20, 40, 50):
        bot.at(hour * 3600).see(bot.trade(f"after {hour} hours"))

    pass_time(bot, 58 * 3600, step=60)
    bot.see(bot.trade("then"))

    assert [text for _, text in bot.told()] == [
        "before",
        "While quiet (night, weekend): 5 alerts",
        "then",
    ]
    at, _, card = bot.posts.timed[1]
    assert at == instant("2025-09-08 07:00 ET")
    assert [line.text for line in card.lines] == [
        f"after {hour} hours" for hour in (1, 3, 20, 40, 50)
    ]


def test_what_is_critical_is_told_in_a_quiet_time() -> None:
    bot = a_bot(quiet=(NIGHT,), start="2025-09-05 23:00 ET", rule="severity: critical")

    bot.see(bot.trade("grave"))

    assert bot.told() == [("#a", "grave")]


def test_what_is_held_survives_a_restart_and_is_told_once(tmp_path: Path) -> None:
    bot = a_bot(quiet=(NIGHT,), start="2025-09-05 23:00 ET", path=tmp_path / "bot.db")
    bot.see(bot.trade("a"))

    bot.restart()
    pass_time(bot, 7 * 3600, step=600)
    assert bot.told() == []
    bot.restart()
    pass_time(bot, 10 * 3600, step=600)
    bot.restart()
    bot.run()

    assert bot.told() == [("#a", "a")]
    assert bot.posts.cards[0].lines  # its full card


def test_what_is_critical_and_held_is_told_alone_beside_the_digest() -> None:
    rules = [
        a_rule("severity: critical", id="grave", message='"grave {id}"'),
        a_rule(id="plain", message='"{id}"'),
    ]
    bot = Routed(*rules, route=Routes(channel="#a", ways=[Way(digest=every("1s"))]))

    bot.see(bot.trade("a"), bot.trade("b"))
    pass_time(bot, 5)

    assert sorted(text for _, text in bot.told()) == [
        "Digest of 1s: 2 alerts",
        "grave a",
        "grave b",
    ]


def test_what_was_told_alone_counts_in_the_total_of_the_day() -> None:
    bot = a_bot(every("1s"))
    bot.see(bot.trade("a"))
    pass_time(bot, 5)
    bot.see(bot.trade("b"), bot.trade("c"))
    pass_time(bot, 10)

    assert [headline for _, headline, _ in digests(bot)] == [
        "alone", "Digest of 1s: 2 alerts, 3 today",
    ]  # fmt: skip


def test_what_is_too_old_waits_for_the_end_of_a_quiet_time_too() -> None:
    bot = a_bot(quiet=(NIGHT,), start="2025-09-05 23:00 ET", stale_after=timedelta(hours=1))
    old = replace(bot.trade("old"), known_at=bot.now - timedelta(days=1))

    bot.see(old, bot.trade("new"))
    pass_time(bot, 9 * 3600, step=600)

    assert bot.told() == [("#a", "While quiet (night): 2 alerts")]
    assert bot.posts.timed[0][0] == instant("2025-09-06 07:00 ET")


def test_what_is_over_the_cap_is_told_when_its_day_has_ended_or_the_night_after_it() -> None:
    bot = a_bot(quiet=(NIGHT,), start="2025-09-05 12:00 ET", rule="max_per_day: 1")

    bot.see(bot.trade("a"), bot.trade("b"), bot.trade("c"))
    pass_time(bot, 86_400, step=600)

    assert [text for _, text in bot.told()] == ["a", "Over the daily cap: 2 alerts more"]
    assert bot.posts.timed[1][0] == instant("2025-09-06 07:00 ET")


def test_a_held_alert_keeps_no_other_waiting() -> None:
    ways = [Way(tickers=frozenset({"A"}), digest=every("10min")), Way()]
    bot = Routed(a_rule(message='"{ticker}"'), route=Routes(channel="#a", ways=ways))

    bot.see(bot.trade("1", ticker="A"), bot.trade("2", ticker="B"))

    assert bot.told() == [("#a", "B")]
    assert [each.state for each in bot.store.outbox.all()] == [Delivery.DIGEST, Delivery.SENT]


def test_digests_of_two_channels_are_told_apart() -> None:
    way = Way(to=("#a", "#b"), digest=every("1s"))
    bot = Routed(a_rule(message='"{id}"'), route=Routes(channel="#x", ways=[way]))

    bot.see(bot.trade("a"), bot.trade("b"))
    bot.at(5).run()

    assert bot.told() == [("#a", "Digest of 1s: 2 alerts"), ("#b", "Digest of 1s: 2 alerts")]


def test_quiet_times_of_another_zone_go_by_its_clocks() -> None:
    sydney = replace(NIGHT, zone=ZoneInfo("Australia/Sydney"), days=EVERY_DAY)
    bot = a_bot(quiet=(sydney,), start="2025-09-02 09:00 ET")  # 23:00 there

    bot.see(bot.trade("a"))

    assert bot.told() == []
