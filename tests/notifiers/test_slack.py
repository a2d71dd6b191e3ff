"""The notifier for Slack's Web API against a Slack on loopback: right class, never two messages."""

import logging
import subprocess
import sys
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.errors import ConfigError
from bot.notifiers import (
    CredentialsRefused,
    Dead,
    Outcome,
    Parked,
    Refused,
    Sent,
    Uncertain,
    Wait,
)
from bot.notifiers.slack import SlackNotifier
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from tests.cards.samples import FILING, a_card
from tests.notifiers.faults import FAULTS, LATE, NAMES, PATIENCE, patience_with
from tests.processes import LONG


def notifier_for(
    slack: SlackServer, *, token: str | None = None, timeout_s: float = LONG
) -> SlackNotifier:
    return SlackNotifier(token or slack.token, api_url=slack.api_url, timeout_s=timeout_s)


def refusal(code: str) -> Fault:
    return Fault(FaultKind.ERROR, code=code)


@pytest.mark.parametrize(("fault", "expected"), FAULTS, ids=NAMES)
def test_each_fault_has_its_class_and_leaves_at_most_one_message(
    slack: SlackServer, fault: Fault, expected: type[Outcome]
) -> None:
    slack.faults.append(fault)

    outcome = notifier_for(slack, timeout_s=patience_with(fault)).send("#alerts", a_card())

    assert isinstance(outcome, expected), outcome
    assert slack.until(lambda: len(slack.messages("alerts")) == fault.accepted)
    assert slack.until(lambda: slack.faults == [])
    assert len(slack.calls) <= 1


def test_a_message_that_lands_after_the_time_out_is_uncertain(slack: SlackServer) -> None:
    slack.faults.append(Fault(FaultKind.DELAY, seconds=LATE))

    outcome = notifier_for(slack, timeout_s=PATIENCE).send("#alerts", a_card())

    assert outcome == Uncertain(why="TimeoutError")


def test_sent_tells_the_channel_by_its_id_and_the_ts(slack: SlackServer) -> None:
    outcome = notifier_for(slack).send("#insiders", a_card())

    (message,) = slack.messages("insiders")
    assert outcome == Sent(channel=slack.channel("insiders").id, ts=message["ts"])
    assert message["blocks"][0]["block_id"] == "al:12:1"
    assert message["metadata"]["event_payload"] == {"alert_id": 12}


def test_a_limit_is_told_with_the_wait_that_slack_asks_for(slack: SlackServer) -> None:
    slack.faults.append(Fault(FaultKind.RATE_LIMIT, seconds=17))

    outcome = notifier_for(slack).send("#alerts", a_card())

    assert outcome == Wait(after=timedelta(seconds=17), why="429 ratelimited")


def test_an_archived_channel_parks_and_takes_messages_again_when_it_is_restored(
    slack: SlackServer,
) -> None:
    notifier = notifier_for(slack)
    slack.channel("alerts").is_archived = True

    assert isinstance(parked := notifier.send("#alerts", a_card()), Parked)
    assert parked.why == "is_archived"
    assert "unarchive" in parked.mend
    assert isinstance(notifier.send("#insiders", a_card()), Sent)

    slack.channel("alerts").is_archived = False
    assert isinstance(notifier.send("#alerts", a_card()), Sent)


def test_a_channel_without_the_bot_parks_and_says_how_to_invite_it(slack: SlackServer) -> None:
    slack.channel("alerts").is_member = False

    outcome = notifier_for(slack).send("#alerts", a_card())

    assert isinstance(outcome, Parked)
    assert "/invite" in outcome.mend


def test_a_channel_that_does_not_exist_parks(slack: SlackServer) -> None:
    outcome = notifier_for(slack).send("#nowhere", a_card())

    assert isinstance(outcome, Parked)
    assert outcome.why == "channel_not_found"


def test_a_revoked_token_stops_everything_until_it_works_again(slack: SlackServer) -> None:
    notifier = notifier_for(slack)
    slack.workspace.token_error = "token_revoked"

    outcome = notifier.send("#alerts", a_card())

    assert isinstance(outcome, CredentialsRefused)
    assert "SLACK_BOT_TOKEN" in outcome.mend
    slack.workspace.token_error = None
    assert isinstance(notifier.send("#alerts", a_card()), Sent)


def test_a_wrong_token_is_refused(slack: SlackServer) -> None:
    outcome = notifier_for(slack, token="xoxb-other").send("#alerts", a_card())

    assert isinstance(outcome, CredentialsRefused)
    assert outcome.why == "invalid_auth"


def test_a_code_nobody_knows_is_a_dead_letter_with_its_code(slack: SlackServer) -> None:
    slack.faults.append(refusal("ekm_access_denied"))

    assert notifier_for(slack).send("#alerts", a_card()) == Dead(why="ekm_access_denied")


def test_a_refused_card_is_sent_with_less_in_it_and_says_so(slack: SlackServer) -> None:
    slack.faults.extend([refusal("invalid_blocks"), refusal("msg_blocks_too_long")])

    with capture_logs() as logs:
        outcome = notifier_for(slack).send("#alerts", a_card())

    (message,) = slack.messages("alerts")
    assert isinstance(outcome, Sent)
    assert outcome.degraded_by == ("full: invalid_blocks", "fewer fields: msg_blocks_too_long")
    assert [block["type"] for block in message["blocks"]] == ["section"]
    assert message["text"].endswith("details: /alerts show 12")
    assert [log["event"] for log in logs] == ["card.refused", "card.refused"]


def test_a_card_that_no_step_saves_is_refused_with_the_last_reason(slack: SlackServer) -> None:
    slack.faults.extend(refusal("no_text") for _ in range(4))

    outcome = notifier_for(slack).send("#alerts", a_card())

    assert outcome == Refused(why="no_text")
    assert len(slack.calls) == 4


def test_where_slack_takes_no_block_the_text_stands_there_alone(slack: SlackServer) -> None:
    slack.faults.extend(refusal("invalid_blocks") for _ in range(3))

    outcome = notifier_for(slack).send("#alerts", a_card())

    (message,) = slack.messages("alerts")
    assert isinstance(outcome, Sent)
    assert not message.get("blocks")
    assert message["text"].endswith("details: /alerts show 12")
    assert message["metadata"]["event_payload"] == {"alert_id": 12}


def test_refused_metadata_costs_the_metadata_only(slack: SlackServer) -> None:
    slack.faults.append(refusal("invalid_metadata_format"))

    outcome = notifier_for(slack).send("#alerts", a_card())

    (message,) = slack.messages("alerts")
    assert isinstance(outcome, Sent)
    assert "metadata" not in message
    assert message["blocks"][0]["block_id"] == "al:12:1"


def test_an_ambiguous_answer_on_a_lower_step_ends_the_attempt(slack: SlackServer) -> None:
    slack.faults.extend([refusal("invalid_blocks"), Fault(FaultKind.DROP, accepted=True)])

    outcome = notifier_for(slack).send("#alerts", a_card())

    assert isinstance(outcome, Uncertain)
    assert len(slack.messages("alerts")) == 1


@pytest.mark.parametrize("no_proxy", ["", "slack.com"])
def test_the_proxies_of_the_environment_are_not_asked_for_loopback(
    slack: SlackServer, monkeypatch: pytest.MonkeyPatch, no_proxy: str
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", no_proxy)

    assert isinstance(notifier_for(slack).send("#alerts", a_card()), Sent)


@pytest.mark.parametrize(
    "url",
    [
        "http://slack.com/api/",
        "http://localhost.example.com/api/",
        "http://10.0.0.1/api/",
        "ftp://127.0.0.1/",
        "slack.com",
        "https://me:secret@slack.com/",
        "https://slack.com:x/",
        "",
    ],
)
def test_an_address_that_would_tell_the_token_to_the_net_is_a_config_error(url: str) -> None:
    with pytest.raises(ConfigError) as error:
        SlackNotifier("xoxb-1", api_url=url)

    assert error.value.where == "[slack] api_url"
    assert "secret@" not in str(error.value)


@pytest.mark.parametrize("host", ["127.0.0.1:80", "localhost:1", "127.9.9.9", "[::1]:1"])
def test_plain_http_is_allowed_to_this_machine(host: str) -> None:
    SlackNotifier("xoxb-1", api_url=f"http://{host}/api/")


def test_the_token_stands_in_no_text_and_slack_sdk_says_nothing(
    slack: SlackServer, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    token = "xoxb-very-secret"
    notifier = notifier_for(slack, token=token)
    slack.faults.append(Fault(FaultKind.RESET))

    with capture_logs() as logs:
        outcomes = [notifier.send("#alerts", a_card(headlines=(FILING,))) for _ in range(2)]

    assert [type(outcome) for outcome in outcomes] == [Uncertain, CredentialsRefused]
    told = f"{notifier!r} {notifier} {outcomes} {logs} {caplog.text}"
    assert token not in told
    assert capsys.readouterr() == ("", "")


def test_slack_sdk_is_not_loaded_before_there_is_something_to_send() -> None:
    code = (
        "import sys, bot.cli, bot.notifiers.slack\n"
        "bot.notifiers.slack.SlackNotifier('x', api_url='https://slack.com/api/')\n"
        "sys.exit('slack_sdk' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("interactive", [True, False])
def test_a_card_has_buttons_only_where_clicks_reach_the_bot(
    slack: SlackServer, interactive: bool
) -> None:
    notifier = SlackNotifier(slack.token, api_url=slack.api_url, interactive=interactive)

    assert isinstance(notifier.send("#alerts", a_card()), Sent)

    (message,) = slack.messages("alerts")
    assert ("actions" in [block["type"] for block in message["blocks"]]) == interactive
