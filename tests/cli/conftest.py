"""What commands around a live bot work on: its configuration, servers and store."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import system_clock
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_publication import accepted_again, publication_of
from bot.sandbox.market import filings, write_market
from bot.sandbox.slack import SlackServer
from tests.cli.console import GOOD_RULE, Printed, run
from tests.processes import write_config


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
