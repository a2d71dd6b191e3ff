"""``bot backfill`` as a person or a program calls it: output, status, killed, told to end."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from subprocess import Popen

import pytest

from bot.app import judge_of
from bot.clock import system_clock, to_ms
from bot.config import load_config
from bot.rules.loading import load_rules
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.edgar_market import SandboxMarket
from bot.store import Arrival, Store
from tests.builders import a_trade
from tests.cli.console import GOOD_RULE, Printed, objects, run
from tests.live import RULES, decided
from tests.markets import some_filings, with_symbol
from tests.processes import LONG, children, command, runs, until, write_config

SINCE = ("--since", "2025-01-01")
SILENT = """
- id: silent
  on: insider_trade
  by: ticker
  absent: 30d
  message: "{ticker} is silent"
"""


@pytest.fixture
def edgar() -> Iterator[SandboxEdgar]:
    """Filings of March 2025 of TA, TB and TC."""
    filings = [with_symbol(each) for each in some_filings(30, companies=3)]
    with SandboxEdgar(SandboxMarket.of(filings), requests_per_second=None) as edgar:
        yield edgar


@pytest.fixture
def config(tmp_path: Path, edgar: SandboxEdgar) -> Path:
    (tmp_path / "rules.yaml").write_text(RULES)
    return write_config(tmp_path / "bot.toml", edgar.url)


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """Where filings lie until they are kept."""
    return tmp_path / "bot.db.backfill"


def accessions(edgar: SandboxEdgar, ticker: str = "TA") -> list[str]:
    """In the order of acceptance."""
    return [p.accession_number for p in edgar.market.publications if p.ticker == ticker]


def asked_for(edgar: SandboxEdgar) -> list[str]:
    """The accession numbers of the submissions that EDGAR has handed out."""
    paths = [request.path for request in edgar.requests if request.status == 200]
    return [Path(path).stem for path in paths if path.endswith(".txt")]


def kept(config: Path) -> list[str]:
    store = Store(config.with_suffix(".db"))
    try:
        return store.documents.keys("edgar")
    finally:
        store.close()


@contextmanager
def stuck(config: Path, edgar: SandboxEdgar, *arguments: str, after: int) -> Iterator[Popen[str]]:
    """A back-fill that has so many new filings and waits for the next one."""
    landing = config.with_name("bot.db.backfill")
    before = len(list(landing.glob("*.txt")))
    edgar.faults.add(FaultKind.SLOW, path=".txt", after=after, times=None, seconds=10 * LONG)
    with command("backfill", *arguments, *SINCE, "--config", config) as process:
        until(lambda: len(list(landing.glob("*.txt"))) == before + after)
        yield process
    edgar.faults.clear()


# What it tells.


def test_a_backfill_tells_what_came_and_alerts_nobody(config: Path, capsys: Printed) -> None:
    assert run("backfill", "TA", *SINCE, "--json", "--config", config) == 0

    (found,) = objects(capsys)
    assert found["company"] == "TA"
    assert found["new"] == found["listed"] > 0
    assert found["failed"] == {}
    assert run("backfill", "TA", *SINCE, "--config", config) == 0
    assert f"0 new filings, {found['listed']} known before" in capsys.readouterr().out
    assert run("history", "--json", "--config", config) == 0
    assert objects(capsys) == []
    assert run("facts", "insider_trade", "--ticker", "TA", "--json", "--config", config) == 0
    assert objects(capsys)


def test_a_company_that_is_unknown_is_status_2_and_the_others_come(
    config: Path, capsys: Printed
) -> None:
    assert run("backfill", "no.body", "TA", *SINCE, "--config", config) == 2

    told = capsys.readouterr()
    assert "EDGAR has no company NO-BODY" in told.err
    assert run("backfill", " ", "--config", config) == 2
    assert "a ticker or CIK is empty" in capsys.readouterr().err
    assert told.out.startswith("TA (CIK 0009200000): ")


def test_a_filing_that_does_not_come_is_status_1(
    config: Path, edgar: SandboxEdgar, capsys: Printed
) -> None:
    edgar.faults.add(FaultKind.UNAVAILABLE, path=".txt")

    assert run("backfill", "TA", *SINCE, "--config", config) == 1
    assert "run it again" in capsys.readouterr().out


def test_an_edgar_that_does_not_answer_is_status_1(
    config: Path, edgar: SandboxEdgar, capsys: Printed
) -> None:
    edgar.faults.add(FaultKind.UNAVAILABLE, times=None)

    assert run("backfill", "TA", *SINCE, "--config", config) == 1
    assert "the download of TA broke off" in capsys.readouterr().err


def test_a_backfill_that_can_not_begin_is_status_2(
    tmp_path: Path, config: Path, edgar: SandboxEdgar, capsys: Printed
) -> None:
    without = write_config(tmp_path / "without.toml", edgar.url, edgar="")

    assert run("backfill", "TA", *SINCE, "--config", without) == 2
    assert "no contact is set" in capsys.readouterr().err
    assert run("backfill", "TA", "--since", "2999-01-01", "--config", config) == 2
    assert run("backfill", "--config", config) == 2
    assert not edgar.requests


def test_a_company_that_fails_is_told_in_the_json_too(config: Path, capsys: Printed) -> None:
    assert run("backfill", "NOBODY", "TA", "--json", *SINCE, "--config", config) == 2

    nobody, ta = objects(capsys)
    assert nobody == {
        "company": "NOBODY",
        "ok": False,
        "error": "EDGAR has no company NOBODY",
    }
    assert (ta["company"], ta["ok"]) == ("TA", True)


def test_a_filing_that_fails_makes_its_company_fail_in_the_json(
    config: Path, edgar: SandboxEdgar, capsys: Printed
) -> None:
    edgar.faults.add(FaultKind.UNAVAILABLE, path=".txt")

    assert run("backfill", "TA", "--json", *SINCE, "--config", config) == 1

    (ta,) = objects(capsys)
    assert (ta["ok"], ta["error"]) == (False, "1 filing did not come: run it again")
    assert list(ta["failed"]) == accessions(edgar)[:1]


# Killed.


def test_the_child_of_a_killed_run_ends_by_itself(config: Path, edgar: SandboxEdgar) -> None:
    with stuck(config, edgar, "TA", after=2) as process:
        (child,) = children(process.pid)
        assert runs(child)

        process.kill()
        process.wait()

        until(lambda: not runs(child))


def test_runs_that_were_killed_again_and_again_leave_what_one_whole_run_does(
    tmp_path: Path, config: Path, edgar: SandboxEdgar, landing: Path
) -> None:
    for more in (1, 3):
        with stuck(config, edgar, "TA", after=more) as process:
            process.kill()
    assert kept(config) == []
    assert len(list(landing.iterdir())) == 4

    assert run("backfill", "TA", *SINCE, "--config", config) == 0

    assert asked_for(edgar) == kept(config) == accessions(edgar)
    assert not landing.exists()
    (tmp_path / "whole").mkdir()
    whole = write_config(tmp_path / "whole" / "bot.toml", edgar.url)
    (tmp_path / "whole" / "rules.yaml").write_text(RULES)
    assert run("backfill", "TA", *SINCE, "--config", whole) == 0
    stores = [Store(each.with_suffix(".db")) for each in (config, whole)]
    killed, unbroken = (decided(store) for store in stores)
    assert killed == unbroken
    assert len(killed) > 1
    assert stores[0].collection.coverage() == stores[1].collection.coverage() != []
    for store in stores:
        store.close()


# Told to end.


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_run_that_is_told_to_end_keeps_what_came_and_says_how_to_go_on(
    config: Path, edgar: SandboxEdgar, landing: Path, number: int, status: int
) -> None:
    wanted = accessions(edgar)
    with stuck(config, edgar, "TA", after=3) as process:
        (child,) = children(process.pid)

        process.send_signal(number)
        _, told = process.communicate(timeout=LONG)

        assert process.returncode == status
        assert not runs(child)
    assert f"the download of TA after 3 of {len(wanted)} filings broke off: it was told" in told
    assert "give the same command again" in told
    assert "Traceback" not in told
    assert kept(config) == wanted[:3]
    assert not landing.exists()

    assert run("backfill", "TA", *SINCE, "--config", config) == 0

    assert asked_for(edgar) == kept(config) == wanted


def test_companies_not_begun_when_it_is_told_to_end_are_told_too(
    config: Path, edgar: SandboxEdgar
) -> None:
    with stuck(config, edgar, "TA", "TB", "--json", after=1) as process:
        process.terminate()
        told, _ = process.communicate(timeout=LONG)

    ta, tb = map(json.loads, told.splitlines())
    assert (ta["company"], ta["ok"], "after 1 of" in ta["error"]) == ("TA", False, True)
    assert tb == {"company": "TB", "ok": False, "error": "TB was not begun: it was told to end"}


def test_handlers_of_signals_are_as_before(config: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)

    run("backfill", "TA", *SINCE, "--config", config)

    assert signal.getsignal(signal.SIGTERM) == before


# Its judge.


def test_it_awaits_only_watched_companies_as_the_live_judge_does(
    tmp_path: Path, edgar: SandboxEdgar
) -> None:
    (tmp_path / "rules.yaml").write_text(f"rules:{SILENT}")
    watching = 'contact = "Test test@example.org"\nwatch = ["TA"]'
    config = write_config(tmp_path / "bot.toml", edgar.url, edgar=watching)

    assert run("backfill", "TA", "TB", *SINCE, "--config", config) == 0

    store = Store(tmp_path / "bot.db")
    states = store.decisions.states({("silent", key): None for key in ("TA", "TB")})
    store.close()
    awaited = [key for (_, key), state in states.items() if state.wake_at is not None]
    assert awaited == ["TA"]


def test_what_the_live_bot_would_alert_alerts_however_the_company_is_named(
    tmp_path: Path, edgar: SandboxEdgar
) -> None:
    (tmp_path / "rules.yaml").write_text(RULES)
    watching = 'contact = "Test test@example.org"\nwatch = ["TA"]'
    config = write_config(tmp_path / "bot.toml", edgar.url, edgar=watching)
    store = Store(tmp_path / "bot.db")
    store.collection.start(edgar.market.publications[0].accepted_at - timedelta(days=1))

    assert run("backfill", "9200000", "TB", *SINCE, "--config", config) == 0

    told = {decision["ticker"] for decision in store.decisions.all() if decision["fate"] == "fired"}
    store.close()
    assert told == {"TA"}


def test_a_rule_that_fails_in_it_is_told_in_the_ops_channel(
    tmp_path: Path, edgar: SandboxEdgar
) -> None:
    alerts = 'channel = "#alerts"\nops_channel = "#ops"'
    config = load_config(write_config(tmp_path / "bot.toml", edgar.url, alerts=alerts))
    rules = load_rules([("rules.yaml", GOOD_RULE)]).or_raise()
    store = Store(config.store.path)
    judge = judge_of(config, store, rules, clock=system_clock)

    def raises(_row: object) -> int:
        raise ZeroDivisionError("by design")

    judge._rules[0] = replace(judge._rules[0], when=raises)
    store.facts.add([Arrival(fact=a_trade(side="buy"), seen_at=to_ms(system_clock()))])
    judge.judge()

    (message,) = store.outbox.all()
    store.close()
    assert message.channel == "#ops"
    assert "any-purchase" in message.text
