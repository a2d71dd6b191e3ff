"""Answers that say what is so, and what can be done next."""

import json
from datetime import timedelta

import pytest

from bot.cards.actions import Action
from bot.chat.answer import Tone
from bot.chat.answer_slack import slack_answer
from bot.chat.command import Verb
from bot.chat.fates import not_told
from bot.rules.fire import Fate
from bot.store import Delivery
from tests.chat.desks import ANN, BOB, OPERATOR, AnOffice, whole


def test_tests_are_found_with_their_delivery_and_are_no_alerts(office: AnOffice) -> None:
    office.asks(ANN, "test")
    office.waits(days=2)
    office.asks(OPERATOR, "test")

    every, late = office.asks(ANN, "is:test"), office.asks(ANN, "is:test 1d")

    assert every.headline == "test → 2 tests"
    assert [row.text for row in every.rows] == [
        "#alerts · queued 12:00, waits for its turn",
        "#C1 · queued Oct 1 12:00, waits for its turn",
    ]
    assert [row.text for row in late.rows] == [every.rows[0].text]
    assert office.asks(ANN, "").headline == "the newest alerts → 0 alerts"
    assert office.asks(ANN, "-is:test").headline == "not test → 0 alerts"
    assert office.asks(ANN, "stats is:test").headline == "test → 0 alerts"


def test_a_test_has_nothing_that_alerts_have(office: AnOffice) -> None:
    answer = office.asks(ANN, "is:test OKLO")

    assert answer.tone is Tone.REFUSED
    assert "A test is no alert, so `OKLO` says nothing of it" in whole(answer)


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.SEARCH])
def test_help_on_a_command_says_how_it_is_typed(office: AnOffice, verb: Verb) -> None:
    told = office.asks(ANN, f"help {verb}").headline

    assert told.startswith(verb)
    assert " · " in told
    assert told in office.asks(ANN, "help commands").lines


def test_what_counts_all_alerts_does_not_call_them_the_newest(office: AnOffice) -> None:
    office.sells("OKLO")

    assert office.asks(ANN, "").headline == "the newest alerts → 1 alert"
    assert office.asks(ANN, "stats").headline == "all alerts → 1 alert"
    assert office.asks(ANN, "export").headline == "all alerts → 1 alert"


def test_the_number_of_what_was_not_told_says_so(office: AnOffice) -> None:
    office.asks(ANN, "mute OKLO 7d confirmed")
    (number,) = office.sells("OKLO")

    answer = office.asks(ANN, f"#{number}")

    assert answer.headline == f"#{number} → 0 alerts"
    assert (
        f"#{number} was not told: it was muted.  `/alerts show {number}` tells why." in answer.lines
    )


def test_what_did_not_match_says_so_and_offers_no_judgement(office: AnOffice) -> None:
    office.sells("OKLO", value_usd=100_000)
    (decision,) = office.store.decisions.all(fate="no")

    answer = office.asks(ANN, f"show {decision['id']}")
    listed = office.asks(ANN, f"#{decision['id']}")

    assert "It was not told: its condition did not hold" in answer.lines
    assert f"#{decision['id']} was not told: its condition did not hold." in whole(listed)
    assert answer.card is not None
    assert "Why" not in [line.label for line in answer.card.lines]
    shown = json.dumps(slack_answer(answer), ensure_ascii=False)
    assert "Mute" in shown
    assert not any(label in shown for label in ("Ack", "👍", "👎", "Why: "))


def test_what_was_held_back_though_it_matched_tells_why_it_did(office: AnOffice) -> None:
    office.asks(ANN, "mute OKLO 7d confirmed")
    (number,) = office.sells("OKLO")

    card = office.asks(ANN, f"show {number}").card

    assert card is not None
    assert "≥ $1M" in next(line.text for line in card.lines if line.label == "Why")


@pytest.mark.parametrize("fate", [fate for fate in Fate if fate is not Fate.FIRED])
def test_every_fate_is_told_in_a_sentence(fate: Fate) -> None:
    assert not_told(fate, "until 14:32").endswith(" (until 14:32)")
    assert len(not_told(fate).split()) >= 6


def test_nobody_could_acknowledge_what_was_not_told(office: AnOffice) -> None:
    office.asks(ANN, "mute OKLO 7d confirmed")
    (muted,) = office.sells("OKLO")
    (told,) = office.sells("NVDA")

    assert "Nobody acknowledged it" not in whole(office.asks(ANN, f"show {muted}"))
    assert "Nobody acknowledged it" in whole(office.asks(ANN, f"show {told}"))


def test_a_next_try_that_is_over_is_only_a_turn_to_wait_for(office: AnOffice) -> None:
    (alert,) = office.sells("OKLO")
    (message,) = office.store.outbox.all()
    later = office.now + timedelta(minutes=5)
    office.store.outbox.mark_sending(message, at=office.now)
    office.store.outbox.settle(message, Delivery.PENDING, at=office.now, not_before=later)

    assert "waits, next try 12:05" in whole(office.asks(ANN, f"show {alert}"))
    office.waits(minutes=6)
    assert "waits for its turn" in whole(office.asks(ANN, f"show {alert}"))


def test_a_ticker_that_no_fact_is_of_is_named(office: AnOffice) -> None:
    office.sells("OKLO")

    told = whole(office.asks(ANN, "OKLOO"))

    assert "No fact that is stored is about `OKLOO`: is it spelt so, and watched?" in told
    assert "No fact" not in whole(office.asks(ANN, "OKLO min:$900m"))


def test_an_acknowledgement_is_told_once(office: AnOffice) -> None:
    (alert,) = office.sells("OKLO")
    office.asks(ANN, f"ack {alert}")
    office.presses(BOB, Action.VOTE_UP, alert)

    told = whole(office.asks(ANN, f"show {alert}"))

    assert told.count("ann") == 1
    assert "bob: vote" in told


def test_a_mute_of_a_person_is_told_by_their_name(office: AnOffice) -> None:
    answer = office.asks(ANN, 'mute who:"Klein Michael" 2w confirmed')

    assert answer.headline == "Klein Michael is muted until Oct 15 12:00"
