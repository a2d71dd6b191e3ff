"""Ack on the card of a story means all alerts that this card shows, and no others."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards import Card
from bot.cards.actions import BUTTON_VALUE, Action
from bot.cards.slack import slack_message
from bot.cards.slack_text import length
from bot.chat.answer import Tone
from bot.chat.permissions import Permissions
from bot.composing import composed
from bot.store import Delivery, Message
from tests.builders import NOW
from tests.chat.desks import ANN, BOB, AnOffice, whole
from tests.outgoing import a_card

DAY = timedelta(days=1)


@pytest.fixture
def office() -> Iterator[AnOffice]:
    office = AnOffice(stories=DAY)
    yield office
    office.store.close()


def tells(office: AnOffice, count: int) -> Sequence[int]:
    """Alerts on one ticker that stand in their channel; their numbers."""
    alerts = office.sells(*["OKLO"] * count)
    for message in office.store.outbox.unfinished():
        office.store.outbox.settle(
            message, Delivery.SENT, at=NOW, place="C1", ts=f"{message.id}.000000"
        )
    return alerts


def story(office: AnOffice) -> Card:
    return composed(office.store, first(office))


def first(office: AnOffice) -> Message:
    return office.store.outbox.all()[0]


def ack_value(card: Card) -> str:
    (actions,) = (
        block for block in slack_message(card, interactive=True)["blocks"]
        if block["type"] == "actions"
    )  # fmt: skip
    (value,) = (e["value"] for e in actions["elements"] if e.get("action_id") == Action.ACK)
    return str(value)


def acknowledged(office: AnOffice) -> dict[int, str]:
    found = ((n, office.store.chat.acknowledged(n)) for n in range(1, 20))
    return {number: ack.name for number, ack in found if ack}


def test_every_alert_that_the_card_shows_is_acknowledged_and_the_card_says_so(
    office: AnOffice,
) -> None:
    alerts = tells(office, 3)

    answer = office.presses(ANN, Action.ACK, ack_value(story(office)))

    assert acknowledged(office) == dict.fromkeys(alerts, "ann")
    assert answer.headline == "3 alerts are acknowledged by ann: #1, #2 and #3"
    assert "all 3 alerts acknowledged by ann" in story(office).whole_text


def test_each_acknowledgement_is_an_act_on_its_alert(office: AnOffice) -> None:
    alerts = tells(office, 2)

    office.presses(ANN, Action.ACK, ack_value(story(office)))

    for alert in alerts:
        (act,) = office.store.chat.acts_on(alert)
        assert (act.name, act.act, act.refused) == ("ann", "ack", False)
        assert "Acknowledged by ann at 12:00" in whole(office.asks(BOB, f"show {alert}"))


def test_what_joins_later_is_not_acknowledged_by_a_click_on_the_card_of_before(
    office: AnOffice,
) -> None:
    seen = tells(office, 2)
    value = ack_value(story(office))
    (later,) = tells(office, 1)

    office.presses(ANN, Action.ACK, value)

    assert acknowledged(office) == dict.fromkeys(seen, "ann")
    assert "#1 and #2 acknowledged by ann" in story(office).whole_text
    assert later not in acknowledged(office)


def test_what_waits_for_its_turn_is_not_shown_and_not_acknowledged(office: AnOffice) -> None:
    seen = tells(office, 2)
    office.sells("OKLO")

    office.presses(ANN, Action.ACK, ack_value(story(office)))

    assert acknowledged(office) == dict.fromkeys(seen, "ann")


def test_who_acknowledged_one_of_them_first_stays_and_is_named(office: AnOffice) -> None:
    tells(office, 3)
    office.asks(BOB, "ack 2")
    office.waits(hours=1)

    answer = office.presses(ANN, Action.ACK, ack_value(story(office)))

    assert acknowledged(office) == {1: "ann", 2: "bob", 3: "ann"}
    assert answer.headline == "2 alerts are acknowledged by ann: #1 and #3"
    assert answer.lines == ("#2 was acknowledged by bob at 12:00 already",)
    told = story(office).whole_text
    assert "#1 and #3 acknowledged by ann" in told
    assert "#2 acknowledged by bob" in told


def test_of_what_is_acknowledged_already_nothing_is_recorded_again(office: AnOffice) -> None:
    tells(office, 2)
    value = ack_value(story(office))
    office.presses(ANN, Action.ACK, value)

    answer = office.presses(BOB, Action.ACK, value)

    assert answer.headline == "#1 and #2 were acknowledged by ann at 12:00 already"
    assert [act.name for act in office.store.chat.acts_on(2)] == ["ann"]


def test_one_alert_of_a_story_is_acknowledged_alone_and_the_card_of_the_story_tells_it(
    office: AnOffice,
) -> None:
    tells(office, 2)
    before = first(office).wanted

    office.asks(ANN, "ack 2")

    assert acknowledged(office) == {2: "ann"}
    assert first(office).wanted == before + 1
    assert "#2 acknowledged by ann" in story(office).whole_text


def test_the_cards_of_all_alerts_are_told_anew(office: AnOffice) -> None:
    tells(office, 3)
    before = [each.wanted for each in office.store.outbox.all()]

    office.presses(ANN, Action.ACK, ack_value(story(office)))

    after = [each.wanted for each in office.store.outbox.all()]
    assert all(now > then for now, then in zip(after, before, strict=True))


def test_who_may_not_acknowledges_none_of_them() -> None:
    office = AnOffice(stories=DAY, permissions=Permissions(acknowledge=("UBOB",)))
    tells(office, 2)

    answer = office.presses(ANN, Action.ACK, ack_value(story(office)))

    assert answer.tone is Tone.REFUSED
    assert acknowledged(office) == {}


def test_typed_numbers_are_acknowledged_together_too(office: AnOffice) -> None:
    tells(office, 3)

    answer = office.asks(ANN, "ack #1 3")

    assert acknowledged(office) == {1: "ann", 3: "ann"}
    assert answer.hints == ()


def test_a_button_holds_no_more_numbers_than_slack_takes() -> None:
    tells_ = tuple(range(10**6, 10**6 + 1_000))
    value = ack_value(replace(a_card(7), tells=tells_))

    assert length(value) <= BUTTON_VALUE
    assert value.split()[:2] == ["7", str(tells_[0])]


def test_a_card_keeps_what_it_tells(office: AnOffice) -> None:
    tells(office, 3)
    card = story(office)

    assert card.tells == (2, 3)
    assert Card.from_json(card.to_json()) == card


def test_show_of_the_alert_that_began_a_story_is_about_that_alert_alone(office: AnOffice) -> None:
    first_alert, *_ = tells(office, 3)

    shown = office.asks(BOB, f"show {first_alert}").card

    assert shown is not None
    assert (shown.alert_id, shown.tells) == (first_alert, ())
    assert shown.headlines == Card.from_json(first(office).card).headlines
