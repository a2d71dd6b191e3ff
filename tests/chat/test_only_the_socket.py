"""Nothing is done in the name of somebody in Slack but by what came through the socket."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

BOT = Path(__file__).parents[2] / "bot"


def uses(name: str) -> set[str]:
    """The files of the bot that call or subclass something by this name; the sandbox is none."""
    return {place for place, names in _used().items() if name in names}


@cache
def _used() -> dict[str, frozenset[str]]:
    """What each file calls or subclasses."""
    places = {file.relative_to(BOT).as_posix(): file for file in BOT.rglob("*.py")}
    return {
        place: frozenset(_names(ast.parse(file.read_text(encoding="utf-8"))))
        for place, file in places.items()
        if not place.startswith("sandbox/")
    }


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        made = [node.func] if isinstance(node, ast.Call) else getattr(node, "bases", [])
        for each in made:
            if isinstance(each, ast.Name | ast.Attribute):
                yield each.id if isinstance(each, ast.Name) else each.attr


def test_people_of_slack_are_made_of_payloads_of_the_socket_only() -> None:
    assert uses("Asker") == {"chat/asker.py", "chat/slack_people.py"}
    assert uses("asker") == {"chat/slack_conversation.py"}
    assert uses("Conversation") == {"slack_desk.py"}
    assert uses("Modals") == {"slack_desk.py"}
    assert uses("SlackSocket") == {"slack_desk.py", "chat/slack_trial.py"}


def test_the_bot_opens_no_port() -> None:
    for listens in ("HTTPServer", "ThreadingHTTPServer", "create_server", "listen", "serve"):
        assert uses(listens) == set(), listens
