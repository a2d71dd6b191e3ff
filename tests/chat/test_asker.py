"""Who asks: a person in Slack is made by what listens to its authenticated socket, and nowhere
else, so that nothing is done for a request that came another way."""

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[2] / "bot"


def makers(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls that make somebody who asks, or say by which way one came."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            names = {node.func.id} if isinstance(node.func, ast.Name) else set()
            if "Asker" in names or any(each.arg == "via" for each in node.keywords):
                yield node


def test_only_the_socket_makes_askers_of_slack() -> None:
    found = {
        file.relative_to(HOUSE).as_posix()
        for file in HOUSE.rglob("*.py")
        if any(
            isinstance(value, ast.Attribute) and value.attr == "SLACK"
            for call in makers(ast.parse(file.read_text(encoding="utf-8")))
            for value in [keyword.value for keyword in call.keywords if keyword.arg == "via"]
        )
    }

    assert all(name.startswith("chat/slack_") for name in found), found


def test_an_asker_says_by_which_way_they_came_wherever_one_is_made() -> None:
    for file in HOUSE.rglob("*.py"):
        for call in makers(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call.func, ast.Name) and call.func.id == "Asker":
                ways = [each.value for each in call.keywords if each.arg == "via"]
                assert [isinstance(way, ast.Attribute) for way in ways] == [True], file
