"""What the page of the local Slack is told by its server, and who may ask."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.notifiers.transport import opener_for
from bot.sandbox.slack import SlackServer
from tests.sandbox.slack_app import App, post


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts", "insiders"), burst=1_000) as server:
        yield server


@pytest.fixture
def app(slack: SlackServer) -> Iterator[App]:
    app = App(slack)
    thread = threading.Thread(target=app.run)
    thread.start()
    assert slack.until(lambda: slack.socket.connections == 1)
    yield app
    slack.socket.close()
    thread.join()


def did(slack: SlackServer, what: str, **given: str) -> dict[str, Any]:
    """What the page is told after an act."""
    body = json.dumps({"user": "U0ALEX", "channel": slack.channel("alerts").id} | given).encode()
    request = urllib.request.Request(
        f"{slack.url}/web/{what}", data=body, headers={"Content-Type": "application/json"}
    )
    with opener_for(slack.url).open(request) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


def test_a_bot_that_does_not_answer_in_time_is_told_of(slack: SlackServer, app: App) -> None:
    slack.socket.ack_within_s = 0.05
    slack.socket.silence()
    ts = post(app)

    did(slack, "send", text="/alerts OKLO")
    clicked = did(slack, "click", ts=ts, action_id="ack", value="12")

    assert "operation_timeout" in slack.answers()[0]["text"]
    assert clicked["error"] == "operation_timeout"


def test_a_command_in_a_thread_is_refused_as_slack_does(slack: SlackServer, app: App) -> None:
    ts = post(app)

    told = did(slack, "send", text="/alerts OKLO", thread=ts)

    assert "not supported in threads" in told["error"]
    assert app.payloads == []


def test_a_button_that_is_gone_is_told_of(slack: SlackServer, app: App) -> None:
    told = did(slack, "click", ts=post(app), action_id="no-such", value="12")

    assert told["error"] == "that is not there any more"


def fetched(slack: SlackServer, path: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(f"{slack.url}{path}", headers=headers)
    try:
        with opener_for(slack.url).open(request) as answer:
            return answer.status, str(answer.headers["Content-Security-Policy"])
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""


def test_the_page_allows_no_script_or_picture_of_another_host(slack: SlackServer) -> None:
    status, policy = fetched(slack, "/")

    assert status == 200
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert all(part.count("http") == 0 for part in policy.split(";"))


def test_the_page_holds_no_address_of_another_host() -> None:
    folder = Path(__file__).parents[2] / "bot" / "sandbox" / "page"
    for file in folder.iterdir():
        told = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "://" not in told, file.name


@pytest.mark.parametrize("path", ["/", "/web/state"])
def test_a_name_that_leads_to_this_machine_is_shown_nothing(slack: SlackServer, path: str) -> None:
    assert fetched(slack, path, Host="evil.example:80")[0] == 404


def test_another_page_can_not_act_here(slack: SlackServer) -> None:
    body = json.dumps({"user": "U0ALEX", "channel": "#alerts", "text": "hello"}).encode()
    request = urllib.request.Request(
        f"{slack.url}/web/send", data=body, headers={"Content-Type": "text/plain"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        opener_for(slack.url).open(request)

    with refused.value:
        assert refused.value.code == 400
    assert slack.messages("alerts") == []
