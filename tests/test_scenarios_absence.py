"""After hours in which no bot ran: what is told says so, and since when it was known."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.clock import to_ms
from bot.config import load_config
from bot.facts import Fact, source_poll
from bot.running import resident_bot
from bot.store import Absence, Arrival, Store
from tests.builders import a_rule, a_trade, instant
from tests.collect.bots import RULES
from tests.processes import write_config
from tests.routed import Routed

LAST_POLL = "2026-03-09 09:30 ET"
BACK = "2026-03-09 13:00 ET"


def returned(*, message: str = '"{id}"', **more: Any) -> Routed:
    """A bot that looked at EDGAR until half past nine, and starts again at one."""
    bot = Routed(a_rule(message=message), start=LAST_POLL, **more)
    bot.see(a_poll(LAST_POLL))
    bot.at((instant(BACK) - instant(LAST_POLL)).total_seconds())
    bot.posts.spacing = timedelta(seconds=1)
    bot.store.collection.come_back(bot.now)
    bot.wire()
    return bot


def a_poll(at: str) -> Fact:
    return source_poll("edgar", instant(at), ok=True, items=0, lag_seconds=None, error=None)


def sale(number: int, known: str) -> Fact:
    return replace(a_trade(id=f"s{number}", ticker=f"Z{number}"), known_at=instant(known))


def see(bot: Routed, *facts: Fact) -> None:
    """Judged together, as after an absence, then delivered."""
    bot.store.facts.add([Arrival(fact=fact, seen_at=to_ms(bot.now)) for fact in facts])
    for _ in range(5):
        bot.run()
        bot.now += timedelta(seconds=1)


def test_a_crowd_of_the_time_away_is_told_with_that_time_and_the_times_of_its_alerts() -> None:
    bot = returned()

    see(bot, *[sale(n, f"2026-03-09 {10 + n // 6}:{n % 6}0 ET") for n in range(12)])

    ((_, _, digest),) = bot.posts.timed
    assert digest.headlines == (
        "The bot was away from Mar 09 09:30 to 13:00 ET: 12 alerts in 1 h 50 min",
    )
    assert [line.label.partition(" · ")[2] for line in digest.lines] == [
        f"Mar 09 {10 + n // 6}:{n % 6}0 ET" for n in range(12)
    ]


def test_what_is_too_old_after_an_absence_is_told_with_the_times() -> None:
    bot = returned(stale_after=timedelta(hours=1))

    see(bot, sale(1, "2026-03-09 10:05 ET"), sale(2, "2026-03-09 11:10 ET"))

    ((_, _, digest),) = bot.posts.timed
    assert digest.headlines == (
        "The bot was away from Mar 09 09:30 to 13:00 ET: 2 alerts, too old to tell one by one",
    )
    labels = [line.label.partition(" · ")[2] for line in digest.lines]
    assert labels == ["Mar 09 10:05 ET", "Mar 09 11:10 ET"]


def test_what_came_late_without_an_absence_is_not_laid_to_one() -> None:
    bot = returned(stale_after=timedelta(hours=1))

    see(bot, sale(1, "2026-03-09 08:05 ET"), sale(2, "2026-03-09 09:10 ET"))

    ((_, _, digest),) = bot.posts.timed
    assert digest.headlines == ("2 alerts, too old to tell one by one",)


def test_an_alert_told_by_itself_after_an_absence_says_since_when_it_was_known() -> None:
    bot = returned()

    see(bot, sale(1, "2026-03-09 09:20 ET"), sale(2, "2026-03-09 10:20 ET"))
    see(bot, replace(sale(3, BACK), known_at=bot.now))

    assert [card.marks for _, _, card in bot.posts.timed] == [
        (), ("known since Mar 09 10:20 ET, while the bot was away",), (),
    ]  # fmt: skip


def test_what_became_known_minutes_before_it_is_told_is_not_called_late() -> None:
    bot = returned()

    see(bot, sale(1, "2026-03-09 12:57 ET"))

    assert [card.marks for _, _, card in bot.posts.timed] == [()]


def test_an_absence_of_days_is_told_with_both_days() -> None:
    bot = returned()
    bot.now = instant("2026-03-11 08:00 ET")
    bot.store.collection.come_back(bot.now)

    see(bot, *[sale(n, f"2026-03-10 10:{n + 10} ET") for n in range(11)])

    ((_, _, digest),) = bot.posts.timed
    assert digest.headlines[0].startswith(
        "The bot was away from Mar 09 09:30 to Mar 11 08:00 ET: 11 alerts"
    )


@pytest.mark.parametrize("polled", [None, "2026-03-09 12:56 ET"])
def test_a_first_start_and_a_short_break_are_no_absence(polled: str | None) -> None:
    store = Store(None)
    if polled:
        store.facts.add([Arrival(fact=a_poll(polled), seen_at=to_ms(instant(polled)))])

    store.collection.come_back(instant(BACK))

    assert store.collection.last_absence() is None


def test_a_start_soon_after_an_absence_leaves_what_is_known_of_it() -> None:
    bot = returned()
    before = bot.store.collection.last_absence()
    bot.see(a_poll(BACK))

    bot.store.collection.come_back(bot.now + timedelta(seconds=20))

    assert before is not None
    assert bot.store.collection.last_absence() == before


def test_a_start_notes_since_when_the_bot_was_away(tmp_path: Path) -> None:
    config = load_config(write_config(tmp_path / "bot.toml", "http://127.0.0.1:9"))
    (tmp_path / "rules.yaml").write_text(RULES)
    with closing(Store(config.store.path)) as store:
        store.facts.add([Arrival(fact=a_poll(LAST_POLL), seen_at=to_ms(instant(LAST_POLL)))])

    with resident_bot(config, console=Console(quiet=True), clock=lambda: instant(BACK)):
        pass

    with closing(Store(config.store.path)) as store:
        absence = store.collection.last_absence()
    assert absence == Absence(since=instant(LAST_POLL), until=instant(BACK))
