"""bot sandbox serve: the configuration that it prints works."""

import signal
from pathlib import Path

import httpx
import pytest

from bot.config import load_config
from bot.sandbox.edgar import SandboxEdgar
from tests.cli.console import GOOD_RULE, Printed, objects, run
from tests.processes import LONG, command, environment


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
