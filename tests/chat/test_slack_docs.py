"""The page on Slack says what the code does."""

from pathlib import Path

import pytest

from bot.chat.slack_gate import REFUSALS
from bot.notifiers.slack_scopes import APP_SCOPE, SCOPES, Scope

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "slack.md").read_text()


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.name)
def test_each_scope_stands_on_the_page_with_its_reason_and_what_fails_without_it(
    scope: Scope,
) -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{scope.name}` |")]

    assert scope.why in row
    assert row.endswith(f"| {scope.without} |")


def test_no_scope_stands_on_the_page_that_the_bot_does_not_ask_for() -> None:
    table = PAGE.partition("| scope | what the bot")[2].partition("\n\n")[0]
    rows = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]

    assert rows == [scope.name for scope in SCOPES]
    assert APP_SCOPE in PAGE


def test_every_refusal_of_a_connection_has_its_mend() -> None:
    assert all(mend and not mend.endswith(".") for mend in REFUSALS.values())
