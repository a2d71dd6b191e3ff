"""Posts: what is accepted and where it stands, what is refused and why."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack import SlackServer
from tests.builders import NOW
from tests.sandbox.workspace.calls import ManualClock, refused, section


def test_a_token_that_works_says_whose_it_is(client: WebClient) -> None:
    answer = client.auth_test()

    assert answer["bot_id"]
    assert "chat:write" in answer.headers["X-OAuth-Scopes"]


@pytest.mark.parametrize(("token", "error"), [("xoxb-other", "invalid_auth"), (None, "not_authed")])
def test_a_wrong_token_and_none_are_told_apart(
    slack: SlackServer, token: str | None, error: str
) -> None:
    client = WebClient(token, base_url=slack.api_url, retry_handlers=[])

    assert refused(client.auth_test)["error"] == error


def test_a_post_is_answered_with_its_place_and_stands_in_the_channel(
    slack: SlackServer, client: WebClient
) -> None:
    answer = client.chat_postMessage(channel="#alerts", text="hello", blocks=[section("hello")])

    (message,) = slack.messages("alerts")
    assert answer["channel"] == slack.channel("alerts").id
    assert answer["ts"] == message["ts"] == f"{NOW.timestamp():.6f}"
    assert answer["message"] == message
    assert message["blocks"][0]["block_id"]


def test_the_channel_is_found_by_its_name_and_by_its_id(
    slack: SlackServer, client: WebClient
) -> None:
    for name in ("#alerts", "alerts", slack.channel("alerts").id):
        client.chat_postMessage(channel=name, text="hello")

    assert len(slack.messages("#alerts")) == 3


def test_places_are_unique_and_increase_even_when_time_stands_still(
    slack: SlackServer, client: WebClient
) -> None:
    for _ in range(3):
        client.chat_postMessage(channel="#alerts", text="hello")

    places = [message["ts"] for message in slack.messages("alerts")]
    assert places == sorted(set(places))


def test_an_address_in_a_text_comes_back_in_brackets(slack: SlackServer, client: WebClient) -> None:
    client.chat_postMessage(channel="#alerts", text="see https://www.sec.gov/x and <https://a.b|c>")

    assert slack.messages("alerts")[0]["text"] == (
        "see <https://www.sec.gov/x> and <https://a.b|c>"
    )


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ({"is_archived": True}, "is_archived"),
        ({"is_member": False}, "not_in_channel"),
        ({"is_member": False, "is_private": True}, "channel_not_found"),
    ],
)
def test_a_channel_that_takes_no_posts_says_why(
    slack: SlackServer, client: WebClient, state: dict[str, bool], error: str
) -> None:
    for name, value in state.items():
        setattr(slack.channel("alerts"), name, value)

    assert refused(client.chat_postMessage, channel="#alerts", text="x")["error"] == error
    assert slack.messages("alerts") == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "#nowhere", "text": "x"}, "channel_not_found"),
        ({"channel": "#alerts", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        (
            {"channel": "#alerts", "text": "x", "blocks": [section("y" * 2_999)] * 5},
            "msg_blocks_too_long",
        ),
        ({"channel": "#alerts", "text": "x", "metadata": {}}, None),
        (
            {"channel": "#alerts", "text": "x", "metadata": {"event_type": "a b"}},
            "invalid_metadata_format",
        ),
        (
            {
                "channel": "#alerts",
                "text": "x",
                "metadata": {"event_type": "a", "event_payload": {"b": "c" * 9_000}},
            },
            "metadata_too_large",
        ),
    ],
)
def test_a_post_that_breaks_a_rule_is_refused_by_its_name(
    client: WebClient, arguments: dict[str, Any], error: str | None
) -> None:
    if error is None:
        client.chat_postMessage(**arguments)
    else:
        assert refused(client.chat_postMessage, **arguments)["error"] == error


def test_a_post_without_text_and_blocks_is_refused(client: WebClient) -> None:
    answer = refused(client.api_call, api_method="chat.postMessage", json={"channel": "#alerts"})

    assert answer["error"] == "no_text"


def test_a_channel_takes_a_burst_then_a_message_a_second(
    slack: SlackServer, client: WebClient, clock: ManualClock
) -> None:
    for _ in range(3):
        client.chat_postMessage(channel="#alerts", text="x")

    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel="#alerts", text="x")

    assert error.value.response.status_code == 429
    assert error.value.response["error"] == "ratelimited"
    assert error.value.response.headers["Retry-After"] == "1"
    client.chat_postMessage(channel="#insiders", text="another channel")
    clock.advance(1)
    client.chat_postMessage(channel="#alerts", text="x")
    assert len(slack.messages("alerts")) == 4
    assert [call.status for call in slack.calls] == [200, 200, 200, 429, 200, 200]


def test_an_unknown_method_is_refused(client: WebClient) -> None:
    assert refused(client.api_call, api_method="chat.postMesage")["error"] == "unknown_method"


def test_the_date_of_answers_is_the_clock_of_the_workspace(client: WebClient) -> None:
    assert client.auth_test().headers["Date"] == "Wed, 01 Oct 2025 16:00:00 GMT"
