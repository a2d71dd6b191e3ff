"""The ear in Slack: acknowledged at once, heard again after every trouble, silent about secrets."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.chat.slack_gate import REFUSALS, Gate, NotYet
from bot.chat.slack_socket import CONNECTIONS
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from bot.sandbox.slack_socket import Reason
from tests.builders import NOW
from tests.chat.talk import Talk, listening
from tests.processes import LONG, until

Heard = list[Mapping[str, Any]]


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts", "insiders"), clock=lambda: NOW) as server:
        yield server


def ask(slack: SlackServer, count: int) -> int:
    """How many of so many commands are acknowledged."""
    envelopes = [slack.command(f"/alerts {number}") for number in range(count)]
    return sum(envelope.wait(LONG / 3) for envelope in envelopes)


def hears_again(slack: SlackServer) -> bool:
    """Whether commands are acknowledged one and all, though the last ones of a connection that
    is being replaced may be lost."""
    until(lambda: ask(slack, 10) == 10, within=3 * LONG)
    return True


def made_anew(slack: SlackServer, opened: int) -> None:
    """Wait until both connections stand, opened after so many calls."""
    until(lambda: len(slack.calls) >= opened + CONNECTIONS)
    until(lambda: slack.socket.connections == CONNECTIONS)


def test_a_command_is_acknowledged_empty_and_at_once_while_the_answer_takes_its_time(
    slack: SlackServer,
) -> None:
    talk, stored = Talk(slack), Event()
    said = talk.says
    talk.says = lambda text: (stored.wait(), said(text))[1]  # a store that takes its time

    with listening(slack, talk.conversation.handle):
        envelopes = [slack.command(f"/alerts {number}") for number in range(20)]
        assert all(envelope.wait(LONG) for envelope in envelopes)
        before = slack.answers()
        stored.set()
        assert slack.until(lambda: len(slack.answers()) == 20)

    assert before == []
    assert {tuple(envelope.acks) for envelope in envelopes} == {(None,)}


def test_each_payload_is_acknowledged_and_handled_once_though_there_are_two_connections(
    slack: SlackServer,
) -> None:
    heard: Heard = []
    with listening(slack, heard.append):
        assert ask(slack, 30) == 30
        until(lambda: len(heard) >= 30)

    assert len({each["envelope_id"] for each in heard}) == len(heard) == 30
    assert [len(envelope.acks) for envelope in slack.socket.envelopes] == [1] * 30


@pytest.mark.parametrize("reason", [Reason.WARNING, Reason.REFRESH, Reason.TOO_MANY])
def test_a_connection_that_is_asked_to_leave_is_replaced_at_once(
    slack: SlackServer, reason: Reason
) -> None:
    with listening(slack, lambda _: None) as socket:
        opened = len(slack.calls)
        slack.socket.disconnect(reason)
        made_anew(slack, opened)

        assert hears_again(slack)
        until(lambda: all(ear.connected for ear in socket.ears()))


def test_after_a_reset_commands_are_heard_again(slack: SlackServer) -> None:
    with listening(slack, lambda _: None):
        opened = len(slack.calls)
        slack.socket.reset()
        made_anew(slack, opened)

        assert hears_again(slack)


def test_connections_that_fall_silent_are_given_up_and_made_anew(slack: SlackServer) -> None:
    with listening(slack, lambda _: None, ping_every=timedelta(seconds=0.2)):
        opened = len(slack.calls)
        slack.socket.silence()
        made_anew(slack, opened)

        assert hears_again(slack)


def test_a_connection_that_never_answers_a_ping_is_given_up_by_the_watch(
    slack: SlackServer,
) -> None:
    slack.socket.faults.silent = True
    sooner = timedelta(seconds=0.5)  # than slack_sdk itself, which counts whole seconds

    with (
        capture_logs() as logs,
        listening(
            slack, lambda _: None, ping_every=timedelta(seconds=0.1), deaf_after=sooner
        ) as socket,
    ):
        assert not any(ear.heard for ear in socket.ears())
        opened = len(slack.calls)
        slack.socket.faults.silent = False
        until(lambda: all(ear.heard for ear in socket.ears()))
        made_anew(slack, opened)
        assert hears_again(slack)

    assert "chat.deaf" in {log["event"] for log in logs}


def test_after_an_outage_it_is_heard_again_without_being_started(slack: SlackServer) -> None:
    with listening(slack, lambda _: None):
        slack.go_down()
        until(lambda: slack.socket.connections == 0)
        assert slack.command("/alerts OKLO").error == "dispatch_failed"
        opened = len(slack.calls)
        slack.is_down = False
        made_anew(slack, opened)

        assert hears_again(slack)


def test_a_first_connection_that_fails_is_tried_again(slack: SlackServer) -> None:
    slack.faults += [Fault(FaultKind.STATUS, method="apps.connections.open")] * 2

    with listening(slack, lambda _: None):
        assert ask(slack, 2) == 2


def test_where_the_link_is_disabled_it_stops_for_good_and_tells_it_once(
    slack: SlackServer,
) -> None:
    told: list[tuple[str, str]] = []
    with listening(slack, lambda _: None, tell=lambda *each: told.append(each)):
        opened = len(slack.calls)
        slack.socket.disconnect(Reason.LINK_DISABLED)
        until(lambda: told)
        until(lambda: slack.socket.connections == 0)

    assert told == [("link_disabled", REFUSALS["link_disabled"])]
    assert len(slack.calls) == opened


def test_a_refused_token_is_told_once_with_its_mend_and_seldom_tried(slack: SlackServer) -> None:
    told: list[tuple[str, str]] = []
    with listening(
        slack,
        lambda _: None,
        tell=lambda *each: told.append(each),
        app_token="xapp-other",
        connected=False,
    ):
        until(lambda: told and len(slack.calls) >= CONNECTIONS)

    assert told == [("invalid_auth", REFUSALS["invalid_auth"])]
    assert len(slack.calls) == CONNECTIONS


def test_neither_tokens_nor_addresses_nor_words_of_people_are_logged(
    slack: SlackServer,
) -> None:
    slack.socket.faults.fragment_bytes = 40
    with capture_logs() as logs, listening(slack, lambda _: None):
        asked = slack.command("/alerts a secret question of forty letters and more")
        until(lambda: "chat.unsupported_frame" in {log["event"] for log in logs})
        assert not asked.acks
        slack.go_down()
        until(lambda: slack.socket.connections == 0)

    told = str(logs)
    assert all(secret not in told for secret in (slack.app_token, "ws://", "letters and more"))


def test_what_a_worker_raises_is_logged_and_the_next_command_is_handled(
    slack: SlackServer,
) -> None:
    heard: Heard = []

    def handle(envelope: Mapping[str, Any]) -> None:
        heard.append(envelope)
        if len(heard) <= 8:
            raise RuntimeError("no")

    with capture_logs() as logs, listening(slack, handle):
        assert ask(slack, 9) == 9
        until(lambda: len(heard) == 9)

    assert [log["event"] for log in logs].count("chat.failed") == 8


def test_after_it_is_closed_nothing_connects_any_more(slack: SlackServer) -> None:
    with listening(slack, lambda _: None) as socket:
        socket.close()
        until(lambda: slack.socket.connections == 0)
        opened = len(slack.calls)
        socket.start()

    assert len(slack.calls) == opened


def test_the_gate_closes_for_longer_after_each_failure_and_opens_after_a_success() -> None:
    now = [0.0]
    gate = Gate(lambda: now[0])
    waits = []
    for _ in range(6):
        gate.close("TimeoutError")
        began = now[0]
        while not gate.is_open:
            now[0] += 0.5
        waits.append(now[0] - began)

    gate.open()
    gate.close("TimeoutError")
    now[0] += 1

    assert waits == [1, 2, 4, 8, 10, 10]
    assert gate.is_open


def test_the_gate_waits_as_long_as_slack_asks_and_a_minute_after_a_refusal() -> None:
    now = [0.0]
    gate = Gate(lambda: now[0])

    gate.close("ratelimited", timedelta(seconds=30))
    now[0] += 29.9
    with pytest.raises(NotYet):
        gate.check()
    gate.close("token_revoked")
    now[0] += 59.9
    assert not gate.is_open
    assert gate.refused == "token_revoked"


def test_a_gate_that_is_shut_stays_shut() -> None:
    gate = Gate(lambda: 0.0)

    gate.shut()
    gate.open()

    with pytest.raises(NotYet):
        gate.check()
