"""Commands around a live bot, as a person or a program calls them: output and exit status."""

import importlib
import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import httpx
import pytest

from bot.cli import COMMANDS, LazyGroup, bot
from bot.clock import NEW_YORK, from_text, system_clock
from bot.config import load_config
from bot.edgar_desk import edgar_client
from bot.facts import COMPANY_FILING, Fact
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_publication import accepted_again, publication_of
from bot.sandbox.fed import SandboxFed
from bot.sandbox.fed_story import DECIDED, story
from bot.sandbox.market import filings, write_market
from bot.sandbox.slack import SlackServer
from bot.sources.edgar.pace import Stopped
from bot.store import Arrival, Delivery, NewDocument, NewMessage, Store
from bot.store.lock import only_one
from tests.builders import NOW
from tests.cli.console import GOOD_RULE, run
from tests.outgoing import a_card
from tests.processes import LONG, command, environment, write_config

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_WEBHOOK_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts",)) as slack:
        yield slack


@pytest.fixture
def edgar() -> Iterator[SandboxEdgar]:
    """The made-up market, accepted within the last hours."""
    began = system_clock() - timedelta(hours=6)
    market = SandboxMarket(
        accepted_again(publication_of(filing), began + place * timedelta(minutes=5))
        for place, filing in enumerate(f for f in filings() if f.rows and f.form in "4 4/A")
    )
    with SandboxEdgar(market, requests_per_second=None) as edgar:
        yield edgar


@pytest.fixture
def config(tmp_path: Path, edgar: SandboxEdgar, slack: SlackServer) -> Path:
    (tmp_path / "rules.yaml").write_text(GOOD_RULE)
    return write_config(tmp_path / "bot.toml", edgar.url, slack_url=slack.api_url)


@pytest.fixture
def replayed(tmp_path: Path, config: Path, capsys: Printed) -> Path:
    """The configuration of a store with the alerts of the made-up market."""
    folder = tmp_path / "market"
    folder.mkdir()
    write_market(folder)
    run("--config", config, "replay", folder, "--store", tmp_path / "bot.db")
    capsys.readouterr()
    return config


def objects(capsys: Printed) -> list[dict[str, Any]]:
    """The JSON objects that were printed, one a line."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


# --config.


def all_commands(group: click.Group, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        yield (*names, name)
        if isinstance(found, click.Group):
            yield from all_commands(found, (*names, name))


@pytest.mark.parametrize("names", list(all_commands(bot)), ids=" ".join)
def test_every_command_takes_the_configuration_after_its_name_too(
    names: tuple[str, ...], capsys: Printed
) -> None:
    assert run(*names, "--config", "nowhere.toml", "--help") == 0
    assert "--config FILE" in capsys.readouterr().out


def test_the_list_of_commands_leads_to_commands() -> None:
    assert isinstance(bot, LazyGroup)
    for place in COMMANDS.values():
        module, name = place.split(":")
        assert isinstance(getattr(importlib.import_module(module), name), click.Command)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--config", "{}", "rules", "check"),
        ("rules", "--config", "{}", "check"),
        ("rules", "check", "--config", "{}"),
        ("rules", "check", "--config={}", "--json"),
        ("--config", "elsewhere.toml", "rules", "check", "--config", "{}"),
    ],
)
def test_the_configuration_nearest_to_the_command_is_the_one_in_force(
    config: Path, capsys: Printed, arguments: tuple[str, ...]
) -> None:
    assert run(*(each.format(config) for each in arguments)) == 0
    assert "mistakes" not in capsys.readouterr().err


def test_a_configuration_that_is_not_there_or_wrong_is_status_2(
    tmp_path: Path, capsys: Printed
) -> None:
    assert run("history", "--config", tmp_path / "nowhere.toml") == 2
    (tmp_path / "wrong.toml").write_text("[edgar]\ncontakt = 3\n")
    assert run("outbox", "--config", tmp_path / "wrong.toml") == 2
    assert "did you mean 'contact'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [("history",), ("outbox",), ("outbox", "retry", "1"), ("facts", "insider_trade")]
)
def test_without_a_store_there_is_nothing_to_look_at_and_status_2(
    config: Path, capsys: Printed, arguments: tuple[str, ...]
) -> None:
    assert run("--config", config, *arguments) == 2
    assert "there is no store yet" in capsys.readouterr().err


# bot facts.


def test_facts_are_printed_newest_first_and_by_ticker(replayed: Path, capsys: Printed) -> None:
    assert run("facts", "insider_trade", "--ticker", "oklo", "--json", "--config", replayed) == 0

    rows = objects(capsys)
    assert {row["ticker"] for row in rows} == {"OKLO"}
    known = [row["known_at"] for row in rows]
    assert known == sorted(known, reverse=True)
    assert all(row["value_usd"] is None or float(row["value_usd"]) >= 0 for row in rows)


def test_one_fact_is_printed_with_all_that_is_known_of_it(replayed: Path, capsys: Printed) -> None:
    run("facts", "insider_trade", "--limit", "1", "--json", "--config", replayed)
    (newest,) = objects(capsys)

    assert run("--config", replayed, "facts", "insider_trade", "--id", newest["id"], "--json") == 0
    assert objects(capsys) == [newest]
    assert run("--config", replayed, "facts", "insider_trade", "--id", newest["id"]) == 0
    assert newest["accession_number"] in capsys.readouterr().out


def test_the_sources_of_a_trade_name_filing_element_and_text(
    replayed: Path, capsys: Printed
) -> None:
    run("facts", "insider_trade", "--limit", "1", "--json", "--config", replayed)
    (newest,) = objects(capsys)
    asked = ("--config", replayed, "facts", "insider_trade", "--id", newest["id"], "--source")

    assert run(*asked, "--json") == 0
    (told,) = objects(capsys)
    assert told["url"].startswith("https://www.sec.gov/Archives/edgar/data/")
    assert told["url"].endswith(f"/{newest['accession_number']}.txt")
    (shares,) = (each for each in told["fields"] if each["field"] == "shares")
    assert shares["value"] == newest["shares"]
    place = shares["places"][0]
    assert place["accession_number"] == newest["accession_number"]
    assert place["path"].endswith("]/transactionAmounts/transactionShares/value")

    assert run(*asked) == 0
    assert f"    {place['path']}  “{place['text']}”\n" in capsys.readouterr().out


def test_sources_are_those_of_one_trade(replayed: Path, capsys: Printed) -> None:
    asked = ("--config", replayed, "facts")
    assert run(*asked, "insider_trade", "--source") == 2
    assert "--source needs insider_trade and --id X" in capsys.readouterr().err
    assert run(*asked, "source_poll", "--id", "x", "--source") == 2
    assert run(*asked, "insider_trade", "--id", "form4:none", "--source") == 1


def test_a_fact_that_is_not_there_is_status_1_and_a_kind_that_is_not_is_2(
    replayed: Path, capsys: Printed
) -> None:
    assert run("--config", replayed, "facts", "insider_trade", "--id", "form4:none") == 1
    assert run("--config", replayed, "facts", "no_such_kind") == 2
    assert run("--config", replayed, "facts", "insider_trade", "--ticker", "NOBODY") == 0


# bot history.


def test_history_is_printed_as_the_design_says(replayed: Path, capsys: Printed) -> None:
    assert run("history", "last 1000", "--json", "--config", replayed) == 0

    alerts = objects(capsys)
    assert alerts
    for alert in alerts:
        assert list(alert) == [
            "id", "rule", "severity", "ticker", "kind", "fired_at", "known_at", "fate",
            "message", "values", "url", "status", "slack",
        ]  # fmt: skip
        assert list(alert["slack"]) == ["channel", "ts"]
        assert isinstance(alert["id"], int)
        assert alert["values"]["value_usd"] >= 1
        assert (alert["rule"], alert["kind"]) == ("any-purchase", "insider_trade")
        assert (alert["fate"], alert["status"]) == ("fired", "sent")
        assert alert["slack"] == {"channel": "#alerts", "ts": None}
        assert alert["url"].startswith("https://www.sec.gov/Archives/edgar/data/")
        assert from_text(alert["fired_at"]) >= from_text(alert["known_at"])
        assert alert["ticker"] in alert["message"]
    fired = [alert["fired_at"] for alert in alerts]
    assert fired == sorted(fired, reverse=True)


def test_history_takes_the_words_of_the_chat(replayed: Path, capsys: Printed) -> None:
    run("history", "last", "1", "--json", "--config", replayed)
    (newest,) = objects(capsys)

    assert (
        run("history", newest["ticker"], "rule:any-purchase", "--json", "--config", replayed) == 0
    )
    assert newest in objects(capsys)
    assert run("history", newest["ticker"], "last", "1", "--config", replayed) == 0
    assert f"{newest['ticker']} · last 1 → 1 alert\n" in capsys.readouterr().out
    assert run("history", "rule:no-such-rule", "--config", replayed) == 0


def test_history_says_that_a_name_is_gone_by_now(
    replayed: Path, tmp_path: Path, capsys: Printed
) -> None:
    run("history", "last", "1", "--json", "--config", replayed)
    (newest,) = objects(capsys)
    cik = f"{int(newest['url'].split('/')[6]):010d}"
    gone = date(2025, 12, 30)
    at = datetime(2025, 12, 30, 21, tzinfo=UTC)
    fact = Fact(
        kind=COMPANY_FILING, id="filing:x", subject=cik, known_at=at,
        values={"form": "15-12G", "filed_on": gone},
    )  # fmt: skip
    with closing(Store(tmp_path / "bot.db")) as store:
        store.facts.add([Arrival(fact=fact, seen_at=int(at.timestamp() * 1000))])

    run("history", newest["ticker"], "last", "1", "--config", replayed)

    assert "(delisted since 2025-12-30)" in " ".join(capsys.readouterr().out.split())


def test_a_question_that_is_not_understood_is_status_2(replayed: Path, capsys: Printed) -> None:
    assert run("history", "since:soon", "--config", replayed) == 2
    assert "Try `since:90d`" in capsys.readouterr().err


# bot outbox.


@pytest.fixture
def queued(tmp_path: Path, config: Path) -> Path:
    """Four messages: one waits, one is parked, one is dead, one uncertain."""
    store = Store(tmp_path / "bot.db")
    store.outbox.add(
        [
            NewMessage(message_id=n, channel="#alerts", created_at=1_759_334_400_000,
                       text=f"alert {n}", card=a_card(n).to_json())
            for n in range(1, 5)
        ]
    )  # fmt: skip
    states = (Delivery.PENDING, Delivery.PARKED, Delivery.DEAD, Delivery.UNCERTAIN)
    for message, state in zip(store.outbox.all(), states, strict=True):
        if state is not Delivery.PENDING:
            store.outbox.mark_sending(message, at=NOW)
            store.outbox.settle(message, state, at=NOW, error=f"why {message.id}")
    store.outbox.pause("#alerts", at=NOW, until=NOW, parked="is_archived: unarchive it")
    store.close()
    return config


def test_the_outbox_tells_what_waits_why_and_until_when(queued: Path, capsys: Printed) -> None:
    assert run("outbox", "--json", "--config", queued) == 0

    first, *others = objects(capsys)
    assert first == {
        "id": 1,
        "alert": 1,
        "channel": "#alerts",
        "status": "pending",
        "attempts": 0,
        "error": "behind 4, which may have arrived",
        "created_at": "2025-10-01T16:00:00.000Z",
        "next_try_at": "2025-10-01T16:00:00.000Z",
        "text": "alert 1",
    }
    assert [(o["status"], o["attempts"], o["error"]) for o in others] == [
        ("parked", 1, "why 2"),
        ("dead", 1, "why 3"),
        ("uncertain", 1, "why 4"),
    ]
    assert run("outbox", "--config", queued) == 0
    shown = capsys.readouterr().out
    assert "held: #alerts: is_archived: unarchive it" in shown
    assert "1 dead, 1 parked, 1 pending, 1 uncertain" in shown


def test_a_retry_lets_dead_and_parked_messages_wait_again(
    queued: Path, tmp_path: Path, capsys: Printed
) -> None:
    assert run("outbox", "retry", "2", "3", "3", "--json", "--config", queued) == 0
    assert objects(capsys) == [
        {"id": 2, "changed": True, "status": "pending", "why": None},
        {"id": 3, "changed": True, "status": "pending", "why": None},
    ]

    store = Store(tmp_path / "bot.db")
    states = [message.state.value for message in store.outbox.all()]
    store.close()
    assert states == ["pending", "pending", "pending", "uncertain"]


def test_a_retry_tells_of_each_message_why_it_was_not_queued_again(
    queued: Path, tmp_path: Path, capsys: Printed
) -> None:
    store = Store(tmp_path / "bot.db")
    store.outbox.settle(store.outbox.all()[0], Delivery.SENT, at=NOW)
    store.close()

    assert run("--config", queued, "outbox", "retry", "1", "3", "4", "99") == 1

    assert capsys.readouterr().out.splitlines() == [
        "1: sent already at 2025-10-01 12:00 ET to #alerts",
        "3: waits for its turn again",
        "4: may have been posted at 2025-10-01 12:00 ET in #alerts; it is looked for; "
        "by hand: `bot outbox settle 4` where it stands there, "
        "`bot outbox retry --anyway 4` posts it again",
        "99: there is no such message",
        "1 of 4 messages wait for their turn again",
    ]
    assert run("--config", queued, "outbox", "retry", "99", "--json") == 1
    (answer,) = objects(capsys)
    assert answer == {
        "id": 99, "changed": False, "status": None, "why": "there is no such message",
    }  # fmt: skip
    assert run("--config", queued, "outbox", "retry", "first") == 2
    assert run("--config", queued, "outbox", "retry") == 2


def test_an_uncertain_message_is_sent_again_when_somebody_says_anyway(
    queued: Path, capsys: Printed
) -> None:
    assert run("outbox", "retry", "--anyway", "4", "--json", "--config", queued) == 0
    assert objects(capsys) == [{"id": 4, "changed": True, "status": "pending", "why": None}]


def test_an_uncertain_message_that_somebody_found_counts_as_sent(
    queued: Path, capsys: Printed
) -> None:
    assert run("outbox", "settle", "4", "--config", queued) == 0
    assert "4: counts as sent" in capsys.readouterr().out
    assert run("outbox", "settle", "4", "3", "--json", "--config", queued) == 1

    sent, dead = objects(capsys)
    assert (sent["status"], sent["changed"]) == ("sent", False)
    assert dead["why"] == "dead, so it did not arrive; `bot outbox retry 3` sends it"


# bot doctor.


def test_a_bot_that_has_all_it_needs_is_told_so(
    config: Path, slack: SlackServer, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", slack.token)

    assert run("doctor", "--json", "--config", config) == 0

    findings = objects(capsys)
    assert [list(finding) for finding in findings] == [["what", "health", "told", "mend"]] * 13
    assert [finding["what"] for finding in findings] == [
        "rules", "store", "disk", "contact", "EDGAR feed", "clock", "EDGAR data", "prices",
        "Federal Reserve", "Slack", "scopes", "channel #alerts", "cards",
    ]  # fmt: skip
    bad = [f for f in findings if f["health"] != "good" and f["what"] != "disk"]
    assert bad == []
    assert findings[-4]["told"] == "alerts in Sandbox"
    assert "of card are as Slack wants them" in findings[-1]["told"]


def test_without_a_token_the_doctor_warns_and_all_is_well(config: Path, capsys: Printed) -> None:
    assert run("doctor", "--config", config) == 0

    shown = capsys.readouterr().out
    assert "no token: alerts go to the terminal and the store" in shown
    assert "mend: set SLACK_BOT_TOKEN" in shown
    assert "ok   Federal Reserve off" in shown


def test_the_doctor_posts_a_probe_only_where_it_is_told_to(
    config: Path, slack: SlackServer, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", slack.token)

    assert run("doctor", "--json", "--config", config) == 0
    without = [finding["what"] for finding in objects(capsys)]
    posts = [call for call in slack.calls if call.method == "chat.postMessage"]
    assert run("doctor", "--json", "--probe", "#alerts", "--config", config) == 0

    assert posts == []
    assert [f["what"] for f in objects(capsys) if f["what"] not in without] == [
        "Slack clock",
        "history",
    ]
    assert slack.messages("alerts") == []


def test_with_both_tokens_the_doctor_connects_and_beside_a_running_bot_only_asks(
    config: Path, slack: SlackServer, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", slack.token)
    monkeypatch.setenv("SLACK_APP_TOKEN", slack.app_token)

    assert run("doctor", "--json", "--config", config) == 0
    alone = objects(capsys)[-1]
    with only_one(config.parent / "bot.db"):
        assert run("doctor", "--json", "--config", config) == 0

    assert alone["what"] == "Socket Mode"
    assert alone["told"].startswith("2 connections, hello and pong within")
    assert "left alone" in objects(capsys)[-1]["told"]
    assert slack.until(lambda: slack.socket.connections == 0)


def test_swapped_tokens_are_told_before_anything_is_asked(
    config: Path, slack: SlackServer, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", slack.app_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", slack.token)

    assert unwell(config, capsys) == ["Slack", "Slack"]
    assert slack.calls == []


def unwell(config: Path, capsys: Printed) -> list[str]:
    """What the doctor finds bad, with status 1 and a mend for each."""
    assert run("doctor", "--json", "--config", config) == 1
    bad = [finding for finding in objects(capsys) if finding["health"] == "bad"]
    assert all(finding["mend"] for finding in bad)
    return [finding["what"] for finding in bad]


def test_the_doctor_goes_on_after_what_is_bad(
    tmp_path: Path,
    edgar: SandboxEdgar,
    slack: SlackServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Printed,
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    (tmp_path / "rules.yaml").write_text(GOOD_RULE.replace("value_usd", "valeu_usd"))
    config = write_config(tmp_path / "bot.toml", edgar.url, slack_url=slack.api_url, edgar="")

    assert unwell(config, capsys) == ["rules", "contact", "EDGAR", "Slack"]


def test_the_doctor_tells_of_a_folder_that_is_not_there(
    tmp_path: Path, config: Path, capsys: Printed
) -> None:
    config.write_text(config.read_text().replace('"bot.db"', '"nowhere/bot.db"'))

    assert "store" in unwell(config, capsys)
    assert not (tmp_path / "nowhere").exists()


def test_the_doctor_tells_of_an_edgar_that_answers_something_else(
    config: Path, edgar: SandboxEdgar, capsys: Printed
) -> None:
    edgar.faults.add(FaultKind.OTHER_ROOT, path="getcurrent", times=None)

    assert unwell(config, capsys) == ["EDGAR feed"]


def test_with_edgar_down_the_doctor_prints_objects_only_and_logs_beside_them(
    config: Path, edgar: SandboxEdgar, capsys: Printed
) -> None:
    edgar.faults.add(FaultKind.TOO_MANY, retry_after="300", times=None)

    assert run("doctor", "--json", "--config", config) == 1

    printed = capsys.readouterr()
    assert all(json.loads(line)["what"] for line in printed.out.splitlines())
    assert "edgar.throttled" in printed.err


def test_a_block_of_the_sec_is_told_with_its_end_and_nobody_asks_before(
    config: Path, edgar: SandboxEdgar, capsys: Printed
) -> None:
    Store(config.with_name("bot.db")).close()
    edgar.faults.add(FaultKind.BLOCKED, path="getcurrent")
    before = system_clock()
    assert "EDGAR feed" in unwell(config, capsys)
    asked = len(edgar.requests)

    run("doctor", "--json", "--config", config)

    (found,) = [finding for finding in objects(capsys) if finding["what"] == "EDGAR"]
    ends = {(before + timedelta(minutes=10, seconds=s)).astimezone(NEW_YORK) for s in (0, 60)}
    assert any(f"no request to the SEC until {end:%H:%M} ET" in found["told"] for end in ends)
    assert run("backfill", "ZBAT", "--config", config) == 1
    assert "no request to the SEC until" in capsys.readouterr().err
    loaded, store = load_config(config), Store(config.with_name("bot.db"))
    with edgar_client(loaded, store) as client, pytest.raises(Stopped):
        client.feed(0)
    store.close()
    assert len(edgar.requests) == asked


def test_the_doctor_asks_once_where_the_sec_wants_a_declaration(
    config: Path, edgar: SandboxEdgar, capsys: Printed
) -> None:
    edgar.faults.add(FaultKind.UNDECLARED)

    assert unwell(config, capsys) == ["EDGAR feed"]
    assert len(edgar.requests) == 1


def the_store(config: Path, capsys: Printed) -> dict[str, Any]:
    run("doctor", "--json", "--config", config)
    (found,) = [finding for finding in objects(capsys) if finding["what"] == "store"]
    return found


def test_the_doctor_tells_which_indexes_were_read_and_none_that_was_not(
    config: Path, capsys: Printed
) -> None:
    with closing(Store(config.with_name("bot.db"))) as store:
        assert the_store(config, capsys)["told"] == "0 documents, the bot has not run yet"
        store.collection.start(datetime(2025, 3, 3, 15, tzinfo=UTC))
        store.collection.mark_whole("edgar", date(2025, 3, 2), listed=0, missing=0)
        told = the_store(config, capsys)["told"]
        assert told == "0 documents, collecting since 2025-03-03, no day is over and read whole yet"
        store.collection.mark_whole("edgar", date(2025, 3, 4), listed=0, missing=0)
        told = the_store(config, capsys)["told"]
        assert told == "0 documents, every index read from 2025-03-03 up to 2025-03-04"


def test_the_doctor_warns_of_filings_for_which_something_else_came_and_names_them(
    config: Path, capsys: Printed
) -> None:
    waiting = {
        f"0009-{n}": {"accession_number": f"0009-{n}", "reason": "a PDF", "absent": n > 2}
        for n in range(1, 8)
    }
    with closing(Store(config.with_name("bot.db"))) as store:
        store.collection.save_pending("edgar", waiting)
        found = the_store(config, capsys)
        assert found["health"] == "warning"
        assert "7 listed by EDGAR but not obtained yet (0009-3: a PDF; 0009-4" in found["told"]
        assert "0009-7: a PDF; and 2 more)" in found["told"]
        store.collection.save_pending("edgar", {"0009-7": waiting["0009-7"]})
        assert the_store(config, capsys)["health"] == "good"


def test_the_doctor_tells_the_limit_that_keeps_the_store_from_growing(
    config: Path, tmp_path: Path
) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))

    Store(tmp_path / "bot.db").close()
    asked = subprocess.run(
        [sys.executable, "-m", "bot", "doctor", "--json", "--config", config],
        preexec_fn=limit, capture_output=True, text=True, check=False, env=environment(),
    )  # fmt: skip

    found = [json.loads(line) for line in asked.stdout.splitlines()]
    (store,) = [finding for finding in found if finding["what"] == "store"]
    assert asked.returncode == 1
    assert store["health"] == "bad"
    assert "disk I/O error" in store["told"]
    assert found[-1]["what"] == "Slack"


def test_the_doctor_warns_of_documents_that_did_not_come_or_can_not_be_read(
    replayed: Path, capsys: Printed
) -> None:
    store = Store(replayed.with_name("bot.db"))
    document = NewDocument(source="edgar", key="0009000001-25-000009", name="x.txt", body=b"x")
    store.documents.add([document], seen_at=datetime(2025, 3, 3, tzinfo=UTC))
    store.documents.mark_unreadable(store.documents.unread(1)[0].id, "no XML part")
    store.collection.settle("edgar", "0009000001-25-000007", state="missing", told="a PDF")
    store.close()

    run("doctor", "--json", "--config", replayed)

    (found,) = [finding for finding in objects(capsys) if finding["what"] == "store"]
    assert found["health"] == "warning"
    assert "3 unreadable (block-page.txt: an HTML page" in found["told"]
    assert "; x.txt: no XML part)" in found["told"]
    assert (
        "1 listed by EDGAR but not obtained, given up (0009000001-25-000007: a PDF)"
        in found["told"]
    )
    assert "bot backfill" in found["mend"]


def test_the_doctor_warns_of_a_clock_that_is_off(
    config: Path, edgar: SandboxEdgar, capsys: Printed
) -> None:
    edgar.faults.add(FaultKind.STALE, path="getcurrent", times=None, seconds=3600)

    assert run("doctor", "--json", "--config", config) == 0
    (clock,) = [finding for finding in objects(capsys) if finding["what"] == "clock"]
    assert clock["health"] == "warning"
    assert clock["told"].startswith("+36")


def test_the_doctor_asks_the_federal_reserve(config: Path, capsys: Printed) -> None:
    with SandboxFed(story(), SandboxClock(start=DECIDED + timedelta(minutes=5))) as fed:
        text = config.read_text().replace("enabled = false", f'url = "{fed.url}"')
        config.write_text(text)
        assert run("doctor", "--json", "--config", config) == 0
        good = {f["what"]: f for f in objects(capsys)}["Federal Reserve"]
        fed.faults.add(FaultKind.WEB_PAGE, path="press_all", times=None)
        assert run("doctor", "--json", "--config", config) == 1
        bad = {f["what"]: f for f in objects(capsys)}["Federal Reserve"]

    assert good["told"] == "answers, 6 releases, the newest of 2025-09-17 14:00 ET"
    assert (bad["health"], bool(bad["mend"])) == ("bad", True)
    assert "an error page" in bad["told"]


# bot sandbox serve.


def test_the_sandbox_prints_a_configuration_that_works_and_ends_on_a_signal(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    with command("sandbox", "serve", "--port", "0") as sandbox:
        assert sandbox.stdout
        printed = ""
        while "[alerts]\nchannel" not in printed:
            line = sandbox.stdout.readline()
            assert line, "it ended before it had told its configuration"
            printed += line
        config.write_text(printed + f'[rules]\npath = "{tmp_path / "rules.yaml"}"\n')
        (tmp_path / "rules.yaml").write_text(GOOD_RULE)
        monkeypatch.setenv("SLACK_BOT_TOKEN", printed.split("SLACK_BOT_TOKEN=")[1].split()[0])
        prices = load_config(config, {}).prices
        alpaca = httpx.get(printed.split('# url = "')[1].split('"')[0] + "/v2/stocks/bars")
        feed = httpx.get(load_config(config, {}).fed.url + "/feeds/press_all.xml")

        assert run("--config", config, "doctor", "--json") == 0
        findings = objects(capsys)
        sandbox.send_signal(signal.SIGTERM)
        assert sandbox.wait(LONG) == 0

    assert {f["what"]: f["health"] for f in findings}["Slack"] == "good"
    assert (prices.provider, alpaca.json()) == ("yahoo", {"message": "forbidden."})
    assert prices.url
    assert prices.url.startswith("http://127.0.0.1:")
    assert "Federal Reserve issues FOMC statement" in feed.text


def test_a_port_that_is_taken_is_status_2(edgar: SandboxEdgar) -> None:
    port = edgar.url.rsplit(":", 1)[1]
    with command("sandbox", "serve", "--port", port, environ=environment()) as sandbox:
        _, told = sandbox.communicate(timeout=LONG)

    assert sandbox.returncode == 2
    assert f"port {port}: " in told
    assert "--port" in told
