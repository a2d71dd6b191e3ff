"""From a card in Slack to what is done about it, through the real socket, and back to the card."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cards.actions import Action, MuteChoice
from bot.sandbox.slack import SlackServer
from tests.chat.workspaces import Json, Workspace
from tests.processes import until


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(channels=("a",), burst=50) as server:
        yield server


@pytest.fixture
def workspace(slack: SlackServer, tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace(slack, tmp_path)
    yield workspace
    workspace.close()


def shown(message: Json) -> str:
    return str(message.get("blocks")) + str(message.get("text"))


def test_an_acknowledgement_reaches_the_card(workspace: Workspace) -> None:
    (card,) = workspace.tells("OKLO")

    answer = workspace.press(card, Action.ACK)
    workspace.delivers()

    assert answer["text"].startswith("#1 is acknowledged by")
    (card,) = workspace.slack.messages("a")
    assert "acknowledged by" in shown(card)


def test_ack_on_the_card_of_a_story_reaches_each_card_that_it_shows_and_no_later_one(
    slack: SlackServer, tmp_path: Path
) -> None:
    workspace = Workspace(slack, tmp_path, stories=timedelta(days=1))
    card, *_ = workspace.tells("OKLO", "OKLO")

    answer = workspace.press(card, Action.ACK)
    cards = workspace.tells("OKLO")

    assert answer["text"].startswith("2 alerts are acknowledged by")
    assert ["acknowledged by" in shown(each) for each in cards] == [True, True, False]
    assert "#1 and #2 acknowledged by" in shown(cards[0])
    workspace.close()


def test_a_mute_from_the_menu_of_a_card_holds_after_its_preview(workspace: Workspace) -> None:
    (card,) = workspace.tells("OKLO")
    choice = MuteChoice(alert_id=1, of="ticker", span="7d")

    preview = workspace.press(card, Action.MUTE, choice.value)
    assert workspace.store.circumstances.mutes() == []
    workspace.slack.click(preview["channel"], preview["ts"], "confirm:0")
    until(lambda: workspace.store.circumstances.mutes())

    assert "It would have hidden 1 alert of the last 30 days: #1" in preview["text"]
    until(lambda: "is muted until" in str(workspace.slack.answers()))
    assert len(workspace.slack.answers()) == 1  # the preview was replaced


def test_pages_take_the_place_of_one_another_and_one_is_shared(workspace: Workspace) -> None:
    workspace.office.sells(*(f"T{letter}" for letter in "ABCDEFGHIJKLMN"))

    first = workspace.answer(lambda: workspace.slack.command("/alerts sell"))
    workspace.slack.click(first["channel"], first["ts"], "page:2")
    until(lambda: "11–14 of 14" in str(workspace.slack.answers()))
    (second,) = workspace.slack.answers()
    workspace.slack.click(second["channel"], second["ts"], "share:1")
    until(lambda: workspace.slack.messages("a"))

    assert "10 of 14 · newest first" in first["text"]
    (public,) = workspace.slack.messages("a")
    assert "11–14 of 14 · newest first · shared by" in public["text"]
    assert "actions" not in {block["type"] for block in public["blocks"]}


def test_a_subscriber_gets_the_card_by_direct_message(workspace: Workspace) -> None:
    workspace.answer(lambda: workspace.slack.command("/alerts subscribe OKLO"))

    workspace.tells("OKLO", "NVDA")

    (subscription,) = workspace.store.chat.subscriptions()
    direct = workspace.slack.workspace.direct(workspace.slack.workspace.person(subscription.user))
    (message,) = direct.messages
    assert "OKLO sold $2M" in shown(message)


def test_a_file_comes_by_direct_message(workspace: Workspace) -> None:
    workspace.office.sells("OKLO", "NVDA")

    answer = workspace.answer(lambda: workspace.slack.command("/alerts export csv"))

    assert "2 alerts" in answer["text"]
    assert "is in our direct messages" in answer["text"]


def test_who_may_not_acknowledge_is_told_and_nothing_is_done(
    slack: SlackServer, tmp_path: Path
) -> None:
    workspace = Workspace(slack, tmp_path, acknowledge=("U0000000000",))
    (card,) = workspace.tells("OKLO")

    answer = workspace.press(card, Action.ACK)

    assert "You may not acknowledge alerts here" in answer["text"]
    assert workspace.store.chat.acknowledged(1) is None
    workspace.close()
