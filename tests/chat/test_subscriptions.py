"""Alerts go to those who subscribed to them, once, in the same transaction as the decision."""

import pytest

from bot.chat.answer import Tone
from tests.builders import a_trade
from tests.chat.desks import ANN, BOB, AnOffice, whole


def told(office: AnOffice) -> list[tuple[str, int]]:
    """Channel and alert of each message."""
    return [(each.channel, each.message_id) for each in office.store.outbox.all()]


def test_a_match_goes_to_its_channel_and_to_those_who_subscribed(office: AnOffice) -> None:
    office.asks(ANN, "subscribe OKLO")
    office.asks(BOB, "subscribe min:$5m")

    oklo, nvda = office.sells("OKLO", "NVDA")

    assert told(office) == [("#a", oklo), ("UANN", oklo), ("#a", nvda)]


def test_two_subscriptions_of_one_person_tell_one_alert_once(office: AnOffice) -> None:
    office.asks(ANN, "subscribe OKLO")
    office.asks(ANN, "subscribe insider sell")

    (alert,) = office.sells("OKLO")

    assert told(office) == [("#a", alert), ("UANN", alert)]


def test_several_matches_of_one_document_are_one_message_to_a_subscriber(office: AnOffice) -> None:
    office.asks(ANN, "subscribe OKLO")

    office.line.see(
        a_trade(id="a", value_usd=200_000_000), a_trade(id="b", value_usd=300_000_000), document=1
    )

    assert [channel for channel, _ in told(office)] == ["#a", "UANN"]


def test_one_that_waits_tells_what_a_later_batch_adds_and_is_not_doubled(office: AnOffice) -> None:
    office.asks(ANN, "subscribe OKLO")
    office.line.see(a_trade(id="a", value_usd=200_000_000), document=1)
    (in_channel, _) = office.store.outbox.all()
    office.store.outbox.mark_sending(in_channel, at=office.now)  # the channel keeps its old words

    office.line.see(a_trade(id="b", value_usd=300_000_000), document=1)

    channels = [channel for channel, _ in told(office)]
    assert channels.count("UANN") == 1
    direct = next(each for each in office.store.outbox.all() if each.channel == "UANN")
    assert "$2M" in direct.card
    assert "$3M" in direct.card


def test_who_subscribes_to_what_was_joined_later_gets_the_whole(office: AnOffice) -> None:
    office.asks(ANN, "subscribe min:$3m")
    office.line.see(a_trade(id="a", value_usd=200_000_000), document=1)

    office.line.see(a_trade(id="b", value_usd=300_000_000), document=1)

    (direct,) = [each for each in office.store.outbox.all() if each.channel == "UANN"]
    assert "$3M" in direct.card


def test_what_is_muted_is_told_nobody(office: AnOffice) -> None:
    office.asks(ANN, "subscribe OKLO")
    office.asks(BOB, "mute OKLO 7d confirmed")

    office.sees(a_trade("2025-10-02", value_usd=200_000_000))

    assert told(office) == []


def test_what_has_ended_is_told_no_more(office: AnOffice) -> None:
    office.asks(ANN, "subscribe OKLO")
    office.asks(ANN, "unsubscribe 1")

    office.sells("OKLO")

    assert [channel for channel, _ in told(office)] == ["#a"]


def test_a_relative_day_of_a_subscription_moves_with_time(office: AnOffice) -> None:
    office.asks(ANN, "subscribe OKLO since:7d")
    office.waits(days=30)

    office.sees(a_trade("2025-10-31", value_usd=200_000_000))

    assert [channel for channel, _ in told(office)] == ["#a", "UANN"]


def test_a_subscription_that_can_not_be_read_any_more_stops_nobody(office: AnOffice) -> None:
    office.store.chat.subscribe(user="UBOB", name="bob", channel="UBOB", query="tickr:A", at=1)
    office.asks(ANN, "subscribe OKLO")

    office.sells("OKLO")

    assert [channel for channel, _ in told(office)] == ["#a", "UANN"]


@pytest.mark.parametrize(
    "held",
    ["fate:no", "fate:in-cooldown OKLO", "is:muted", "-fate:fired", "fate:no OKLO", "is:test"],
)
def test_what_never_fires_can_not_be_subscribed_to(office: AnOffice, held: str) -> None:
    answer = office.asks(ANN, f"subscribe {held}")

    assert answer.tone is Tone.REFUSED
    assert f"What is `{held.split()[0]}` is told to nobody" in whole(answer)
    assert office.store.chat.subscriptions() == []


@pytest.mark.parametrize("told", ["fate:fired OKLO", "-fate:no", "-is:muted", "fate:fired,muted"])
def test_what_may_fire_can_be_subscribed_to(office: AnOffice, told: str) -> None:
    assert office.asks(ANN, f"subscribe {told}").tone is Tone.GOOD
