"""The resident bot on the machine's own clock: killed, stopped, refused, and its troubles told."""

import os
import random
import resource
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import pytest

from bot.clock import system_clock
from bot.errors import BotError
from bot.facts import SOURCE_POLL
from bot.live import ClockWatch, Ending, LiveBot
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_publication import Publication, accepted_again, publication_of
from bot.sandbox.edgar_routes import NO_REPORTS, Reports
from bot.sandbox.slack import Fault, SlackServer
from bot.sandbox.slack import FaultKind as SlackFault
from bot.sources.edgar.client import EdgarClient, Ended
from bot.store import Delivery, NewMessage, Store, Trouble
from tests.builders import NOW
from tests.collect.bots import MARKET, Live
from tests.markets import some_filings
from tests.outgoing import a_card
from tests.processes import LONG, command, environment, until, write_config

KILLS = int(os.environ.get("BOT_KILLS", "4"))
"""How often the live bot is killed; 20 in a full run: BOT_KILLS=20."""

CHANNELS = ("sales", "purchases", "crowds")
RULES = """
rules:
- id: any-sale
  on: insider_trade
  where: side == sell and class == open_market
  when: value_usd >= $1M
  to: "#sales"
  message: "{ticker}: {owner_name} sold {value_usd:money}"
- id: any-purchase
  on: insider_trade
  where: side == buy and class == open_market
  when: value_usd >= $100k
  to: "#purchases"
  message: "{ticker}: {owner_name} bought {value_usd:money}"
- id: sellers-gather
  on: insider_trade
  where: side == sell and class == open_market
  let:
    sellers: {distinct: person_key, over: 30d}
    sold: {sum: value_usd, over: 30d}
  when: sellers >= 2 and sold >= $2M
  fire: rise
  to: "#crowds"
  message: "{ticker}: {sellers} insiders sold {sold:money} in 30 days"
"""

Servers = tuple[SandboxEdgar, SlackServer]


@contextmanager
def servers(*more: Publication, reports: Reports = NO_REPORTS) -> Iterator[Servers]:
    """An EDGAR with three filings of the last hour and perhaps more, and a Slack."""
    hour_ago = system_clock() - timedelta(hours=1)
    market = SandboxMarket([*accepted(3, hour_ago, every=timedelta(minutes=1)), *more])
    edgar = SandboxEdgar(market, requests_per_second=None, reports=reports)
    with edgar, SlackServer(channels=CHANNELS) as slack:
        yield edgar, slack


def accepted(count: int, since: datetime, *, every: timedelta, seed: int = 1) -> list[Publication]:
    """Filings accepted one after another; those of one seed are the same filings."""
    filings = [publication_of(f) for f in some_filings(count, seed=seed, companies=4)]
    if seed != 1:
        filings = [_renumbered(f, seed) for f in filings]
    return [accepted_again(f, since + place * every) for place, f in enumerate(filings)]


def _renumbered(publication: Publication, seed: int) -> Publication:
    number = publication.accession_number[:-6] + f"{seed}{publication.accession_number[-5:]}"
    return Publication(
        accession_number=number,
        form=publication.form,
        accepted_at=publication.accepted_at,
        parties=publication.parties,
        body=publication.body.replace(publication.accession_number.encode(), number.encode()),
        document=publication.document,
        period=publication.period,
        ticker=publication.ticker,
        schema=publication.schema,
    )


def a_config(folder: Path, servers: Servers, name: str = "bot", **sections: str) -> Path:
    edgar, slack = servers
    (folder / "rules.yaml").write_text(RULES)
    return write_config(folder / f"{name}.toml", edgar.url, slack_url=slack.api_url, **sections)


def has_polled(store: Path) -> bool:
    """Whether the bot of a store has looked at the feed once."""
    if not store.exists():
        return False
    opened = Store(store)
    try:
        return opened.facts.count().get("source_poll", 0) > 0
    finally:
        opened.close()


def is_done(path: Path, documents: int) -> bool:
    """Whether so many documents are judged and nothing waits to be sent."""
    store = Store(path)
    try:
        judged = store.decisions.judged_seq() >= store.facts.newest_seq()
        waiting = store.outbox.unfinished()
        unread = store.documents.unread(1)
        return store.documents.count() == documents and judged and not unread and not waiting
    finally:
        store.close()


def decided(store: Store) -> Counter[tuple[Any, ...]]:
    names = ("rule", "key", "fact_id", "fate", "message")
    return Counter(tuple(each[name] for name in names) for each in store.decisions.all())


def alert_ids(slack: SlackServer, channel: str) -> list[int]:
    """The alerts that stand in a channel."""
    messages = slack.messages(channel)
    return [message["metadata"]["event_payload"]["alert_id"] for message in messages]


# A bot that is killed.


def test_a_bot_killed_again_and_again_keeps_decides_and_tells_everything_once(
    tmp_path: Path,
) -> None:
    chance = random.Random(20)
    with servers() as (edgar, slack):
        slack.faults += [Fault(SlackFault.DELAY, accepted=True, seconds=0.15)] * 1_000
        killed = a_config(tmp_path, (edgar, slack), "killed", slack='settle = "2s"')
        calm = a_config(tmp_path, (edgar, slack), "calm")
        with command("--config", calm, "run", heard=False) as undisturbed:
            with _running(killed, slack):
                until(lambda: all(has_polled(f.with_suffix(".db")) for f in (killed, calm)))
            new = accepted(
                6 + 3 * KILLS, system_clock() + timedelta(seconds=1), seed=2,
                every=timedelta(seconds=0.3),
            )  # fmt: skip
            edgar.market.publish(*new)
            ends = [
                _run_and_kill(killed, slack, after_s=chance.uniform(0.4, 2.0)) for _ in range(KILLS)
            ]
            with _running(killed, slack) as last:
                until(
                    lambda: is_done(killed.with_suffix(".db"), 3 + len(new)),
                    within=2 * LONG + 4 * KILLS,
                )
                last.terminate()
                assert last.wait(LONG) == 0
            until(lambda: is_done(calm.with_suffix(".db"), 3 + len(new)))
            undisturbed.terminate()
            assert undisturbed.wait(LONG) == 0

    assert ends == [-signal.SIGKILL] * KILLS
    of_killed, of_calm = Store(killed.with_suffix(".db")), Store(calm.with_suffix(".db"))
    try:
        published = {p.accession_number for p in edgar.market.publications}
        assert sorted(of_killed.documents.keys("edgar")) == sorted(published)
        assert max(decided(of_killed).values()) == 1
        assert decided(of_killed) == decided(of_calm)
        assert any(each["fate"] == "fired" for each in of_killed.decisions.all())
        _check_deliveries(of_killed, slack)
    finally:
        of_killed.close()
        of_calm.close()


def _running(config: Path, slack: SlackServer) -> AbstractContextManager[subprocess.Popen[str]]:
    environ = environment(SLACK_BOT_TOKEN=slack.token)
    return command("--config", config, "run", environ=environ, heard=False)


def _run_and_kill(config: Path, slack: SlackServer, *, after_s: float) -> int:
    with _running(config, slack) as process:
        time.sleep(after_s)
        process.kill()
        return process.wait()


def _check_deliveries(store: Store, slack: SlackServer) -> None:
    """One row an alert and channel; each sent, or told in a digest that was."""
    rows = {message.id: message for message in store.outbox.all()}
    queued = Counter((m.message_id, m.channel) for m in rows.values())
    fired = {each["message_id"] for each in store.decisions.all(fate="fired")}
    assert {message_id for message_id, _ in queued if message_id > 0} == fired
    assert set(queued.values()) == {1}
    arrived = {f"#{name}": Counter(alert_ids(slack, name)) for name in CHANNELS}
    assert max(count for counts in arrived.values() for count in counts.values()) == 1
    for message in rows.values():
        count = arrived[message.channel][message.message_id]
        match message.state:
            case Delivery.SENT:
                assert count == 1
            case Delivery.DIGEST:
                assert count == 0
                assert rows[message.digest_id or 0].state is Delivery.SENT
            case state:
                raise AssertionError(f"{message.id} is still {state}")
    known = {(m.channel, m.message_id) for m in rows.values()}
    assert {(name, each) for name, counts in arrived.items() for each in counts} <= known


# Its beginning and its end.


def test_a_signal_ends_it_in_good_order(tmp_path: Path) -> None:
    with servers() as both:
        config = a_config(tmp_path, both)
        for number in (signal.SIGTERM, signal.SIGINT):
            with command("--config", config, "run") as process:
                polled = len(both[0].requests)
                until(lambda before=polled: len(both[0].requests) > before)  # type: ignore[misc]
                assert _seconds_to_end(process, number) < 5
                assert process.returncode == 0


def test_a_signal_in_the_middle_of_a_long_poll_ends_it_within_five_seconds(
    tmp_path: Path,
) -> None:
    with servers() as both:
        both[0].faults.add(FaultKind.SLOW, path="getcurrent", times=None, seconds=60)
        with command("--config", a_config(tmp_path, both), "run") as process:
            until(lambda: both[0].requests)
            assert _seconds_to_end(process, signal.SIGTERM) < 5
            assert process.returncode == 0
            with closing(Store(tmp_path / "bot.db")) as store:
                assert store.facts.select(SOURCE_POLL, limit=1) == []
                assert store.collection.troubles(9) == []


def test_a_request_that_hangs_is_ended_at_once_and_nothing_is_asked_after_it() -> None:
    with servers() as (edgar, _):
        edgar.faults.add(FaultKind.SLOW, path="getcurrent", times=None, seconds=60)
        raised = list[BotError]()

        def ask() -> None:
            try:
                client.feed(0)
            except BotError as error:
                raised.append(error)

        client = EdgarClient(contact="a b@c.org", clock=system_clock, www_url=edgar.url)
        with client:
            asking = Thread(target=ask)
            asking.start()
            until(lambda: edgar.requests)
            client.hang_up()
            asking.join(LONG / 10)

            assert [type(error) for error in raised] == [Ended]
            with pytest.raises(Ended):
                client.company_tickers()
            assert len(edgar.requests) == 1


def test_a_signal_while_it_starts_ends_it(tmp_path: Path) -> None:
    with servers() as both:
        both[0].faults.add(FaultKind.SLOW, path="company_tickers", times=None, seconds=60)
        contact = 'contact = "test@example.org"\nwatch = ["T1"]'
        with command("--config", a_config(tmp_path, both, edgar=contact), "run") as process:
            until(lambda: both[0].requests)

            assert _seconds_to_end(process, signal.SIGTERM) < 5
            assert process.returncode == 0


def _seconds_to_end(process: subprocess.Popen[str], number: signal.Signals) -> float:
    began = time.monotonic()
    process.send_signal(number)
    process.wait(LONG)
    return time.monotonic() - began


def test_the_first_poll_comes_at_once_and_its_start_costs_less_than_a_second_and_a_half(
    tmp_path: Path,
) -> None:
    """In seconds of the processor, so that a busy machine changes nothing."""
    with servers() as both:
        hourly = 'contact = "test@example.org"\nevery = "1h"'
        config, costs = a_config(tmp_path, both, edgar=hourly), list[float]()
        while not costs or (min(costs) > 1.5 and len(costs) < 3):
            before, asked = _children_s(), len(both[0].requests)
            with command("--config", config, "run"):
                until(lambda asked=asked: len(both[0].requests) > asked)  # type: ignore[misc]
            costs.append(_children_s() - before)

    assert min(costs) <= 1.5


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_second_bot_on_the_same_store_is_refused_and_told_of_the_first(tmp_path: Path) -> None:
    with servers() as both:
        config = a_config(tmp_path, both)
        with command("--config", config, "run") as first:
            until(lambda: has_polled(tmp_path / "bot.db"))
            with command("--config", config, "run") as second:
                _, told = second.communicate(timeout=LONG)
            assert second.returncode == 2
            assert f"another bot works on this store (process {first.pid})" in told
            assert "mend:" in told
            assert first.poll() is None


@pytest.mark.parametrize("replaced", [False, True])
def test_a_store_that_is_taken_away_ends_it_loudly(tmp_path: Path, replaced: bool) -> None:
    ops = 'channel = "#sales"\nops_channel = "#crowds"'
    with servers() as both:
        config = a_config(tmp_path, both, alerts=ops)
        environ = environment(SLACK_BOT_TOKEN=both[1].token)
        with command("--config", config, "run", environ=environ) as process:
            until(lambda: has_polled(tmp_path / "bot.db"))
            if replaced:
                Store(tmp_path / "other.db").close()
                (tmp_path / "other.db").replace(tmp_path / "bot.db")
            else:
                (tmp_path / "bot.db").unlink()
            _, told = process.communicate(timeout=LONG)
        (message,) = both[1].messages("crowds")

    what = "replaced by another one" if replaced else "removed"
    assert process.returncode == 2
    assert f"bot.db: the file of the store was {what} while the bot ran" in told
    assert "store.lost" in told
    assert "mend:" in told
    assert "Traceback" not in told
    assert f"The bot has ended: the file of the store was {what}" in message["text"]
    assert (tmp_path / "bot.db").exists() == replaced


def test_without_a_contact_it_does_not_start_and_tells_the_mend(tmp_path: Path) -> None:
    with servers() as both:
        config = a_config(tmp_path, both, edgar="")
        with command("--config", config, "run") as process:
            _, told = process.communicate(timeout=LONG)

    assert process.returncode == 2
    assert "no contact is set" in told
    assert 'contact = "Jane Doe jane@example.org"' in told
    assert not both[0].requests


def test_a_ticker_that_the_sec_does_not_know_is_told_loudly_and_the_others_are_watched(
    tmp_path: Path,
) -> None:
    watch = 'contact = "test@example.org"\nwatch = ["ZZZQ", "0009200000"]'
    ops = 'channel = "#sales"\nops_channel = "#crowds"'
    with servers() as both:
        config = a_config(tmp_path, both, edgar=watch, alerts=ops)
        environ = environment(SLACK_BOT_TOKEN=both[1].token)
        with command("--config", config, "doctor", environ=environ) as process:
            shown, _ = process.communicate(timeout=LONG)
        for _ in range(2):
            asked = len(both[0].requests)
            with command("--config", config, "run", environ=environ) as process:
                until(lambda asked=asked: len(both[0].requests) >= asked + 2)  # type: ignore[misc]
                until(lambda: both[1].messages("crowds"))
                process.terminate()
                _, told = process.communicate(timeout=LONG)
            assert "watch.unknown" in told
        (message,) = both[1].messages("crowds")

    assert "warn watch list 1 watched, but the SEC's map of tickers has no ZZZQ" in (
        " ".join(shown.split())
    )
    assert "Not watched: the SEC's map of tickers has no ZZZQ" in message["text"]


def test_with_no_ticker_that_the_sec_knows_it_does_not_start(tmp_path: Path) -> None:
    watch = 'contact = "test@example.org"\nwatch = ["ZZZQ"]'
    with servers() as both:
        config = a_config(tmp_path, both, edgar=watch)
        with command("--config", config, "run") as process:
            _, told = process.communicate(timeout=LONG)

    assert process.returncode == 2
    assert "[edgar] watch: the SEC's map of tickers has no ZZZQ" in told
    assert "take it out of [edgar] watch" in told


def test_without_a_slack_token_alerts_go_to_the_terminal(tmp_path: Path) -> None:
    with servers() as both:
        with command("--config", a_config(tmp_path, both), "run") as process:
            until(lambda: has_polled(tmp_path / "bot.db"))
            soon = system_clock() + timedelta(seconds=1)
            both[0].market.publish(*accepted(9, soon, every=timedelta(), seed=2))
            until(lambda: is_done(tmp_path / "bot.db", 12))
            process.terminate()
            shown, _ = process.communicate(timeout=LONG)
        store = Store(tmp_path / "bot.db")
        (told, *_) = [each["message"] for each in store.decisions.all(fate="fired")]
        store.close()

    assert told.split(":")[0] in shown
    assert "Owner" in shown
    assert not both[1].calls


def test_the_wish_to_end_is_heard_at_once_and_stays() -> None:
    ending = Ending()
    assert not ending.asked(timedelta())

    Thread(target=ending.ask).start()

    assert ending.asked(timedelta(seconds=LONG))
    assert ending.asked(timedelta(seconds=LONG))


# Its troubles, and the clock.


class Jumpy:
    """The machine's clock, as somebody sets it."""

    def __init__(self) -> None:
        self.off = timedelta()

    def __call__(self) -> datetime:
        return system_clock() + self.off


@contextmanager
def a_live_bot(
    folder: Path, *, every: timedelta, clock: Jumpy | None = None, faults: Sequence[FaultKind] = ()
) -> Iterator[tuple[Live, SandboxEdgar]]:
    """A resident bot in a thread, on a file in a folder; the faults befall its first polls."""
    filings = some_filings(3)
    market_clock = SandboxClock(start=filings[-1].accepted_at + timedelta(hours=1))
    market = SandboxMarket.of(filings)
    with SandboxEdgar(market, market_clock, requests_per_second=None) as edgar:
        for kind in faults:
            edgar.faults.add(kind, path="getcurrent", seconds=1.0)
        live = Live(edgar.url, market_clock, folder / "bot.db", MARKET)
        bot = LiveBot(
            live.store,
            live.collector,
            live.outgoing,
            poll_every=every,
            look_every=timedelta(seconds=0.02),
            watch=ClockWatch(clock or system_clock),
        )
        thread = Thread(target=bot.run)
        thread.start()
        try:
            yield live, edgar
        finally:
            bot.stop()
            thread.join()
            live.close()


def troubles(live: Live, job: str) -> list[Trouble]:
    return [each for each in live.store.collection.troubles(100) if each.job == job]


def test_a_poll_that_fails_is_noted_and_the_next_one_runs(tmp_path: Path) -> None:
    faults = [FaultKind.OTHER_ROOT]
    with a_live_bot(tmp_path, every=timedelta(seconds=0.1), faults=faults) as (live, _):
        until(lambda: live.store.documents.count() == 3)
        (error,) = [each for each in troubles(live, "edgar") if each.trouble != "overrun"]

    assert error.trouble == "error"
    assert error.told.startswith("SourceUnreadable: ")


def test_a_poll_that_lasts_through_many_others_is_noted_once(tmp_path: Path) -> None:
    faults = [FaultKind.SLOW]
    with a_live_bot(tmp_path, every=timedelta(seconds=0.05), faults=faults) as (live, _):
        until(lambda: live.store.documents.count() == 3)
        noted = [each.trouble for each in troubles(live, "edgar")]

    assert "overrun" in noted
    assert len(noted) < 10


def test_a_bot_that_is_woken_does_at_once_what_was_due_in_an_hour(tmp_path: Path) -> None:
    looks = SimpleQueue[datetime]()
    live = Live("http://127.0.0.1:9", SandboxClock(start=NOW), tmp_path / "bot.db", MARKET)
    bot = LiveBot(
        live.store, live.collector, live.outgoing, poll_every=timedelta(hours=1),
        prices=lambda: looks.put(system_clock()), watch=ClockWatch(system_clock),
    )  # fmt: skip
    thread = Thread(target=bot.run)
    thread.start()
    try:
        first = looks.get(timeout=LONG)
        bot.wake()
        second = looks.get(timeout=LONG)
    finally:
        bot.stop()
        thread.join()
        live.close()

    assert second - first < timedelta(seconds=10)  # prices are looked for every 15


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_jump_of_the_clock_is_noted_and_wakes_the_jobs(tmp_path: Path, hours: int) -> None:
    clock = Jumpy()
    with a_live_bot(tmp_path, every=timedelta(hours=1), clock=clock) as (live, edgar):
        until(lambda: live.store.facts.count().get("source_poll"))
        polled = len(edgar.requests)

        clock.off = timedelta(hours=hours)

        until(lambda: len(edgar.requests) > polled)
        (trouble,) = troubles(live, "clock")
    assert (trouble.trouble, trouble.told) == ("jump", f"{hours * 3600:+} s")


def test_a_message_that_waits_does_not_wait_longer_when_the_clock_is_set_back(
    tmp_path: Path,
) -> None:
    clock = Jumpy()
    with a_live_bot(tmp_path, every=timedelta(hours=1), clock=clock) as (live, _):
        until(lambda: live.store.facts.count().get("source_poll"))
        outbox = live.store.outbox
        message = NewMessage(message_id=1, channel="#a", created_at=1, text="t",
                             card=a_card(1).to_json())  # fmt: skip
        held_until = NOW + timedelta(days=400)
        with live.store.writing():
            outbox.add([message])
            outbox.pause("#a", at=NOW, until=held_until, parked=None)
        clock.off = timedelta(hours=-3)

        until(lambda: troubles(live, "clock"))
        until(lambda: outbox.pauses()["#a"] < (held_until.timestamp() - 3 * 3600 + 60) * 1000)


@pytest.mark.parametrize(("seconds", "jump"), [(29, None), (30, 30), (-30, -30), (-29, None)])
def test_the_clock_watch_tells_jumps_of_half_a_minute_both_ways(
    seconds: int, jump: int | None
) -> None:
    wall, ticks = [NOW], [100.0]
    watch = ClockWatch(lambda: wall[0], lambda: ticks[0])

    wall[0] += timedelta(seconds=5 + seconds)
    ticks[0] += 5

    assert watch.jump() == (None if jump is None else timedelta(seconds=jump))
    assert watch.jump() is None


def test_time_that_passes_in_a_long_sleep_of_the_machine_is_a_jump() -> None:
    wall, ticks = [NOW], [100.0]
    watch = ClockWatch(lambda: wall[0], lambda: ticks[0])

    wall[0] += timedelta(hours=8)
    ticks[0] += 5

    assert watch.jump() == timedelta(hours=8, seconds=-5)
