"""Looks into a Slack on loopback: what stands there is found by its key, and by nothing else."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.notifiers import Gone, NotSent, Place, Seen, Sent, Unseen
from bot.notifiers.slack import SlackNotifier
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from tests.builders import NOW
from tests.cards.samples import a_card
from tests.notifiers.clients import timed_by
from tests.outgoing import Time


def notifier_for(slack: SlackServer, *, ahead: timedelta = timedelta()) -> SlackNotifier:
    """Its clock goes ahead of Slack's by so much."""
    return timed_by(lambda: NOW + ahead, slack)


def post(notifier: SlackNotifier, number: int, **told: Any) -> Place:
    outcome = notifier.send("#alerts", a_card(alert_id=number), **told)
    assert isinstance(outcome, Sent)
    assert outcome.channel is not None
    assert outcome.ts is not None
    return Place(outcome.channel, outcome.ts)


def seen(notifier: SlackNotifier, channel: str = "#alerts", **told: Any) -> dict[int, str]:
    found = notifier.look(channel, **{"since": NOW, **told})
    assert isinstance(found, Seen), found
    return {number: each.ts for number, each in found.messages.items()}


def test_a_message_is_found_by_its_block_id_where_metadata_is_dropped(slack: SlackServer) -> None:
    slack.workspace.drops_metadata = True
    place = post(notifier_for(slack), 12)

    assert seen(notifier_for(slack)) == {12: place.ts}


def test_a_message_is_found_by_its_metadata_where_block_ids_are_rewritten(
    slack: SlackServer,
) -> None:
    place = post(notifier_for(slack), 12)
    for block in slack.channel("alerts").messages[0]["blocks"]:
        block["block_id"] = "xY3"

    assert seen(notifier_for(slack)) == {12: place.ts}


def test_what_people_and_other_apps_wrote_is_not_ours(slack: SlackServer) -> None:
    slack.workspace.post({"channel": "#alerts", "text": "al:12:1 #12 and alert_id 12"})

    assert seen(notifier_for(slack)) == {}


def test_the_number_of_another_app_in_metadata_of_its_own_sort_is_not_ours(
    slack: SlackServer,
) -> None:
    metadata = {"event_type": "pager_alert", "event_payload": {"alert_id": 12}}
    slack.workspace.post({"channel": "#alerts", "text": "disk full", "metadata": metadata})

    assert seen(notifier_for(slack)) == {}


def test_metadata_like_ours_of_another_app_are_not_ours(slack: SlackServer) -> None:
    metadata = {"event_type": "bot_alert", "event_payload": {"alert_id": 12}}
    slack.workspace.post({"channel": "#alerts", "text": "a copy", "metadata": metadata})
    slack.channel("alerts").messages[0]["bot_id"] = "B0STRANGER"

    assert seen(notifier_for(slack)) == {}


def test_all_pages_are_read(slack: SlackServer) -> None:
    place = post(notifier_for(slack), 12)
    for number in range(450):
        slack.workspace.post({"channel": "#alerts", "text": f"chatter {number}"})

    assert seen(notifier_for(slack)) == {12: place.ts}


def test_the_revision_that_stands_there_is_told(slack: SlackServer) -> None:
    notifier = notifier_for(slack)
    place = post(notifier, 12)
    changed = notifier.update(place, a_card(alert_id=12, headlines=("two buyers",)), revision=3)

    found = notifier.look("#alerts", since=NOW)

    assert isinstance(changed, Sent)
    assert isinstance(found, Seen)
    assert found.messages[12].revision == 3
    (message,) = slack.messages("alerts")
    assert message["text"].startswith("two buyers · ")


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_clock_that_goes_wrong_hides_nothing(slack: SlackServer, hours: int) -> None:
    ahead = timedelta(hours=hours)
    place = post(notifier_for(slack, ahead=ahead), 12)

    assert seen(notifier_for(slack, ahead=ahead), since=NOW + ahead) == {12: place.ts}


def test_what_is_older_than_the_attempt_by_more_than_an_hour_is_not_looked_at(
    slack: SlackServer,
) -> None:
    post(notifier_for(slack), 12)

    assert seen(notifier_for(slack), since=NOW + timedelta(minutes=61)) == {}
    assert len(seen(notifier_for(slack), since=NOW + timedelta(minutes=59))) == 1


def test_a_message_that_came_before_says_from_where_to_look_without_any_clock(
    slack: SlackServer,
) -> None:
    notifier = notifier_for(slack)
    first, second = post(notifier, 12), post(notifier, 13)

    assert seen(notifier, after=first.ts) == {13: second.ts}
    assert seen(notifier, after=first.ts, since=NOW + timedelta(hours=2)) == {13: second.ts}


def test_a_thread_is_looked_at_apart_and_its_parent_is_not_one_of_it(slack: SlackServer) -> None:
    notifier = notifier_for(slack)
    parent = post(notifier, 12)
    reply = post(notifier, 13, thread=parent)

    assert seen(notifier) == {12: parent.ts}
    assert seen(notifier, thread=parent) == {13: reply.ts}


def test_a_thread_without_its_parent_holds_nothing(slack: SlackServer) -> None:
    place = Place(slack.channel("alerts").id, "1.000000")

    assert seen(notifier_for(slack), thread=place) == {}


def test_a_channel_is_found_by_its_name_its_id_and_the_answer_to_a_post(
    slack: SlackServer,
) -> None:
    for number in range(1_100):
        slack.workspace.add_channel(f"other-{number}")
    slack.workspace.add_channel("last")
    notifier = notifier_for(slack)
    place = post(notifier, 12)
    listed = [call for call in slack.calls if call.method == "conversations.list"]
    notifier.look("#alerts", since=NOW)

    assert listed == [call for call in slack.calls if call.method == "conversations.list"]
    assert seen(notifier_for(slack), place.channel) == {12: place.ts}
    assert seen(notifier_for(slack), "last") == {}
    unknown = notifier_for(slack).look("#nowhere", since=NOW)
    assert isinstance(unknown, Unseen)
    assert unknown.why == "no channel of that name is listed"


def test_a_history_that_is_forbidden_names_the_scope_that_opens_it(slack: SlackServer) -> None:
    notifier = notifier_for(slack)
    post(notifier, 12)
    slack.faults.append(
        Fault(FaultKind.ERROR, code="missing_scope", method="conversations.history")
    )

    unseen = notifier.look("#alerts", since=NOW)

    assert isinstance(unseen, Unseen)
    assert unseen.definite
    assert "scope" in str(unseen.mend)


@pytest.mark.parametrize("found", [True, False])
def test_where_private_channels_may_not_be_listed_a_public_one_is_found_all_the_same(
    slack: SlackServer, found: bool
) -> None:
    place = post(notifier_for(slack), 12)
    slack.faults.append(Fault(FaultKind.ERROR, code="missing_scope", method="conversations.list"))

    told = notifier_for(slack).look("#alerts" if found else "#private", since=NOW)

    if found:
        assert isinstance(told, Seen)
        assert told.channel == place.channel
    else:
        assert isinstance(told, Unseen)
        assert (told.why, told.definite) == ("missing_scope", True)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.DROP),
        Fault(FaultKind.STATUS),
        Fault(FaultKind.HTML),
        Fault(FaultKind.CUT, accepted=True),
        Fault(FaultKind.ERROR, code="internal_error"),
        Fault(FaultKind.ERROR, code="not_in_channel"),
        Fault(FaultKind.ERROR, code="token_revoked"),
    ],
    ids=lambda fault: f"{fault.kind.name} {fault.code}",
)
def test_a_look_that_fails_proves_neither_that_it_stands_there_nor_that_nobody_may_look(
    slack: SlackServer, fault: Fault
) -> None:
    notifier = notifier_for(slack)
    post(notifier, 12)
    slack.faults.append(
        Fault(fault.kind, accepted=fault.accepted, code=fault.code, method="conversations.history")
    )

    unseen = notifier.look("#alerts", since=NOW)

    assert isinstance(unseen, Unseen)
    assert not unseen.definite


def test_a_look_that_comes_too_often_tells_when_it_may_be_made_again(slack: SlackServer) -> None:
    notifier = notifier_for(slack)
    post(notifier, 12)
    slack.faults.append(Fault(FaultKind.RATE_LIMIT, seconds=40, method="conversations.history"))

    unseen = notifier.look("#alerts", since=NOW)

    assert isinstance(unseen, Unseen)
    assert unseen.after == timedelta(seconds=40)


@dataclass(frozen=True)
class Later(Fault):
    """Lets so many calls pass first."""

    passing: list[None] = field(default_factory=list)

    def befalls(self, method: str) -> bool:
        ours = Fault.befalls(self, method)
        if ours and self.passing:
            self.passing.pop()
            return False
        return ours


def too_often(method: str, *, after: int) -> Later:
    return Later(FaultKind.RATE_LIMIT, seconds=40, method=method, passing=[None] * after)


def chatter(slack: SlackServer, count: int, **told: Any) -> None:
    for number in range(count):
        slack.workspace.post({"channel": "#alerts", "text": f"chatter {number}", **told})


def calls_of(slack: SlackServer, method: str) -> int:
    return sum(call.method == method for call in slack.calls)


def test_what_the_first_page_shows_is_told_although_the_second_one_may_not_be_read_yet(
    slack: SlackServer,
) -> None:
    notifier = notifier_for(slack)
    post(notifier, 12)
    chatter(slack, 250)
    newest = post(notifier, 13)
    slack.faults.append(too_often("conversations.history", after=1))

    told = notifier.look("#alerts", since=NOW)

    assert isinstance(told, Seen)
    assert {number: each.ts for number, each in told.messages.items()} == {13: newest.ts}
    assert told.unread
    assert (told.unread.after, told.unread.definite) == (timedelta(seconds=40), False)


def test_a_look_goes_on_where_the_one_before_it_broke_off(slack: SlackServer) -> None:
    time = Time()
    notifier = timed_by(time, slack)
    place = post(notifier, 12)
    chatter(slack, 450)
    for _ in range(2):
        slack.faults.append(too_often("conversations.history", after=1))

    looks = []
    for _ in range(3):
        looks.append(notifier.look("#alerts", since=NOW))
        time.passes(40)

    *broken, whole = looks
    assert [isinstance(each, Unseen) for each in broken] == [True, True]
    assert isinstance(whole, Seen)
    assert whole.unread is None
    assert whole.messages[12].ts == place.ts
    assert calls_of(slack, "conversations.history") == 3 + 2


def test_a_look_into_a_thread_goes_on_too_and_the_next_one_begins_anew(slack: SlackServer) -> None:
    time = Time()
    notifier = timed_by(time, slack)
    parent = post(notifier, 12)
    chatter(slack, 250, thread_ts=parent.ts)
    reply = post(notifier, 13, thread=parent)
    slack.faults.append(too_often("conversations.replies", after=1))

    assert isinstance(notifier.look("#alerts", since=NOW, thread=parent), Unseen)
    time.passes(40)
    assert seen(notifier, thread=parent) == {13: reply.ts}
    assert calls_of(slack, "conversations.replies") == 2 + 1
    assert seen(notifier, thread=parent) == {13: reply.ts}


def test_a_look_that_went_on_tells_when_it_was_begun(slack: SlackServer) -> None:
    time = Time()
    notifier = timed_by(time, slack)
    post(notifier, 12)
    chatter(slack, 250)
    slack.faults.append(too_often("conversations.history", after=1))
    notifier.look("#alerts", since=NOW)
    time.passes(40)

    told = [notifier.look("#alerts", since=NOW) for _ in range(2)]

    assert [each.began for each in told if isinstance(each, Seen)] == [NOW, time.now]


@pytest.mark.parametrize("threaded", [False, True])
def test_where_a_message_that_is_ours_shows_no_key_nothing_is_known_of_others(
    slack: SlackServer, threaded: bool
) -> None:
    slack.workspace.drops_metadata = True
    notifier = notifier_for(slack)
    first = post(notifier, 12)
    post(notifier, 13, **({"thread": first} if threaded else {}))
    for message in slack.channel("alerts").messages:
        for block in message["blocks"]:
            block["block_id"] = "xY3"

    told = notifier.look("#alerts", since=NOW, after=first.ts, thread=first if threaded else None)

    assert isinstance(told, Seen)
    assert told.messages == {}
    assert told.unread
    assert told.unread.definite


def test_a_message_that_somebody_deleted_is_gone_and_comes_not_again(slack: SlackServer) -> None:
    notifier = notifier_for(slack)
    place = post(notifier, 12)
    slack.channel("alerts").messages.clear()

    assert notifier.update(place, a_card(), revision=2) == Gone(why="message_not_found")
    assert notifier.send("#alerts", a_card(), thread=place) == Gone(why="thread_not_found")
    assert slack.messages("alerts") == []


def test_where_nobody_answers_no_change_is_claimed() -> None:
    with SlackServer(clock=lambda: NOW) as slack:
        notifier = notifier_for(slack)
        place = post(notifier, 12)

    assert isinstance(notifier.update(place, a_card(), revision=2), NotSent)
    assert isinstance(notifier.look("#alerts", since=NOW), Unseen)
