"""Channels and people are read by their names, and kept by their ids."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cards.actions import Action
from bot.chat.answer import Tone
from bot.sandbox.slack import SlackServer
from bot.store import Delivery
from tests.chat.desks import ANN, BOB, OPERATOR, AnOffice, labels, whole
from tests.chat.questions import read
from tests.chat.workspaces import Workspace

NAMES = {"C0ALERTS": "alerts", "U0MIRA": "mira"}


def called(number: str) -> str:
    """As Slack's directory tells; the id where it does not know."""
    return NAMES.get(number, number)


@pytest.fixture
def office() -> AnOffice:
    return AnOffice(name_of=called)


# What was understood.


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("in:<#C0ALERTS|alerts>", "#alerts"),
        ("in:<#C0ALERTS>", "#alerts"),
        ("in:C0ALERTS", "#alerts"),
        ("<#C0ALERTS|>", "#alerts"),
        ("in:<#C9|chatter>", "#chatter"),
        ("by:<@U0MIRA>", "acknowledged by @mira"),
        ("by:<@U9|tom &amp; co>", "acknowledged by @tom & co"),
        ("-in:<#C0ALERTS>", "not #alerts"),
        ("in:<#C0NOBODY>", "#C0NOBODY"),
    ],
)
def test_what_was_understood_names_channels_and_people(
    office: AnOffice, typed: str, understood: str
) -> None:
    office.sells("OKLO")

    answer = office.asks(ANN, typed)

    assert answer.headline.startswith(f"{understood} → ")


def test_the_name_of_the_day_is_taken_from_the_line_before_the_directory(office: AnOffice) -> None:
    answer = office.asks(ANN, "in:<#C0ALERTS|warnings>")

    assert answer.headline.startswith("#warnings → ")


def test_what_a_term_costs_is_told_by_name_and_its_button_keeps_the_id(office: AnOffice) -> None:
    office.sells("OKLO")

    answer = office.asks(ANN, "OKLO in:<#C0ALERTS>")

    assert "Without `in:#alerts` there is 1." in answer.lines
    assert "Drop in:#alerts" in labels(answer)
    assert "#C0ALERTS" not in whole(answer)


@pytest.mark.parametrize("typed", ["in:<#C0ALERTS|alerts>", "by:<@U0MIRA|mira>", "<#C0ALERTS>"])
def test_the_plainest_words_keep_ids_and_read_the_same(typed: str) -> None:
    command = read(typed)

    assert read(command.canonical).query == command.query
    assert "alerts" not in command.canonical
    assert "mira" not in command.canonical


# Refusals.


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("in:<#C0ALERTS> in:<#C9|chatter>", "in:#alerts,#chatter"),
        ("vlaue:>1m in:<#C0ALERTS>", "value:>1m in:#alerts"),
        ("by:><@U0MIRA>", "drop the `>`: `by:@mira`"),
        ("show <@U0MIRA>", "`@mira` is not a number"),
        ("mute <#C0ALERTS> 7d", "`#alerts` can not be muted"),
    ],
)
def test_a_refusal_names_channels_and_people(office: AnOffice, typed: str, told: str) -> None:
    answer = office.asks(ANN, typed)

    assert answer.tone is Tone.REFUSED
    assert told in whole(answer)
    assert "C0ALERTS" not in whole(answer)
    assert "U0MIRA" not in whole(answer)


def test_the_mended_line_of_a_refusal_runs_by_id(office: AnOffice) -> None:
    answer = office.asks(ANN, "vlaue:>1m in:<#C0ALERTS>")

    (button,) = answer.buttons
    assert button.command == "value:>1m in:#C0ALERTS"


# What is kept.


def test_a_subscription_is_kept_by_id_and_listed_by_the_name_of_the_day(office: AnOffice) -> None:
    told = office.asks(ANN, "subscribe in:<#C0ALERTS|alerts> OKLO")
    (kept,) = office.store.chat.subscriptions()

    NAMES["C0ALERTS"] = "renamed"
    try:
        listed = office.asks(ANN, "subs")
        ended = office.asks(ANN, f"unsubscribe {kept.id}")
    finally:
        NAMES["C0ALERTS"] = "alerts"

    assert kept.query == "in:#C0ALERTS ticker:OKLO"
    assert told.headline == "You get by direct message from now on: #alerts · OKLO"
    assert "in:#renamed ticker:OKLO" in whole(listed)
    assert "in:#renamed" in ended.headline


def test_the_reason_of_a_mute_names_people(office: AnOffice) -> None:
    preview = office.asks(ANN, "mute OKLO 7d as <@U0MIRA|mira> said in <#C0ALERTS|alerts>")
    office.presses(ANN, Action.CONFIRM, preview.buttons[0].command)
    cancelled = office.presses(ANN, Action.CANCEL, preview.buttons[1].command)

    assert "as @mira said in #alerts" in whole(preview)
    assert "as @mira said in #alerts" in whole(office.asks(BOB, "mutes"))
    assert "as @mira said in #alerts" in cancelled.headline


def test_a_message_to_one_person_is_shown_by_their_name(office: AnOffice) -> None:
    office.asks(ANN, "subscribe OKLO")
    (alert,) = office.sells("OKLO")

    NAMES["UANN"] = "ann"
    try:
        answer = office.asks(BOB, f"show {alert}")
    finally:
        del NAMES["UANN"]

    assert any(row.text.startswith("direct message to @ann · queued") for row in answer.rows)


# Where only the store knows.


def test_the_terminal_knows_channels_by_what_was_sent_and_people_by_what_they_did() -> None:
    office = AnOffice()
    (alert,) = office.sells("OKLO")
    (message,) = office.store.outbox.all()
    office.store.outbox.mark_sending(message, at=office.now)
    office.store.outbox.settle(message, Delivery.SENT, at=office.now, place="C0HOME", ts="1.0")
    office.asks(ANN, f"ack {alert}")

    channel = office.asks(OPERATOR, "in:#C0HOME")
    person = office.asks(OPERATOR, "by:@UANN")

    assert channel.headline == "#a → 1 alert"
    assert person.headline == "acknowledged by @ann → 1 alert"


# In Slack.


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(channels=("a", "insiders"), burst=50) as server:
        yield server


@pytest.fixture
def workspace(slack: SlackServer, tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace(slack, tmp_path)
    yield workspace
    workspace.close()


def test_slack_is_asked_for_a_name_that_the_line_does_not_have(workspace: Workspace) -> None:
    channel = workspace.slack.channel("insiders").id

    answer = workspace.answer(
        lambda: workspace.slack.command(f"/alerts in:{channel} by:@U0MIRA", channel="a")
    )

    assert answer["text"].startswith("#insiders · acknowledged by @mira → 0 alerts")
