"""What a setting is: a key of the file, or a variable of the environment."""

import keyword
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import get_type_hints

from bot.config.readers import Reader


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A text that must not be seen: it prints as ``***``."""

    _text: str

    def __repr__(self) -> str:
        return "***"

    def reveal(self) -> str:
        """The text itself, for the one call that needs it."""
        return self._text


@dataclass(frozen=True, slots=True)
class Key:
    """A setting of the file: how its value is read and what it means."""

    read: Reader
    doc: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A secret: read from this variable of the environment, and from nowhere else.

    giver: where the operator has it from.
    """

    name: str
    doc: str
    giver: str = "Slack"


Setting = Key | Variable


@cache
def settings_of(section: type) -> Mapping[str, Setting]:
    """The declared settings of a section by name."""
    hints = get_type_hints(section, include_extras=True)
    return {f.name.rstrip("_"): hints[f.name].__metadata__[0] for f in fields(section)}


@cache
def required_of(section: type) -> tuple[str, ...]:
    """The settings of a section without which there is none."""
    return tuple(f.name for f in fields(section) if f.default is MISSING)


def field_of(key: str) -> str:
    """The field that holds a setting: ``from`` and ``continue`` are words of Python."""
    return f"{key}_" if keyword.iskeyword(key) else key
