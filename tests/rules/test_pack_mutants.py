"""The tests of the shipped rules notice every little change of their rule."""

from pathlib import Path

import pytest

from bot.rehearsal import rehearse
from bot.rules.mutate import try_mutants

FILES = sorted((Path(__file__).parents[2] / "rules").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_change_of_a_shipped_rule_goes_unnoticed(file: Path) -> None:
    tried = list(try_mutants([(file.name, file.read_text())], rehearse))

    assert tried
    assert [(m.rule.id, each.what) for m in tried for each in m.survivors] == []
