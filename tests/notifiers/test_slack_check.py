"""What `bot doctor` tells of a bot token and its channels."""

import pytest

from bot.errors import ConfigError
from bot.notifiers.slack_check import check_slack
from bot.sandbox.slack import Fault, FaultKind, SlackServer


def check(slack: SlackServer, *channels: str, token: str | None = None) -> tuple[str, str]:
    return check_slack(
        token or slack.token, api_url=slack.api_url, channels=channels or ("#alerts",)
    )


def test_a_good_token_in_its_channels_needs_no_mend(slack: SlackServer) -> None:
    assert check(slack, "#alerts", "#insiders") == (
        "alerts in Sandbox, channels #alerts, #insiders",
        "",
    )


def test_a_channel_may_be_named_by_its_id(slack: SlackServer) -> None:
    assert check(slack, slack.channel("insiders").id)[1] == ""


def test_nothing_is_posted(slack: SlackServer) -> None:
    check(slack)

    assert slack.messages("alerts") == []
    assert {call.method for call in slack.calls} <= {"auth.test", "conversations.list"}


def test_a_wrong_token_is_told_with_the_mend(slack: SlackServer) -> None:
    told, mend = check(slack, token="xoxb-other")

    assert told == "refused: invalid_auth"
    assert mend


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "a_code_of_tomorrow"])
def test_each_refusal_is_told_by_its_code(slack: SlackServer, code: str) -> None:
    slack.workspace.token_error = code

    told, mend = check(slack)

    assert told == f"refused: {code}"
    assert mend


def test_a_channel_without_the_bot_is_told(slack: SlackServer) -> None:
    slack.channel("insiders").is_member = False

    told, mend = check(slack, "#alerts", "#insiders")

    assert told == "alerts in Sandbox, not in #insiders"
    assert "/invite" in mend


def test_a_channel_that_is_not_there_or_archived_is_told(slack: SlackServer) -> None:
    slack.channel("alerts").is_archived = True

    assert check(slack, "#alerts", "#nowhere")[0] == "alerts in Sandbox, not in #alerts, #nowhere"


def test_a_channel_is_found_on_a_later_page(slack: SlackServer) -> None:
    for number in range(450):
        slack.workspace.add_channel(f"c{number}")

    assert check(slack, "#c449")[1] == ""
    assert [call.method for call in slack.calls].count("conversations.list") == 3


def test_where_channels_may_not_be_read_they_count_as_good(slack: SlackServer) -> None:
    slack.faults.append(Fault(FaultKind.ERROR, code="missing_scope", method="conversations.list"))

    assert check(slack)[1] == ""


@pytest.mark.parametrize(
    "kind", [FaultKind.DROP, FaultKind.RESET, FaultKind.STATUS, FaultKind.HTML]
)
def test_no_answer_is_told_and_not_raised(slack: SlackServer, kind: FaultKind) -> None:
    slack.faults.append(Fault(kind, method="auth.test"))

    told, mend = check(slack)

    assert told.startswith("no answer: ")
    assert "None" not in told
    assert mend


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.STATUS, FaultKind.CUT])
def test_a_list_of_channels_that_does_not_come_is_told_and_not_raised(
    slack: SlackServer, kind: FaultKind
) -> None:
    slack.faults.append(Fault(kind, method="conversations.list"))

    told, mend = check(slack)

    assert told.startswith("no answer: ")
    assert mend


def test_an_address_without_encryption_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(ConfigError):
        check_slack("xoxb-secret", api_url="http://slack.example.org/api/", channels=())
