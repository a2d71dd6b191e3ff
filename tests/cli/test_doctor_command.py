"""bot doctor: what it asks, finds and advises."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import NEW_YORK, system_clock
from bot.config import load_config
from bot.edgar_desk import edgar_client
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.fed import SandboxFed
from bot.sandbox.fed_story import DECIDED, story
from bot.sandbox.slack import SlackServer
from bot.sources.edgar.pace import Stopped
from bot.store import Store
from bot.store.lock import only_one
from tests.cli.console import GOOD_RULE, Printed, objects, run
from tests.processes import write_config


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
