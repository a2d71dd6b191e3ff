"""Numbers and days that no command can work with are a wrong usage, told in a line."""

from pathlib import Path

import pytest

from bot.store import Store
from tests.cli.console import run

HUGE = "99999999999999999999"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    Store(tmp_path / "bot.db").close()
    (tmp_path / "bot.toml").write_text('[store]\npath = "bot.db"\n[edgar]\ncontact = "a@b.c"\n')
    return tmp_path / "bot.toml"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("facts insider_trade --limit " + HUGE, "1<=x<=1000000"),
        ("facts insider_trade --limit -5", "1<=x<=1000000"),
        ("facts insider_trade --limit 0", "1<=x<=1000000"),
        ("facts insider_trade --limit many", "'many' is no whole number"),
        ("outbox retry " + HUGE, "1<=x<=9223372036854775807"),
        ("outbox retry x", "'x' is no whole number"),
        ("backfill X --since 2999-01-01", "2999-01-01 has not come yet; the last day is today, "),
        ("outbox retry 0", "1<=x<=9223372036854775807"),
        ("sandbox serve --port 99999", "0<=x<=65531"),
        ("sandbox serve --port 65532", "0<=x<=65531"),
        ("sandbox serve --port -1", "0<=x<=65531"),
        ("sandbox serve --every 0", "0.1<=x<=86400"),
        ("sandbox serve --every 1e300", "0.1<=x<=86400"),
        ("sandbox serve --every nan", "no number one could count with"),
        ("demo --speed 0", "0.1<=x<=1000000"),
        ("demo --speed inf", "0.1<=x<=1000000"),
        ("demo --speed nan", "no number one could count with"),
        ("history last " + "9" * 5_000, "`last 1` to `last 1000`"),
        (f"history last {HUGE}", "`last 1` to `last 1000`"),
        (f"history since:{HUGE}d", "is not a date I know"),
        ("history since:9999999d", "is not a date I know"),
        ("history since:99999y", "is not a date I know"),
    ],
)
def test_what_lies_out_of_range_is_a_wrong_usage_that_names_the_range(
    config: Path, capsys: pytest.CaptureFixture[str], arguments: str, told: str
) -> None:
    assert run("--config", config, *arguments.split()) == 2

    shown = capsys.readouterr().err
    assert told in " ".join(shown.split())
    assert "Traceback" not in shown
