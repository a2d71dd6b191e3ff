"""Corrections hold up no alert, and those of one amendment in one thread are one reply."""

from datetime import timedelta

import pytest

from bot.cards import Card
from bot.cards.slack import slack_message
from bot.clock import to_ms
from bot.composing import composed
from bot.outbox import Outgoing
from bot.store import Correction, Delivery, Message, NewMessage
from bot.store.corrected import correction_tables
from bot.store.schema import _sqlite_utils_database
from tests.builders import NOW, a_rule
from tests.channels import Channels
from tests.corrected import Judged
from tests.insider.ledgers import COCHRAN, KLEIN, amendment, form, sale
from tests.outgoing import Time, a_card

EVERY = """
where: side == sell and class == open_market
let: {sold: {sum: value_usd, over: 90d}}
when: sold >= $3M
fire: every
"""
FIRST, SMALLER = form(1, KLEIN, sale(200_000, 20)), amendment(20, KLEIN, sale(140_000, 20))


def in_one_story(line: Judged) -> list[Message]:
    """Klein's sale of four millions, then three of Cochran's in its thread, all told."""
    told = line.read(FIRST, *(form(each, COCHRAN, sale(each, 20)) for each in (2, 3, 4)))
    with line.store.writing():
        for message in told[1:]:
            line.store._connections.connection.execute(
                "UPDATE outbox SET parent = ? WHERE id = ?", (told[0].id, message.id)
            )
    sent(line, told)
    return told


def sent(line: Judged, told: list[Message]) -> None:
    for place, message in enumerate(told, start=1):
        line.store.outbox.settle(message, Delivery.SENT, at=NOW, place="C1", ts=f"{place}.0")


def in_one_digest(line: Judged, told: list[Message]) -> Message:
    card = a_card(-told[0].message_id)
    line.store.outbox.add_digest(
        NewMessage(message_id=card.alert_id, channel="#a", created_at=1, text="d",
                   card=card.to_json()),
        [each.id for each in told],
    )  # fmt: skip
    return line.store.outbox.telling(card.alert_id)[0]


def an_alert(line: Judged, number: int) -> None:
    card = a_card(number)
    line.store.outbox.add(
        [NewMessage(message_id=number, channel="#a", created_at=to_ms(NOW), text=card.text,
                    card=card.to_json(), severity="critical")]
    )  # fmt: skip


def posted(line: Judged) -> list[int]:
    """The numbers of the posts, in their order, until nothing waits."""
    time, channels = Time(), Channels(spacing=timedelta(seconds=1))
    outgoing = Outgoing(line.store, channels, clock=time, jitter=lambda: 1.0)
    for _ in range(100):
        outgoing.deliver()
        time.passes(1)
        if all(each.state is Delivery.SENT for each in line.store.outbox.all()):
            break
    return [number for _, number in channels.posts]


def test_an_alert_does_not_wait_behind_corrections() -> None:
    line = Judged(a_rule("when: value_usd >= $1M"))
    sent(line, line.read(FIRST, form(2, COCHRAN, sale(100_000, 20))))
    replies = line.read(SMALLER, amendment(21, COCHRAN, sale(90_000, 20)))
    an_alert(line, 99)

    first, *others = posted(line)

    assert first == 99
    assert others == [each.message_id for each in replies]


def test_a_correction_comes_after_the_alert_that_it_corrects() -> None:
    line = Judged(a_rule("when: value_usd >= $1M"))
    (told,) = line.read(FIRST)
    (reply,) = line.read(SMALLER)

    assert posted(line) == [told.message_id, reply.message_id]


def test_corrections_of_a_story_are_one_reply_that_names_each_alert() -> None:
    line = Judged(a_rule(EVERY))
    head, *others = in_one_story(line)

    (reply,) = line.read(SMALLER)
    card = Card.from_json(reply.card)

    assert reply.parent == head.id
    assert reply.text == "OKLO: an amended filing changes 4 alerts, none of which would have fired"
    assert [each.label for each in card.lines[:4]] == ["#1", "#2", "#3", "#4"]
    assert card.lines[0].text == (
        "sold $4M → $2.8M, value $4M → $2.8M; "
        "sold no longer at least $3M, so sales would not have fired"
    )
    assert card.lines[1].text == (
        "sold $4M → $2.8M; no longer at least $3M, so sales would not have fired"
    )
    assert "Amended" in [each.label for each in card.lines[4:]]
    assert len(others) == 3


def test_a_reply_says_how_many_of_its_alerts_would_not_have_fired() -> None:
    line = Judged(a_rule(EVERY))
    in_one_story(line)

    (reply,) = line.read(amendment(20, KLEIN, sale(149_997, 20)))

    assert reply.text == (
        "OKLO: an amended filing changes 4 alerts, 2 of which would not have fired"
    )


def test_a_reply_to_a_story_shows_all_its_alerts_in_slack() -> None:
    line = Judged(a_rule(EVERY))
    in_one_story(line)
    (reply,) = line.read(SMALLER)

    shown = str(slack_message(Card.from_json(reply.card))["blocks"])

    assert all(f"*#{number}*: " in shown for number in (1, 2, 3, 4))


def test_each_card_of_a_story_says_what_was_corrected_of_it_alone() -> None:
    line = Judged(a_rule(EVERY))
    told = in_one_story(line)
    line.read(SMALLER)

    cards = [composed(line.store, each) for each in told[1:]]

    for message, card in zip(told[1:], cards, strict=True):
        (since,) = (each.text for each in card.lines if each.label == "Since then")
        assert since.endswith(f"(OKLO #{message.message_id})")
        assert "corrected" in card.marks


def test_every_message_that_a_reply_corrects_is_shown_anew() -> None:
    line = Judged(a_rule(EVERY))
    told = in_one_story(line)
    line.read(SMALLER)

    now = [line.store.outbox.of(each.id) for each in told]
    assert all(each is not None and each.wanted > each.revision for each in now)


def test_two_amendments_are_two_replies_in_a_thread() -> None:
    line = Judged(a_rule(EVERY))
    head, *_ = in_one_story(line)

    replies = line.read(SMALLER, amendment(21, KLEIN, sale(130_000, 20)))

    assert [each.parent for each in replies] == [head.id] * 2


# Alerts that a digest told.


def test_an_alert_of_a_story_that_a_digest_told_is_corrected_in_the_digests_thread() -> None:
    line = Judged(a_rule(EVERY))
    told = line.read(FIRST, *(form(each, COCHRAN, sale(each, 20)) for each in (2, 3, 4)))
    sent(line, told[:1])
    with line.store.writing():
        line.store._connections.connection.execute(
            "UPDATE outbox SET parent = ? WHERE id > ?", (told[0].id, told[0].id)
        )
    digest = in_one_digest(line, told[1:])

    of_story, of_digest = line.read(SMALLER)

    assert of_story.parent == told[0].id
    assert of_digest.parent == digest.id
    assert "3 alerts" in of_digest.text


@pytest.mark.parametrize("sooner", [True, False])
def test_a_correction_follows_its_alert_into_the_digest(sooner: bool) -> None:
    line = Judged(a_rule("when: value_usd >= $1M"))
    told = line.read(FIRST, form(2, COCHRAN, sale(100_000, 20)))
    digest = None if sooner else in_one_digest(line, told)

    (reply,) = line.read(SMALLER)
    digest = digest or in_one_digest(line, told)

    now = line.store.outbox.of(reply.id)
    assert now is not None
    assert now.parent == digest.id


def test_what_said_its_correction_already_when_it_waited_does_not_say_it_again() -> None:
    line = Judged(a_rule("where: side == sell\nwhen: value_usd >= $1M\nmax_per_day: 1"))
    _, capped = line.read(FIRST, form(2, COCHRAN, sale(100_000, 20)))
    line.read(amendment(21, COCHRAN, sale(90_000, 20)))
    line.store.outbox.tell_alone([capped.id])

    (alone,) = line.store.outbox.telling(capped.message_id)
    card = composed(line.store, alone)

    assert [each for each in card.headlines if "Amended" in each]
    assert "Since then" not in [each.label for each in card.lines]
    assert card.marks.count("corrected") == 1


def test_the_corrections_of_an_older_store_are_told_on_cards_and_in_lists() -> None:
    line = Judged(a_rule("where: side == sell\nwhen: value_usd >= $1M"))
    (told,) = line.read(FIRST)
    (reply,) = line.read(SMALLER)
    connection = line.store._connections.connection
    (seq,) = connection.execute("SELECT seq FROM corrections").fetchone()
    connection.execute("DROP TABLE corrections")

    correction_tables(_sqlite_utils_database()(connection))

    alert = line.store.history.alert(told.message_id)
    assert alert is not None
    assert alert.corrected == Correction(alert=alert.id, seq=seq, text=reply.text, figures=None)
    assert composed(line.store, told).lines[0].text == reply.text
