"""Alerts of one subject are one story in a channel."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import structlog

from bot.cards import Line
from bot.cards.slack import slack_message
from bot.clock import to_ms
from bot.composing import composed
from bot.outbox.marking import Composer
from bot.store import Correction, Delivery, Message, NewDecision, NewMessage, Store
from bot.stories import queue_in_stories
from tests.builders import NOW
from tests.outgoing import a_card

DAY = timedelta(days=1)


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store(None)
    yield store
    store.close()


def queue(
    store: Store,
    number: int,
    *,
    hours: float = 0,
    subject: str | None = "OKLO",
    severity: str = "high",
    channel: str = "#a",
    window: timedelta | None = DAY,
    stale: bool = False,
) -> Message:
    at = to_ms(NOW + timedelta(hours=hours))
    card = replace(a_card(number), severity=severity)
    since = None if window is None else at - window // timedelta(milliseconds=1)
    message = NewMessage(
        message_id=number, channel=channel, created_at=at, text=card.text, card=card.to_json(),
        subject=subject, severity=severity, story_since=since, stale=stale,
    )  # fmt: skip
    queue_in_stories(store.outbox, [message])
    return next(each for each in store.outbox.telling(number) if each.channel == channel)


def send(store: Store, *messages: Message) -> None:
    for place, message in enumerate(messages, start=1):
        store.outbox.settle(message, Delivery.SENT, at=NOW, place="C1", ts=f"{place}.0")


def test_a_later_alert_of_a_subject_stands_in_the_thread_of_the_first(store: Store) -> None:
    first, second, third = (queue(store, n, hours=n) for n in (1, 2, 3))

    assert first.parent is None
    assert [second.parent, third.parent] == [first.id, first.id]


def test_a_story_ends_when_its_span_is_over(store: Store) -> None:
    first = queue(store, 1)
    inside = queue(store, 2, hours=24)
    after = queue(store, 3, hours=24.01)
    with_it = queue(store, 4, hours=25)

    assert (inside.parent, after.parent, with_it.parent) == (first.id, None, after.id)


def test_other_subjects_channels_and_alerts_that_stand_alone_make_no_story(store: Store) -> None:
    queue(store, 1)

    assert queue(store, 2, subject="SMR").parent is None
    assert queue(store, 3, channel="#b").parent is None
    assert queue(store, 4, window=None).parent is None
    assert queue(store, 5, subject=None).parent is None


def test_what_waits_for_a_digest_neither_joins_nor_opens_a_story(store: Store) -> None:
    held = queue(store, 1, stale=True)
    first = queue(store, 2)
    late = queue(store, 3, stale=True)

    assert (held.parent, first.parent, late.parent) == (None, None, None)


def test_only_what_is_graver_than_the_story_so_far_is_shown_in_the_channel_too(
    store: Store,
) -> None:
    queue(store, 1, severity="notice")
    severities = ("notice", "high", "high", "critical", "info")
    told = [queue(store, n, severity=s).broadcast for n, s in enumerate(severities, start=2)]

    assert told == [False, True, False, True, False]


def test_the_card_of_a_story_tells_its_alerts_and_keeps_the_first_one(store: Store) -> None:
    first = queue(store, 1)
    alone = composed(store, first)
    send(store, first, queue(store, 2, hours=3), queue(store, 3, hours=5))

    story = composed(store, first)

    assert alone == a_card(1)
    assert story.headlines == ("OKLO story, 3 alerts in 5 h · #3: a3",)
    assert [line.text for line in story.lines] == ["a1", "a2", "a3", "sale"]
    assert (story.alert_id, story.rule) == (1, "r")


def test_the_headline_of_a_story_is_that_of_its_gravest_alert(store: Store) -> None:
    first = queue(store, 1, subject="fed", severity="high")
    send(store, first, queue(store, 2, subject="fed", severity="notice", hours=1))

    assert composed(store, first).headlines == ("Fed story, 2 alerts in 1 h · #1: a1",)


def test_of_a_long_story_the_newest_alerts_are_named(store: Store) -> None:
    first = queue(store, 1)
    send(store, first, *(queue(store, number, hours=number) for number in range(2, 12)))

    lines = composed(store, first).lines

    assert [line.text for line in lines] == [
        "a1", "5 more in the thread", "a7", "a8", "a9", "a10", "a11", "sale",
    ]  # fmt: skip


def test_the_first_message_of_a_story_is_told_anew_with_each_alert_that_was_sent(
    store: Store,
) -> None:
    first = queue(store, 1)
    send(store, first, queue(store, 2), queue(store, 3))
    queue(store, 4)

    now = store.outbox.of(first.id)

    assert now is not None
    assert (now.revision, now.wanted) == (1, 3)


def test_a_story_tells_no_alert_that_waits_or_is_told_in_a_digest(store: Store) -> None:
    first = queue(store, 1)
    second, third, fourth = (queue(store, n, hours=n) for n in (2, 3, 4))
    send(store, first, second)
    store.outbox.add_digest(
        NewMessage(message_id=-3, channel="#a", created_at=to_ms(NOW), text="d", card="{}"),
        [third.id],
    )

    story = composed(store, first)

    assert story.headlines == ("OKLO story, 2 alerts in 2 h · #2: a2",)
    assert [line.text for line in story.lines] == ["a1", "a2", "sale"]
    assert store.outbox.of(fourth.id) == fourth


def test_the_text_of_a_story_says_of_which_alert_its_sentence_tells(store: Store) -> None:
    card = replace(a_card(1), facts=("Ann sold 5 sh",))
    first = queue(store, 1)
    store.outbox.rewrite(1, text="a1", card=card.to_json())
    send(store, first, queue(store, 2, hours=1))
    told = store.outbox.of(first.id)
    assert told is not None

    story = composed(store, told)

    assert story.whole_text == (
        "OKLO story, 2 alerts in 1 h · #2: a2 · Begun by #1, whose figures follow: Ann sold 5 sh"
    )


def with_reasons(store: Store, number: int, *, hours: float, severity: str = "high") -> Message:
    """An alert whose card tells a sentence, a figure and why it fired."""
    message = queue(store, number, hours=hours, severity=severity)
    lines = (Line(label="Stake", text=f"s{number}"), Line(label="Why", text=f"w{number}"))
    card = replace(a_card(number), severity=severity, facts=(f"f{number}",), lines=lines)
    store.outbox.rewrite(number, text=card.text, card=card.to_json())
    return newest(store, message)


def newest(store: Store, message: Message) -> Message:
    told = store.outbox.of(message.id)
    assert told is not None
    return told


def test_a_story_says_of_which_alert_each_reason_is(store: Store) -> None:
    first, graver = (
        with_reasons(store, 1, hours=0),
        with_reasons(store, 2, hours=1, severity="critical"),
    )
    send(store, first, graver, with_reasons(store, 3, hours=2))

    story = composed(store, first)

    whys = {line.label: line.text for line in story.lines if line.label.startswith("Why")}
    assert story.headlines == ("OKLO story, 3 alerts in 2 h · #2: a2",)
    assert whys == {"Why #1": "w1", "Why #2": "w2"}


def test_a_story_headed_by_its_first_alert_tells_one_reason(store: Store) -> None:
    first = with_reasons(store, 1, hours=0, severity="critical")
    send(store, first, with_reasons(store, 2, hours=1))

    labels = [line.label for line in composed(store, first).lines]

    assert [label for label in labels if label.startswith("Why")] == ["Why #1"]


def test_the_sentence_that_names_the_first_alert_stands_right_above_its_figures(
    store: Store,
) -> None:
    first = with_reasons(store, 1, hours=0)
    send(store, first, with_reasons(store, 2, hours=1))

    _, alerts, began, figures, *reasons, _ = slack_message(composed(store, first))["blocks"]

    assert "*#1 · Oct 01 12:00 ET*: a1" in alerts["text"]["text"]
    assert began["text"]["text"] == "Begun by #1, whose figures follow: f1"
    assert [field["text"] for field in figures["fields"]] == ["*Stake*\ns1"]
    assert [each["text"]["text"] for each in reasons] == ["Why #1: w1", "Why #2: w2"]


def test_a_headline_of_a_story_is_not_called_late_or_corrected_for_its_first_alert(
    store: Store,
) -> None:
    first = with_reasons(store, 1, hours=0)
    send(store, first, with_reasons(store, 2, hours=1))
    fired = NewDecision(
        id=1, rule="r", version="1", key="OKLO", kind="insider_trade", fact_id="f", fact_seq=1,
        document_id=None, ticker="OKLO", at=to_ms(NOW), decided_at=to_ms(NOW), fate="fired",
        reason=None, severity="high", message="a1", measures="{}", proof="[]", message_id=1,
    )  # fmt: skip
    store.decisions.add([fired])
    store.corrected.keep([Correction(alert=1, seq=9, text="Amended (OKLO #1)", figures=None)])
    composer = Composer(partial(composed, store), structlog.get_logger())

    story = composer.card(replace(newest(store, first), delayed="delayed 3 h by Slack outage"))

    assert story.marks == ("#1 corrected",)
    assert story.moments[-1].words == "delayed 3 h by Slack outage"
