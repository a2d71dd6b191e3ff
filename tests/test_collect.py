"""Collecting from an EDGAR on loopback: nothing missed, nothing twice, all in order."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.clock import to_ms
from bot.collect import INSIDERS, Collector, Watch
from bot.config import load_config
from bot.edgar_desk import edgar_client, watch_of
from bot.errors import BotError, ConfigError, SourceUnavailable
from bot.facts import SOURCE_POLL
from bot.judge import Judge
from bot.outbox import Outgoing
from bot.pipeline import read_documents
from bot.routes import everything_to
from bot.rules.loading import load_rules
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.edgar_market import Delays, SandboxMarket
from bot.sandbox.edgar_publication import Publication
from bot.sandbox.filings import SyntheticFiling
from bot.sources.edgar.client import EdgarClient
from bot.store import NewDocument, Store
from tests.channels import Channels
from tests.markets import some_filings
from tests.processes import write_config
from tests.test_outbox import Time
from tests.test_replay import RULES

MARKET = Watch()
"""All issuers."""

_TOLD_OTHERWISE = (FaultKind.UNDECLARED, FaultKind.BLOCKED, FaultKind.FORMLESS)
"""Faults after which nothing is asked for a while, or until the configuration is mended, and one
that leaves the filing to the index of the day, and says so."""


class Live:
    """A bot on a store, without its schedule: a test says when it polls."""

    def __init__(
        self,
        url: str,
        clock: SandboxClock,
        path: Path | None,
        watch: Watch,
        forms: Mapping[str, frozenset[str]] = INSIDERS,
    ) -> None:
        self.store, self.channel = Store(path), Channels()
        wall = Time()
        self.client = EdgarClient(
            contact="test test@example.org",
            clock=wall,
            www_url=url,
            data_url=url,
            sleep=wall.passes,
        )
        rules = load_rules([("rules.yaml", RULES)]).or_raise()
        self.judge = Judge(
            self.store,
            rules,
            clock=clock,
            route=everything_to("#alerts"),
            stale_after=timedelta(hours=24),
        )
        self.outgoing = Outgoing(self.store, self.channel, clock=clock)
        self.collector = Collector(
            self.store,
            self.client,
            clock=clock,
            line=self.line,
            done=self.outgoing.tell_digest,
            watch=lambda: watch,
            forms=forms,
        )

    def line(self) -> None:
        while read_documents(self.store).documents:
            pass
        while self.judge.judge():
            pass

    def poll(self) -> None:
        self.collector.poll()
        self.outgoing.deliver()

    def close(self) -> None:
        self.client.close()
        self.store.close()


class World:
    """A market with bots that look at it; it begins with its first thirty filings published."""

    def __init__(self, edgar: SandboxEdgar, clock: SandboxClock, filings: list[SyntheticFiling]):
        self.edgar, self.clock, self.filings = edgar, clock, filings
        self.bots: list[Live] = []

    @property
    def end(self) -> datetime:
        return self.filings[-1].accepted_at + timedelta(minutes=1)

    def bot(self, path: Path | None = None, watch: Watch = MARKET) -> Live:
        self.bots.append(Live(self.edgar.url, self.clock, path, watch))
        return self.bots[-1]

    def play(self, until: datetime, *bots: Live, every: timedelta = timedelta(hours=1)) -> None:
        """Let time pass, and each of the bots poll at every step."""
        while self.clock() < until:
            self.clock.move_to(min(self.clock() + every, until))
            for bot in bots:
                bot.poll()


@contextmanager
def a_world(delays: Delays | None = None) -> Iterator[World]:
    filings = some_filings(240, companies=6)
    clock = SandboxClock(start=filings[29].accepted_at + timedelta(minutes=5), speed=0)
    market = SandboxMarket.of(filings, delays=delays)
    with SandboxEdgar(market, clock, requests_per_second=None) as edgar:
        world = World(edgar, clock, filings)
        yield world
        for bot in world.bots:
            bot.close()


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as world:
        yield world


def decided(bot: Live) -> list[tuple[object, ...]]:
    names = ("rule", "key", "fact_id", "at", "fate", "message")
    return sorted(tuple(each[name] for name in names) for each in bot.store.decisions.all())


def kept(bot: Live) -> set[str]:
    return set(bot.store.documents.keys("edgar"))


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


def new_ones(world: World, count: int) -> list[Publication]:
    """The next filings to come, which the market then lists."""
    coming = [p for p in world.edgar.market.publications if p.accepted_at > world.clock()][:count]
    world.clock.move_to(coming[-1].accepted_at + timedelta(seconds=5))
    return coming


def test_a_text_that_holds_another_filing_is_asked_for_until_it_is_the_one_listed(
    world: World,
) -> None:
    bot = world.bot()
    bot.poll()
    *wrong, right = new_ones(world, 5)
    other = world.edgar.market.publications[0]
    world.edgar.market.publish(*(replace(each, body=other.body) for each in wrong))

    with capture_logs() as logs:
        bot.poll()
    assert right.accession_number in kept(bot)
    assert not kept(bot) & {each.accession_number for each in wrong}
    (told,) = bot.store.facts.select(SOURCE_POLL, limit=1)
    assert other.accession_number in str(told["error"])
    assert "asked for again from" in str(told["error"])
    assert {log["accession_number"] for log in logs if log["event"] == "filing.not_obtained"} == {
        each.accession_number for each in wrong
    }

    world.edgar.market.publish(*wrong)
    world.clock.advance(timedelta(minutes=1))
    bot.poll()
    assert kept(bot) >= {each.accession_number for each in wrong}


@pytest.mark.parametrize("body", [b'{"error": "busy"}', b"%PDF-1.7", b"%", b"<ownershipDocument/>"])
def test_a_body_that_is_no_submission_is_never_kept_and_told_as_missing_in_the_end(
    world: World, body: bytes
) -> None:
    bot = world.bot()
    bot.poll()
    (wrong,) = new_ones(world, 1)
    world.edgar.market.publish(replace(wrong, body=body))

    world.play(world.clock() + timedelta(minutes=30), bot, every=timedelta(minutes=1))
    assert [item["tries"] for item in bot.store.collection.pending("edgar")] == [7]
    assert bot.store.collection.missing("edgar") == {}
    world.play(world.clock() + timedelta(hours=26), bot)

    assert wrong.accession_number not in kept(bot)
    assert bot.store.collection.pending("edgar") == []
    (reason,) = bot.store.collection.missing("edgar").values()
    assert "something else stands where a filing was due" in reason


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        (rb"ACCESSION NUMBER:.*\n", b"", "EDGAR serves a text without number"),
        (rb"(SUBMISSION TYPE:\s*)4(/A)?\n", rb"\1 8-K\n", "EDGAR serves a form 8-K in place of"),
    ],
)
def test_a_text_without_its_number_or_of_another_form_is_not_kept(
    world: World, line: bytes, instead: bytes, told: str
) -> None:
    bot = world.bot()
    bot.poll()
    (right,) = new_ones(world, 1)
    wrong = re.sub(line, instead, right.body)
    assert wrong != right.body
    world.edgar.market.publish(replace(right, body=wrong))

    bot.poll()
    assert right.accession_number not in kept(bot)
    (pending,) = bot.store.collection.pending("edgar")
    assert told in str(pending["reason"])

    world.edgar.market.publish(right)
    world.clock.advance(timedelta(minutes=1))
    bot.poll()
    assert right.accession_number in kept(bot)


def test_a_filing_that_is_served_empty_is_asked_for_twice_a_try(world: World) -> None:
    bot = world.bot()
    bot.poll()
    (empty,) = new_ones(world, 1)
    world.edgar.market.publish(replace(empty, body=b""))
    bot.poll()

    asked = [each for each in world.edgar.requests if empty.accession_number in str(each)]
    assert len(asked) == 2
    assert len(bot.store.collection.pending("edgar")) == 1


def test_a_filing_whose_entries_say_no_form_holds_nothing_up_and_is_found_in_the_index(
    world: World,
) -> None:
    bot = world.bot()
    bot.poll()
    *others, formless = new_ones(world, 3)
    world.edgar.faults.add(FaultKind.FORMLESS, path="getcurrent", times=2)

    with capture_logs() as logs:
        bot.poll()
        bot.poll()
    assert {each.accession_number for each in others} <= kept(bot)
    assert formless.accession_number not in kept(bot)
    (told,) = bot.store.facts.select(SOURCE_POLL, limit=1)
    assert (told["ok"], "it does not say its form" in str(told["error"])) == (1, True)
    assert [log["entries"] for log in logs if log["event"] == "feed.entries_left_out"] == [
        len(formless.parties)
    ]

    world.edgar.market.hide_from_feed(formless.accession_number)
    world.play(world.clock() + timedelta(days=4), bot, every=timedelta(hours=12))
    assert formless.accession_number in kept(bot)


def test_a_missing_filing_that_comes_another_way_is_missing_no_longer(world: World) -> None:
    bot = world.bot()
    bot.store.collection.settle("edgar", "0009-1", state="missing", told="why")
    assert bot.store.collection.missing("edgar") == {"0009-1": "why"}

    document = NewDocument(source="edgar", key="0009-1", name="x.txt", body=b"x")
    bot.store.documents.add([document], seen_at=world.clock())

    assert bot.store.collection.missing("edgar") == {}


def test_a_withdrawn_filing_is_not_told_as_missing(world: World) -> None:
    bot = world.bot()
    bot.poll()
    (gone,) = new_ones(world, 1)
    world.edgar.market.withdraw(gone.accession_number)

    world.play(world.clock() + timedelta(hours=30), bot)

    assert bot.store.collection.pending("edgar") == []
    assert bot.store.collection.settled("edgar", [gone.accession_number])
    assert bot.store.collection.missing("edgar") == {}


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
    burst = new_ones(world, 180)
    world.edgar.faults.add(fault, path="start=100", seconds=0)

    with suppress(BotError):
        bot.poll()
    world.clock.advance(timedelta(minutes=1))
    bot.poll()

    assert kept(bot) >= {each.accession_number for each in burst}
