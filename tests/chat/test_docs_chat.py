"""docs/chat.md tells of everything that can be asked."""

from pathlib import Path

import pytest

from bot.chat.command import Verb
from bot.chat.verbs import VERBS
from bot.config import Chat
from bot.config.declared import settings_of

PAGE = (Path(__file__).parents[2] / "docs/chat.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.SEARCH])
def test_every_verb_is_described(verb: Verb) -> None:
    assert f"`{verb} " in PAGE or f"`{verb}`" in PAGE


def test_every_verb_is_answered() -> None:
    assert set(VERBS) == set(Verb)


def test_every_permission_is_described() -> None:
    assert all(f"`{name}`" in PAGE or f"[chat] {name}`" in PAGE for name in settings_of(Chat))
