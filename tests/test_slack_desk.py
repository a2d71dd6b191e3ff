"""The resident bot that is asked in Slack: as a process of its own, and its tokens."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.config import Alerts, Config, Secret, Slack
from bot.errors import ConfigError
from bot.sandbox.slack import SlackServer
from bot.sandbox.slack_socket import Reason
from bot.slack_desk import SlackDesk, check_tokens, slack_desk_of
from bot.store import Store
from tests.builders import NOW
from tests.chat.talk import tidy
from tests.live import a_config, servers
from tests.processes import IN_TIME, LONG, command, environment, seconds_to_end, until


def a_desk(slack: SlackServer, store: Store, **tokens: str) -> SlackDesk | None:
    held = {"bot_token": slack.token, "app_token": slack.app_token, **tokens}
    secrets: dict[str, Any] = {name: Secret(text) for name, text in held.items() if text}
    config = Config(
        slack=Slack(api_url=slack.api_url, **secrets), alerts=Alerts(ops_channel="#ops")
    )
    return slack_desk_of(config, store, rules=tuple, refused=tuple, clock=lambda: NOW)


def test_a_bot_with_both_tokens_answers_commands_and_ends_at_once_on_a_signal(
    tmp_path: Path,
) -> None:
    with servers() as (edgar, slack):
        config = a_config(tmp_path, (edgar, slack))
        secrets = {"SLACK_BOT_TOKEN": slack.token, "SLACK_APP_TOKEN": slack.app_token}
        with command("--config", config, "run", environ=environment(**secrets)) as bot:
            until(lambda: slack.socket.connections == 2)
            asked = slack.command("/alerts help")
            assert asked.wait(LONG)
            assert slack.until(lambda: slack.answers(), timeout_s=LONG)
            slack.open_home()
            assert slack.until(lambda: slack.workspace.views.homes, timeout_s=LONG)
            mentioned = slack.mention("sales", "last 3")
            assert slack.until(lambda: len(slack.messages("sales")) >= 2, timeout_s=LONG)

            assert seconds_to_end(bot) < IN_TIME
            assert bot.returncode == 0
            told = "".join(stream.read() for stream in (bot.stdout, bot.stderr) if stream)

    assert mentioned.wait(LONG)
    assert all(secret not in told for secret in secrets.values())
    assert "error" not in told


def looked(desk: SlackDesk) -> bool:
    """After a look, as the schedule has one every second."""
    desk.look()
    return True


def test_without_an_app_token_nothing_listens() -> None:
    with SlackServer() as slack, closing(Store(None)) as store:
        assert a_desk(slack, store, app_token="") is None


@pytest.mark.parametrize(
    ("tokens", "told"),
    [
        ({"bot_token": "xapp-1", "app_token": "xoxb-1"}, "SLACK_BOT_TOKEN holds an app-level"),
        ({"bot_token": "xoxp-1"}, "SLACK_BOT_TOKEN holds a token of a person"),
        ({"bot_token": "xoxb-1", "app_token": "xoxb-1"}, "SLACK_APP_TOKEN holds the bot token"),
        ({"app_token": "xapp-1"}, "SLACK_APP_TOKEN stands alone"),
    ],
)
def test_wrong_tokens_are_refused_at_the_start_without_being_shown(
    tokens: dict[str, str], told: str
) -> None:
    held = {name: Secret(text) for name, text in tokens.items()}
    slack = Slack(bot_token=held.get("bot_token"), app_token=held.get("app_token"))

    with pytest.raises(ConfigError, match=told) as caught:
        check_tokens(slack)

    assert all(token not in str(caught.value) for token in tokens.values())


def test_a_link_that_is_disabled_is_told_in_health_and_to_the_operators() -> None:
    with SlackServer() as slack:
        store = Store(None)
        desk = a_desk(slack, store)
        assert desk is not None
        desk.look()
        until(lambda: slack.socket.connections == 2)

        slack.socket.disconnect(Reason.LINK_DISABLED)
        until(lambda: looked(desk) and store.collection.troubles(1))
        for _ in range(3):
            desk.look()
        desk.hang_up()
        tidy()

        (trouble,) = store.collection.troubles(9)
        (message,) = store.outbox.all()
        assert trouble.job == "chat"
        assert "link_disabled" in trouble.told
        assert "Socket Mode on in the settings" in trouble.told
        assert message.channel == "#ops"
        store.close()


def test_a_bot_token_that_is_revoked_while_it_listens_is_told_once() -> None:
    with SlackServer() as slack:
        store = Store(None)
        slack.workspace.token_error = "token_revoked"
        desk = a_desk(slack, store)
        assert desk is not None
        for _ in range(3):
            desk.look()
        desk.hang_up()
        tidy()

        assert ["token_revoked" in each.told for each in store.collection.troubles(9)] == [True]
        store.close()
