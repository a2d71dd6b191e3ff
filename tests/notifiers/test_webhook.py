"""The webhook notifier against a Slack on loopback: right class, never two messages an attempt."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.errors import ConfigError
from bot.notifiers import (
    CredentialsRefused,
    Outcome,
    Parked,
    Refused,
    Sent,
    Uncertain,
    Wait,
)
from bot.notifiers.webhook import WebhookNotifier
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from tests.builders import NOW
from tests.cards.samples import a_card
from tests.notifiers.faults import FAULTS, NAMES, patience_with
from tests.processes import LONG


def notifier_for(slack: SlackServer, *, timeout_s: float = LONG) -> WebhookNotifier:
    return WebhookNotifier(slack.webhook_url, timeout_s=timeout_s)


@pytest.mark.parametrize(("fault", "expected"), FAULTS, ids=NAMES)
def test_each_fault_has_its_class_and_leaves_at_most_one_message(
    slack: SlackServer, fault: Fault, expected: type[Outcome]
) -> None:
    slack.faults.append(fault)

    outcome = notifier_for(slack, timeout_s=patience_with(fault)).send("#alerts", a_card())

    assert isinstance(outcome, expected), outcome
    assert slack.until(lambda: len(slack.messages("alerts")) == fault.accepted)
    assert slack.until(lambda: slack.faults == [])


def test_a_message_arrives_where_the_webhook_leads_with_its_blocks(slack: SlackServer) -> None:
    outcome = notifier_for(slack).send("#insiders", a_card())

    assert outcome == Sent()
    (message,) = slack.messages("alerts")
    assert message["blocks"][0]["block_id"] == "al:12:1"
    assert slack.messages("insiders") == []


def test_all_channels_share_the_pace_of_the_webhook(slack: SlackServer) -> None:
    notifier = notifier_for(slack)

    assert notifier.lane("#alerts") == notifier.lane("#insiders")


def test_a_full_channel_is_told_with_the_wait_that_slack_asks_for() -> None:
    with SlackServer(clock=lambda: NOW, burst=2) as slack:
        notifier = notifier_for(slack)
        outcomes = [notifier.send("#alerts", a_card()) for _ in range(3)]

    assert outcomes[:2] == [Sent(), Sent()]
    assert outcomes[2] == Wait(after=timedelta(seconds=1), why="429 rate_limited")


def test_an_archived_channel_parks(slack: SlackServer) -> None:
    slack.channel("alerts").is_archived = True

    outcome = notifier_for(slack).send("#alerts", a_card())

    assert isinstance(outcome, Parked)
    assert outcome.why == "channel_is_archived"


def test_a_removed_webhook_stops_everything_and_says_what_to_set(slack: SlackServer) -> None:
    slack.webhook_removed = True

    outcome = notifier_for(slack).send("#alerts", a_card())

    assert isinstance(outcome, CredentialsRefused)
    assert outcome.why == "no_service"
    assert "SLACK_WEBHOOK_URL" in outcome.mend


def test_a_payload_that_is_refused_in_every_form_is_refused(slack: SlackServer) -> None:
    slack.faults.extend(Fault(FaultKind.ERROR, code="invalid_payload") for _ in "1234")

    with capture_logs():
        outcome = notifier_for(slack).send("#alerts", a_card())

    assert outcome == Refused(why="invalid_payload")


def test_an_answer_of_200_that_is_not_the_word_ok_proves_nothing(slack: SlackServer) -> None:
    slack.faults.append(Fault(FaultKind.HTML, accepted=True))

    assert isinstance(notifier_for(slack).send("#alerts", a_card()), Uncertain)


@pytest.mark.parametrize(
    "url",
    ["http://hooks.slack.com/services/T/B/s3cret", "hooks.slack.com/s3cret", "https://a b/s3cret"],
)
def test_an_address_that_would_tell_the_webhook_to_the_net_is_a_config_error(url: str) -> None:
    with pytest.raises(ConfigError) as error:
        WebhookNotifier(url)

    assert error.value.where == "SLACK_WEBHOOK_URL"
    assert "s3cret" not in f"{error.value} {error.value!r}"


def test_the_address_stands_in_no_text_of_the_notifier(slack: SlackServer) -> None:
    assert slack.webhook_url not in repr(notifier_for(slack))
