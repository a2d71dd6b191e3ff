"""The example of a configuration names every setting with its true default."""

import re
import tomllib
from pathlib import Path
from typing import Any

from bot.config.declared import Key, Variable
from bot.config.settings import all_settings
from tests.config.files import EXAMPLE, loaded


def uncommented_example() -> str:
    return re.sub(r"(?m)^#(?=\w+ = |\[\[)", "", EXAMPLE.read_text(encoding="utf-8"))


def examples() -> set[tuple[str, str]]:
    """Section and name of each setting whose line says that it shows no default."""
    found, section = set(), ""
    for line in uncommented_example().splitlines():
        if header := re.fullmatch(r"\[+(\w+)\]+", line):
            section = header[1]
        elif key := re.fullmatch(r"(\w+) = .*  # example", line):
            found.add((section, key[1]))
    return found


def example() -> dict[str, dict[str, Any]]:
    """The sections of the example; of those that stand often, the one that is there."""
    held = tomllib.loads(uncommented_example())
    return {name: each if isinstance(each, dict) else each[0] for name, each in held.items()}


def test_the_example_as_it_stands_changes_nothing(tmp_path: Path) -> None:
    config = loaded(tmp_path, EXAMPLE.read_text(encoding="utf-8"))

    assert config == loaded(tmp_path, "")


def test_the_example_names_every_setting_and_no_other() -> None:
    named = {(section, key) for section, keys in example().items() for key in keys}
    assert named == {
        (s, name) for s, name, setting, _ in all_settings() if isinstance(setting, Key)
    }


def test_the_example_shows_the_true_defaults() -> None:
    for section, name, setting, default in all_settings():
        if isinstance(setting, Key) and (section, name) not in examples():
            assert setting.read(example()[section][name]) == default, f"[{section}] {name}"
    assert examples() == {
        (s, name)
        for s, name, setting, d in all_settings()
        if isinstance(setting, Key) and d is None
    }


def test_the_example_can_be_used_whole(tmp_path: Path) -> None:
    assert loaded(tmp_path, uncommented_example()).edgar.contact


def test_the_example_names_every_variable_of_the_environment() -> None:
    variables = {s.name for _, _, s, _ in all_settings() if isinstance(s, Variable)}

    assert variables == set(
        re.findall(r"(?:SLACK|ALPACA)_\w+", EXAMPLE.read_text(encoding="utf-8"))
    )


def test_every_setting_is_explained() -> None:
    assert all(setting.doc.endswith((".", "…")) for _, _, setting, _ in all_settings())
