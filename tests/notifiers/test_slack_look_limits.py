"""A limit that Slack sets to looks holds that way of looking in all channels, and nothing else."""

from datetime import timedelta
from typing import Any

from bot.notifiers import Place, Seen, Sent, Unseen
from bot.notifiers.slack import SlackNotifier
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from tests.builders import NOW
from tests.cards.samples import a_card
from tests.notifiers.clients import timed_by
from tests.outgoing import Time


def limited(slack: SlackServer, time: Time, method: str) -> SlackNotifier:
    """One that may not call a method for a minute, as it has just heard."""
    slack.workspace.add_channel("insiders")
    slack.faults.append(Fault(FaultKind.RATE_LIMIT, seconds=60, method=method))
    return timed_by(time, slack)


def calls(slack: SlackServer, method: str) -> int:
    return sum(call.method == method for call in slack.calls)


def test_a_limit_for_histories_holds_those_of_other_channels_until_it_is_over(
    slack: SlackServer,
) -> None:
    time = Time()
    notifier = limited(slack, time, "conversations.history")
    first = notifier.look("#alerts", since=NOW)
    time.passes(20)

    second = notifier.look("#insiders", since=NOW)

    assert isinstance(first, Unseen)
    assert isinstance(second, Unseen)
    assert (first.after, second.after) == (timedelta(seconds=60), timedelta(seconds=40))
    assert (first.why, first.definite) == (second.why, second.definite)
    assert calls(slack, "conversations.history") == 1
    time.passes(40)
    assert isinstance(notifier.look("#insiders", since=NOW), Seen)


def test_a_limit_for_histories_holds_neither_posts_nor_looks_into_threads(
    slack: SlackServer,
) -> None:
    notifier = limited(slack, Time(), "conversations.history")
    assert isinstance(notifier.look("#alerts", since=NOW), Unseen)

    posted: Any = notifier.send("#alerts", a_card())
    looked = notifier.look("#alerts", since=NOW, thread=Place(posted.channel, posted.ts))

    assert isinstance(posted, Sent)
    assert isinstance(looked, Seen)


def test_a_clock_that_was_set_back_meanwhile_prolongs_no_limit(slack: SlackServer) -> None:
    time = Time()
    notifier = limited(slack, time, "conversations.history")
    assert isinstance(notifier.look("#alerts", since=NOW), Unseen)

    time.passes(-3_600)

    assert isinstance(notifier.look("#insiders", since=NOW), Seen)
