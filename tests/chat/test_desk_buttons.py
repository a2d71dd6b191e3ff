"""Mistakes, buttons and files: what is answered in words, and what a press proves."""

import pytest

from bot.cards.actions import Action, Page
from bot.chat.answer import Tone
from bot.chat.answer_slack import slack_answer
from tests.chat.desks import ANN, AnOffice, whole


def test_a_mistake_is_answered_with_the_line_to_copy(office: AnOffice) -> None:
    answer = office.asks(ANN, "OKLO vlaue:>1m")

    assert answer.tone is Tone.REFUSED
    assert "vlaue" in answer.headline
    (button,) = answer.buttons
    assert button.command == "OKLO value:>1m"


@pytest.mark.parametrize("value", ["", "x", "7 person 1h"])
def test_a_button_that_nobody_made_is_answered_in_words(office: AnOffice, value: str) -> None:
    assert office.presses(ANN, Action.MUTE, value).headline == "I can not read this button"


def test_a_button_of_another_app_is_not_answered(office: AnOffice) -> None:
    assert office.desk.click("approve", "7", ANN, None) is None


def test_a_press_on_an_uncertain_message_proves_that_it_was_sent(office: AnOffice) -> None:
    (alert,) = office.sells("OKLO")
    (message,) = office.store.outbox.all()
    office.store.outbox.mark_sending(message, at=office.now)
    office.store.outbox.doubt_unfinished(at=office.now)

    office.presses(ANN, Action.VOTE_UP, alert, on="1700000000.000100")

    (message,) = office.store.outbox.all()
    assert (message.state, message.place, message.ts) == ("sent", "C1", "1700000000.000100")


def test_a_command_too_long_for_a_button_is_kept_and_runs_the_same(office: AnOffice) -> None:
    office.sells("OKLO")
    text = f'mute who:"{"x" * 2_100}" 7d'

    preview = office.asks(ANN, text)
    slack_answer(preview)
    office.presses(ANN, Action.CONFIRM, preview.buttons[0].command)

    (mute,) = office.store.circumstances.mutes()
    assert mute.who == "x" * 2_100


def test_a_page_is_read_from_a_button_of_another_day(office: AnOffice) -> None:
    page = Page(command="mutes", cursor=None)

    assert office.presses(ANN, Action.PAGE, page.value).replaces
    assert office.presses(ANN, Action.SHARE, page.value).public


HUGE = "9" * 23


@pytest.mark.parametrize("action", [Action.ACK, Action.HISTORY, Action.VOTE_UP])
def test_a_number_that_no_store_can_hold_is_answered_in_words(
    office: AnOffice, action: Action
) -> None:
    assert office.presses(ANN, action, HUGE).tone is Tone.REFUSED
    assert "is not a number that we gave" in whole(office.asks(ANN, f"ack {HUGE}"))


@pytest.mark.parametrize("cursor", ["10_forged", f"10_{HUGE}.."])
def test_a_page_that_nobody_gave_is_a_button_that_can_not_be_read(
    office: AnOffice, cursor: str
) -> None:
    page = Page(command="OKLO", cursor=cursor)

    assert "I can not read this button" in whole(office.presses(ANN, Action.PAGE, page.value))


def test_an_export_of_nothing_sends_no_file(office: AnOffice) -> None:
    answer = office.asks(ANN, "export NVDA")

    assert answer.file is None
    assert answer.headline == "NVDA → 0 alerts, so there is no file"


def test_a_file_names_its_query(office: AnOffice) -> None:
    office.sells("OKLO")

    file = office.asks(ANN, "export OKLO").file

    assert file is not None
    assert file.title == "OKLO: 1 alert"
