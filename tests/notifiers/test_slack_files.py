"""Files handed to Slack, and what is known of them when something breaks on the way."""

import pytest

from bot.errors import DeliveryError
from bot.notifiers.slack_check import client_of
from bot.notifiers.slack_client import WriteClient
from bot.notifiers.slack_files import send_to, upload
from bot.sandbox.slack import Fault, FaultKind, SlackServer

BODY = b"\x89PNG\r\n" + bytes(range(256)) * 40


@pytest.fixture
def client(slack: SlackServer) -> WriteClient:
    return client_of(slack.token, api_url=slack.api_url)


def handed(client: WriteClient, channel: str | None = None) -> str:
    return upload(client, name="oklo.png", body=BODY, title="OKLO", channel=channel)


def test_a_file_that_is_shown_nowhere_can_be_shown_by_its_id(
    slack: SlackServer, client: WriteClient
) -> None:
    number = handed(client)

    file = slack.workspace.files.shown(number)
    assert file is not None
    assert (file.name, file.title, file.body) == ("oklo.png", "OKLO", BODY)
    assert slack.messages("alerts") == []


def test_a_file_for_a_thread_is_shown_there(slack: SlackServer, client: WriteClient) -> None:
    parent = slack.workspace.post({"channel": "alerts", "text": "an alert"})

    upload(
        client, name="oklo.png", body=BODY, title="OKLO",
        channel=slack.channel("alerts").id, thread=parent["ts"],
    )  # fmt: skip

    *_, message = slack.messages("alerts")
    assert message["thread_ts"] == parent["ts"]
    assert [file["title"] for file in message["files"]] == ["OKLO"]


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.RESET, FaultKind.STATUS])
@pytest.mark.parametrize(
    ("method", "shown_in", "safe"),
    [
        ("files.getUploadURLExternal", "alerts", True),
        ("files.completeUploadExternal", "alerts", False),
        ("files.completeUploadExternal", None, True),
    ],
)
def test_another_try_is_safe_unless_the_file_may_have_been_shown(
    slack: SlackServer,
    client: WriteClient,
    kind: FaultKind,
    method: str,
    shown_in: str | None,
    safe: bool,
) -> None:
    slack.faults.append(Fault(kind, accepted=True, method=method))

    with pytest.raises(DeliveryError) as caught:
        handed(client, shown_in and slack.channel(shown_in).id)

    assert caught.value.retry is safe
    assert len(slack.messages("alerts")) == (0 if safe else 1)


def test_bytes_go_nowhere_but_to_slack(slack: SlackServer, client: WriteClient) -> None:
    slack.workspace.url = "https://files.example.org"

    with pytest.raises(DeliveryError, match="is not Slack's"):
        handed(client)


@pytest.mark.parametrize(
    ("code", "mend"), [("missing_scope", "files:write"), ("token_revoked", "SLACK_BOT_TOKEN")]
)
def test_a_refusal_is_told_with_its_mend(
    slack: SlackServer, client: WriteClient, code: str, mend: str
) -> None:
    slack.workspace.refusals["files.getUploadURLExternal"] = code

    with pytest.raises(DeliveryError, match=code) as caught:
        handed(client)

    assert mend in caught.value.mend
    assert slack.token not in str(caught.value)


def test_a_person_gets_a_file_in_their_conversation_with_the_bot(
    slack: SlackServer, client: WriteClient
) -> None:
    send_to(client, "U0MIRA", name="alerts.csv", body=b"id\n1\n", title="Alerts")

    (message,) = slack.messages("@mira")
    assert [file["name"] for file in message["files"]] == ["alerts.csv"]
