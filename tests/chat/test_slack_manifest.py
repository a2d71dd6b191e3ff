"""The manifest keeps Slack's rules and promises what is there, no more."""

import ast
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML
from slack_sdk import WebClient

from bot.chat.slack_manifest import Manifest, as_link, as_yaml, manifest
from bot.chat.slack_payloads import COMMAND, Opening, read_envelope
from bot.cli import bot
from bot.notifiers.slack_scopes import FREE_METHODS, SCOPES, missing, needed

BOT = Path(__file__).parents[2] / "bot"


def closed(required: str, **properties: object) -> dict[str, object]:
    """An object of these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def text(most: int, pattern: str = "") -> dict[str, object]:
    return {"type": "string", "minLength": 1, "maxLength": most, "pattern": pattern}


def listed(item: object, most: int) -> dict[str, object]:
    return {"type": "array", "items": item, "minItems": 1, "maxItems": most, "uniqueItems": True}


FLAG = {"type": "boolean"}
SCHEMA = closed(
    "display_information",
    _metadata=closed("major_version", major_version={"const": 1}, minor_version={"const": 1}),
    display_information=closed(
        "name",
        name=text(35),
        description=text(140),
        background_color=text(7, "^#[0-9a-f]{6}$"),
    ),
    features=closed(
        "bot_user",
        app_home=closed(
            "messages_tab_enabled",
            home_tab_enabled=FLAG,
            messages_tab_enabled=FLAG,
            messages_tab_read_only_enabled=FLAG,
        ),
        bot_user=closed("display_name", display_name=text(80), always_online=FLAG),
        slash_commands=listed(
            closed(
                "command description",
                command=text(32, "^/[a-z_-]+$"),
                description=text(2_000),
                usage_hint=text(1_000),
                should_escape=FLAG,
            ),
            50,
        ),
        shortcuts=listed(
            closed(
                "name type callback_id description",
                name=text(24),
                type={"enum": ["global", "message"]},
                callback_id=text(255),
                description=text(150),
            ),
            10,
        ),
    ),
    oauth_config=closed(
        "scopes", scopes=closed("bot", bot=listed(text(60, r"^[a-z_]+:?[a-z_.]*$"), 255))
    ),
    settings=closed(
        "socket_mode_enabled",
        event_subscriptions=closed("bot_events", bot_events=listed(text(60), 100)),
        interactivity=closed("is_enabled", is_enabled=FLAG),
        org_deploy_enabled=FLAG,
        socket_mode_enabled=FLAG,
        token_rotation_enabled=FLAG,
    ),
)
"""Of docs.slack.dev, "app manifest reference": the keys that this app uses, with their limits."""


def scopes_of(app: Manifest) -> set[str]:
    return set(app["oauth_config"]["scopes"]["bot"])


@pytest.mark.parametrize("groups", [False, True])
def test_the_manifest_keeps_the_limits_of_slack(groups: bool) -> None:
    jsonschema.validate(manifest(groups=groups), SCHEMA)


def test_the_schema_refuses_what_slack_refuses() -> None:
    app = manifest()
    app["settings"]["metadata-events"] = ["bot_alert"]

    with pytest.raises(jsonschema.ValidationError, match="metadata-events"):
        jsonschema.validate(app, SCHEMA)


def test_the_yaml_says_what_the_json_says() -> None:
    app = manifest(groups=True)

    assert YAML(typ="safe").load(as_yaml(app)) == app


def test_the_link_carries_the_whole_manifest() -> None:
    link = urlsplit(as_link(manifest()))

    assert (link.scheme, link.netloc, link.path) == ("https", "api.slack.com", "/apps")
    asked = parse_qs(link.query)
    assert asked["new_app"] == ["1"]
    assert json.loads(asked["manifest_json"][0]) == manifest()


def test_the_command_prints_yaml_with_the_link_json_or_the_link_alone() -> None:
    as_text = CliRunner().invoke(bot, ["slack", "manifest"]).output

    assert YAML(typ="safe").load(as_text) == manifest()
    assert as_link(manifest()) in as_text
    assert CliRunner().invoke(bot, ["slack", "manifest", "--link"]).output.strip() == as_link(
        manifest()
    )
    assert json.loads(CliRunner().invoke(bot, ["slack", "manifest", "--json"]).output) == manifest()


def called_methods() -> Iterator[str]:
    """The methods of the Web API that the code calls on a client of slack_sdk, by both ways."""
    members = inspect.getmembers(WebClient, inspect.isfunction)
    names = {name for name, _ in members if not name.startswith("_") and name != "api_call"}
    files = [*BOT.glob("notifiers/slack*.py"), *BOT.glob("chat/slack*.py")]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in names:
                yield node.attr
            if isinstance(node, ast.Constant) and file.name != "slack_scopes.py":
                said = as_called(str(node.value))
                yield from [said] if said in names else []


def as_called(method: str) -> str:
    """The name of a method of the Web API as slack_sdk has it."""
    return method.replace(".", "_")


def test_every_method_that_is_called_has_its_scope() -> None:
    known = {as_called(method) for scope in SCOPES for method in scope.methods}
    free = {as_called(method) for method in (*FREE_METHODS, "apps.connections.open")}

    called = set(called_methods())

    assert called
    assert called <= known | free


def test_every_scope_is_used_by_a_method_an_event_or_the_command() -> None:
    called = set(called_methods())

    unused = [
        scope.name
        for scope in SCOPES
        if not scope.events and not any(as_called(method) in called for method in scope.methods)
    ]

    assert unused == ["commands"]  # which is asked for by what Slack sends, not by a call


def test_every_event_that_is_asked_for_is_read() -> None:
    for event in manifest()["settings"]["event_subscriptions"]["bot_events"]:
        kind, _, of = event.partition(".")
        told = {"type": kind, "channel": "D1", "user": "U1", "text": "OKLO", "ts": "1.000001"}
        told |= {"channel_type": of} if of else {"tab": "home"}
        payload = {"type": "event_callback", "event_id": "Ev1", "event": told}

        assert read_envelope({"type": "events_api", "payload": payload}) is not None, event


def test_the_command_of_the_manifest_is_the_one_that_is_read() -> None:
    commands = [each["command"] for each in manifest()["features"]["slash_commands"]]

    assert commands == [COMMAND]


def test_the_shortcut_of_the_manifest_is_the_one_that_is_read() -> None:
    (shortcut,) = manifest()["features"]["shortcuts"]
    told = {**shortcut, "type": "shortcut", "trigger_id": "1.2.3", "user": {"id": "U1"}}

    assert isinstance(read_envelope({"type": "interactive", "payload": told}), Opening)
    assert read_envelope({"type": "interactive", "payload": told | {"callback_id": "x"}}) is None


def test_the_link_is_short_enough_for_every_browser() -> None:
    assert len(as_link(manifest(groups=True))) < 2_083  # the shortest limit that browsers had


def test_a_group_costs_a_scope_only_where_there_are_groups() -> None:
    assert scopes_of(manifest(groups=True)) - scopes_of(manifest()) == {"usergroups:read"}


def test_what_is_missing_is_told_with_what_fails() -> None:
    held = [scope.name for scope in needed(chat=True, groups=False) if scope.name != "im:write"]

    assert [(scope.name, scope.without) for scope in missing(held, chat=True, groups=False)] == [
        ("im:write", "exports are not sent")
    ]
