"""Configurations as files, and what is told of them."""

from pathlib import Path

import pytest

from bot.config import Config, InvalidConfig, load_config

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


TOKEN = "xoxb-1234-abcd"


ENVIRONMENT = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": "  ", "HOME": "/home/somebody"}


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def loaded(folder: Path, text: str) -> Config:
    return load_config(written(folder, text), {})


def mistakes(folder: Path, text: str) -> list[tuple[int, int, str, str]]:
    """Line, column, what and mend of every mistake."""
    with pytest.raises(InvalidConfig) as caught:
        load_config(written(folder, text), {})
    return [(p.line, p.column, p.what, p.mend) for p in caught.value.problems]
