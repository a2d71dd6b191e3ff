"""Two bots on one store: the second is refused, so nothing is told twice."""

from pathlib import Path

import pytest
from rich.console import Console

from bot.config import load_config
from bot.errors import ConfigError
from bot.running import resident_bot
from tests.processes import write_config
from tests.test_replay import RULES


def test_a_second_bot_on_the_same_store_is_refused_before_it_can_send(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(RULES)
    config = load_config(write_config(tmp_path / "bot.toml", "http://127.0.0.1:9"))
    console = Console(quiet=True)

    with resident_bot(config, console=console):
        with pytest.raises(ConfigError) as refused, resident_bot(config, console=console):
            pass
        assert "another bot works on this store" in refused.value.what

    with resident_bot(config, console=console):
        pass
