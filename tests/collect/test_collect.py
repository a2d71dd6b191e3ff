"""Collecting from an EDGAR on loopback: nothing missed, nothing twice, all in order."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import to_ms
from bot.collect import Watch
from bot.config import load_config
from bot.edgar_desk import edgar_client, watch_of
from bot.errors import BotError, ConfigError, SourceUnavailable
from bot.facts import SOURCE_POLL
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.edgar_market import Delays, SandboxMarket
from tests.collect.bots import MARKET, Live
from tests.collect.worlds import World, a_world, kept, new_ones
from tests.markets import some_filings
from tests.processes import write_config

_TOLD_OTHERWISE = (FaultKind.UNDECLARED, FaultKind.BLOCKED, FaultKind.FORMLESS)
"""Faults after which nothing is asked for a while, or until the configuration is mended, and one
that leaves the filing to the index of the day, and says so."""


def decided(bot: Live) -> list[tuple[object, ...]]:
    names = ("rule", "key", "fact_id", "at", "fate", "message")
    return sorted(tuple(each[name] for name in names) for each in bot.store.decisions.all())


def polls(bot: Live) -> list[tuple[object, object]]:
    rows = bot.store.facts.select(SOURCE_POLL, limit=1_000)
    return [(row["ok"], row["items"]) for row in reversed(rows)]


def test_the_first_poll_is_quiet_and_what_comes_after_it_is_not(world: World) -> None:
    bot = world.bot()

    bot.poll()
    assert kept(bot) == {f.accession for f in world.filings if f.accepted_at <= world.clock()}
    assert {each["fate"] for each in bot.store.decisions.all()} == {"quiet"}
    world.play(world.end, bot)

    assert kept(bot) == {each.accession for each in world.filings}
    assert bot.channel.cards
    assert len({card.alert_id for card in bot.channel.cards}) == len(bot.channel.cards)


def watch_or_raise(answers: list[Watch | BotError]) -> Watch:
    """The first of the answers, the last one for ever."""
    answer = answers.pop(0) if len(answers) > 1 else answers[0]
    if isinstance(answer, BotError):
        raise answer
    return answer


@pytest.mark.parametrize("watched", [False, True])
def test_what_is_accepted_between_the_first_start_and_the_first_answered_look_is_news(
    world: World, watched: bool
) -> None:
    bot = world.bot()
    answers: list[Watch | BotError] = [MARKET]
    if watched:
        answers.insert(0, SourceUnavailable("no answer", where="tickers", mend="none"))
    else:
        world.edgar.faults.add(FaultKind.OTHER_ROOT, path="getcurrent", times=1)
    bot.collector._watching = lambda: watch_or_raise(answers)
    started = world.clock()
    with pytest.raises(BotError):
        bot.collector.poll()

    world.clock.move_to(world.filings[45].accepted_at + timedelta(minutes=5))
    bot.poll()

    fates = {(each["at"] > to_ms(started), each["fate"]) for each in bot.store.decisions.all()}
    assert {(False, "quiet"), (True, "fired")} <= fates
    assert (True, "quiet") not in fates
    assert {each.since for each in bot.store.collection.coverage()} == {started}


def test_every_poll_leaves_a_fact_of_how_it_went(world: World) -> None:
    bot = world.bot()
    bot.poll()
    world.clock.advance(timedelta(seconds=30))
    bot.poll()
    world.clock.advance(timedelta(seconds=30))
    world.edgar.faults.add(FaultKind.OTHER_ROOT, path="getcurrent", times=None)

    with pytest.raises(BotError):
        bot.collector.poll()

    assert [ok for ok, _ in polls(bot)] == [1, 1, 0]
    assert bot.store.facts.select(SOURCE_POLL, limit=1)[0]["error"]


def test_after_an_outage_of_days_nothing_is_missing_and_the_rules_saw_it_in_order(
    world: World, tmp_path: Path
) -> None:
    calm, broken = world.bot(), world.bot(tmp_path / "bot.db")
    world.play(world.clock() + timedelta(hours=2), calm, broken)
    broken.close()

    world.play(world.end + timedelta(days=1), calm)
    again = world.bot(tmp_path / "bot.db")
    again.poll()

    assert kept(again) == kept(calm) == {each.accession for each in world.filings}
    assert decided(again) == decided(calm)
    (digest,) = [card for card in again.channel.cards if card.rule == "digest"]
    told = {line.text for line in digest.lines}
    assert told & {card.text for card in calm.channel.cards}


def test_an_outage_within_the_reach_of_the_feed_is_told_alert_by_alert(
    world: World, tmp_path: Path
) -> None:
    calm, broken = world.bot(), world.bot(tmp_path / "bot.db")
    world.play(world.clock() + timedelta(hours=1), calm, broken)
    broken.close()
    world.play(world.clock() + timedelta(hours=6), calm)

    again = world.bot(tmp_path / "bot.db")
    again.poll()

    assert decided(again) == decided(calm)
    assert not [card for card in again.channel.cards if card.rule == "digest"]


def test_only_the_watched_issuers_are_kept_and_the_others_are_not_asked_for_again(
    world: World,
) -> None:
    cik = world.filings[0].company.cik
    bot = world.bot(watch=Watch(ciks=frozenset({cik})))
    world.play(world.end, bot)
    asked = len(world.edgar.requests)

    bot.poll()

    assert kept(bot) == {each.accession for each in world.filings if each.company.cik == cik}
    assert len(world.edgar.requests) - asked <= 2


@pytest.mark.parametrize("watched", ["BRK.B", "brk-b", "BRKB"])
def test_a_share_class_is_watched_however_it_is_written(tmp_path: Path, watched: str) -> None:
    symbols = {"BRK.B": 1, "BRK-B": 1, "BRKB": 1, "brk.b": 1, "OTHER": 2}
    filings = [
        replace(filing, company=replace(filing.company, cik=f"000970000{n}", ticker=symbol))
        for filing, (symbol, n) in zip(some_filings(5), symbols.items(), strict=True)
    ]
    clock = SandboxClock(start=filings[-1].accepted_at + timedelta(hours=1), speed=0)
    with SandboxEdgar(SandboxMarket.of(filings), clock) as edgar:
        edgar_lines = f'contact = "Test test@example.org"\nwatch = ["{watched}"]'
        config = load_config(write_config(tmp_path / "bot.toml", edgar.url, edgar=edgar_lines))
        with edgar_client(config, None) as client:
            watch = watch_of(config, client)
        bot = Live(edgar.url, clock, None, watch)
        bot.poll()

        assert config.edgar.watch in (("BRK-B",), ("BRKB",))
        assert kept(bot) == {filing.accession for filing in filings[:4]}
        bot.close()


def test_a_filing_that_is_not_there_yet_is_fetched_by_a_later_poll() -> None:
    with a_world(Delays(text=timedelta(seconds=30))) as world:
        bot = world.bot()
        bot.poll()
        new = next(each for each in world.filings if each.accepted_at > world.clock())
        world.clock.move_to(new.accepted_at + timedelta(seconds=5))
        bot.poll()
        assert new.accession not in kept(bot)
        assert bot.store.collection.pending("edgar")

        world.clock.advance(timedelta(minutes=2))
        bot.poll()

        assert new.accession in kept(bot)
        assert bot.store.collection.pending("edgar") == []


@pytest.mark.parametrize("path", ["getcurrent", ".txt"])
def test_an_undeclared_tool_asks_no_more_and_tells_the_mend_at_every_poll(
    world: World, path: str
) -> None:
    bot = world.bot()
    bot.poll()
    new_ones(world, 1)
    world.edgar.faults.add(FaultKind.UNDECLARED, path=path)
    with suppress(BotError):
        bot.poll()
    asked = len(world.edgar.requests)

    for _ in range(3):
        world.clock.advance(timedelta(hours=1))
        with pytest.raises(ConfigError):
            bot.poll()

    assert len(world.edgar.requests) == asked
    for row in bot.store.facts.select(SOURCE_POLL, limit=4):
        assert row["ok"] == 0
        assert "undeclared automated tool" in str(row["error"])
        assert "mend: name yourself" in str(row["error"])


def test_a_run_with_random_faults_keeps_every_filing_once(world: World) -> None:
    bot, calm = world.bot(), world.bot()
    calm.poll()
    bot.poll()
    world.edgar.faults.at_random(0.2, seed=3)

    while world.clock() < world.end + timedelta(hours=3):
        world.clock.advance(timedelta(hours=1))
        with suppress(BotError):
            bot.poll()
    world.edgar.faults.clear()
    bot.poll()
    calm.poll()

    assert kept(bot) == {each.accession for each in world.filings}
    assert len(bot.store.decisions.all()) == len(
        {(d["rule"], d["key"], d["fact_id"]) for d in bot.store.decisions.all()}
    )


@pytest.mark.parametrize("fault", [kind for kind in FaultKind if kind not in _TOLD_OTHERWISE])
def test_whatever_befalls_a_page_in_a_burst_the_next_polls_miss_nothing(
    world: World, fault: FaultKind
) -> None:
    bot = world.bot()
    bot.poll()
    burst = new_ones(world, 120)
    world.edgar.faults.add(fault, path="start=100", seconds=0)

    with suppress(BotError):
        bot.poll()
    world.clock.advance(timedelta(minutes=1))
    bot.poll()

    assert kept(bot) >= {each.accession_number for each in burst}
