"""Questions and clicks from Slack, and where their answers come back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from bot.cards.actions import Action
from bot.chat.answer import Answer, Button, File, Row
from bot.chat.asker import Via
from bot.chat.slack_home import BLOCKS, SECTIONS
from bot.chat.slack_payloads import Press, Question, read_envelope
from bot.clock import NEW_YORK
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from bot.sandbox.slack_people import BOT_USER
from tests.builders import NOW
from tests.chat.talk import Talk, listening


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def slack(clock: Hands) -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts", "insiders"), clock=clock, burst=50) as server:
        yield server


@pytest.fixture
def talk(slack: SlackServer, clock: Hands) -> Iterator[Talk]:
    talk = Talk(slack, clock=clock)
    with listening(slack, talk.conversation.handle):
        yield talk


def answered(slack: SlackServer, count: int = 1) -> list[dict[str, Any]]:
    """What the asker alone sees, once there is so much."""
    assert slack.until(lambda: len(slack.answers()) >= count)
    return slack.answers()


def posted(slack: SlackServer, channel: str, count: int = 1) -> list[dict[str, Any]]:
    """What stands in a channel, once there is so much."""
    assert slack.until(lambda: len(slack.messages(channel)) >= count)
    return slack.messages(channel)


# Commands.


def test_a_command_is_answered_to_the_asker_alone(slack: SlackServer, talk: Talk) -> None:
    slack.command("/alerts OKLO 30d", channel="insiders")

    (answer,) = answered(slack)
    assert answer["text"] == "You said: OKLO 30d"
    assert answer["channel"] == slack.channel("insiders").id
    assert slack.messages("insiders") == []


def test_the_asker_is_known_by_id_name_channel_and_time_zone(
    slack: SlackServer, talk: Talk
) -> None:
    slack.command("/alerts", user="mira", channel="insiders")
    slack.until(lambda: slack.answers("mira"))

    ((_, asker),) = talk.asked
    assert (asker.user, asker.name, asker.via) == ("U0MIRA", "mira", Via.SLACK)
    assert asker.channel == slack.channel("insiders").id
    assert asker.zone == ZoneInfo("Europe/Berlin")


def test_without_the_scope_for_people_times_are_new_yorks_and_the_name_is_the_payloads(
    slack: SlackServer, talk: Talk
) -> None:
    slack.workspace.refusals["users.info"] = "missing_scope"

    slack.command("/alerts", user="mira")
    slack.until(lambda: slack.answers("mira"))

    assert (talk.asked[0][1].name, talk.asked[0][1].zone) == ("mira", NEW_YORK)


def test_slack_is_asked_once_for_a_person_who_asks_often(slack: SlackServer, talk: Talk) -> None:
    for count in (1, 2, 3):
        slack.command("/alerts")
        answered(slack, count)

    assert [call.method for call in slack.calls].count("users.info") == 1


def test_an_answer_for_all_stands_in_the_channel(slack: SlackServer, talk: Talk) -> None:
    talk.says = lambda text: Answer(headline=text, public=True)

    slack.command("/alerts OKLO", channel="insiders")

    (message,) = posted(slack, "insiders")
    assert message["text"] == "OKLO"
    assert slack.answers() == []


def test_a_question_that_breaks_the_desk_is_answered_all_the_same(
    slack: SlackServer, talk: Talk
) -> None:
    def fail(text: str) -> Answer:
        raise RuntimeError("the store is gone")

    talk.says = fail
    with capture_logs() as logs:
        slack.command("/alerts OKLO")
        (answer,) = answered(slack)

    assert "went wrong" in answer["text"]
    assert "the store is gone" not in answer["text"]
    assert [log["why"] for log in logs if log["event"] == "chat.failed"] == [
        "RuntimeError: the store is gone"
    ]


# The way back.


def test_an_answer_that_comes_after_half_an_hour_goes_by_another_way(
    slack: SlackServer, talk: Talk, clock: Hands
) -> None:
    def late(text: str) -> Answer:
        clock.now += timedelta(minutes=31)
        return Answer(headline=text)

    talk.says = late
    slack.command("/alerts OKLO")

    assert answered(slack)[0]["text"] == "OKLO"
    assert "chat.postEphemeral" in {call.method for call in slack.calls}
    assert "response_url" not in {call.method for call in slack.calls}


def test_an_answer_that_the_response_url_refuses_goes_by_another_way(
    slack: SlackServer, talk: Talk
) -> None:
    slack.faults.append(Fault(FaultKind.STATUS, status=404, method="response_url"))

    slack.command("/alerts OKLO")

    assert answered(slack)[0]["text"] == "You said: OKLO"
    assert "chat.postEphemeral" in {call.method for call in slack.calls}


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.RESET, FaultKind.STATUS])
def test_an_answer_that_may_have_arrived_is_not_given_again(
    slack: SlackServer, talk: Talk, kind: FaultKind
) -> None:
    slack.faults.append(Fault(kind, accepted=True, method="response_url"))

    slack.command("/alerts OKLO")
    answered(slack)
    slack.command("/alerts NVDA")

    assert [each["text"] for each in answered(slack, 2)] == ["You said: OKLO", "You said: NVDA"]


@pytest.mark.parametrize(
    "url",
    [
        "https://slack.com.example.org/actions/1",
        "https://example.org/actions/slack.com",
        "http://192.0.2.1/actions/1",
        "https://hooks.slack.com/actions/1",  # true elsewhere, but not beside a local Slack
        "file:///etc/passwd",
        "http://[",
    ],
)
def test_nothing_is_done_for_a_payload_whose_answer_would_not_go_to_slack(
    slack: SlackServer, talk: Talk, url: str
) -> None:
    payload = {"command": "/alerts", "text": "mute OKLO 7d", "user_id": "U1", "channel_id": "C1"}

    with capture_logs() as logs:
        talk.conversation.handle(
            {"type": "slash_commands", "payload": {**payload, "response_url": url}}
        )

    assert talk.asked == []
    assert [log["event"] for log in logs] == ["chat.response_url_refused"]


# Clicks.


def with_button(slack: SlackServer, talk: Talk, button: Button) -> dict[str, Any]:
    """An answer that carries a button, as the asker sees it."""
    talk.says = lambda text: Answer(headline=text, buttons=(button,))
    slack.command("/alerts first")
    (answer,) = answered(slack)
    return answer


def test_a_click_brings_the_action_its_value_and_an_answer_in_the_place_of_the_old_one(
    slack: SlackServer, talk: Talk
) -> None:
    shown = with_button(slack, talk, Button(label="Next", command="OKLO", action=Action.RUN))
    talk.says = lambda text: Answer(headline=f"page two of {text}", replaces=True)
    (button,) = [b for block in shown["blocks"] for b in block.get("elements", [])]

    slack.click(shown["channel"], shown["ts"], button["action_id"])

    assert slack.until(lambda: slack.answers()[0]["text"] == "page two of OKLO")
    assert len(slack.answers()) == 1
    action, value, asker, message = talk.clicked[0]
    assert (action, value, asker.user) == (button["action_id"], "OKLO", "U0ALEX")
    assert message is None  # of one that the asker alone sees nobody keeps a ts


def test_a_click_on_a_message_of_a_channel_brings_its_ts_and_answers_beside_it(
    slack: SlackServer, talk: Talk
) -> None:
    shared = with_button(slack, talk, Button(label="Share", command="OKLO", action=Action.RUN))
    talk.says = lambda text: Answer(
        headline=text, public=True, buttons=(Button(label="Why", command="why 12"),)
    )
    slack.click(shared["channel"], shared["ts"], _first_action(shared))
    (message,) = posted(slack, "alerts")
    talk.says = lambda text: Answer(headline=f"only you see {text}")

    slack.click("alerts", message["ts"], _first_action(message))

    assert answered(slack, 2)[-1]["text"] == "only you see why 12"
    assert len(slack.messages("alerts")) == 1
    assert talk.clicked[-1][3] == message["ts"]


def _first_action(message: dict[str, Any]) -> str:
    return next(
        str(element["action_id"])
        for block in message["blocks"]
        for element in block.get("elements", [])
        if "action_id" in element
    )


def test_a_button_that_only_opens_a_page_is_acknowledged_and_nothing_else(
    slack: SlackServer, talk: Talk
) -> None:
    button = {"type": "button", "action_id": "source", "url": "https://www.sec.gov/",
              "text": {"type": "plain_text", "text": "Source"}}  # fmt: skip
    blocks = [{"type": "actions", "elements": [button]}]
    message = slack.workspace.post({"channel": "alerts", "text": "x", "blocks": blocks})

    envelope = slack.click("alerts", message["ts"], "source")
    slack.command("/alerts after it")

    answered(slack)
    assert envelope.wait()
    assert talk.clicked == []


# Mentions and direct messages.


def test_a_mention_is_answered_in_a_thread_of_its_own(slack: SlackServer, talk: Talk) -> None:
    slack.mention("insiders", "OKLO 30d")

    asked, answer = posted(slack, "insiders", 2)
    assert talk.texts == ["OKLO 30d"]
    assert answer["thread_ts"] == asked["ts"]


def test_a_mention_in_a_thread_is_answered_in_that_thread(slack: SlackServer, talk: Talk) -> None:
    card = slack.workspace.post({"channel": "insiders", "text": "an alert"})
    slack.mention("insiders", "why 12", thread=card["ts"])

    *_, answer = posted(slack, "insiders", 3)
    assert answer["thread_ts"] == card["ts"]
    assert talk.asked[0][1].thread == card["ts"]


def test_a_direct_message_is_answered_in_the_conversation(slack: SlackServer, talk: Talk) -> None:
    slack.say("@alex", "help")

    _, answer = posted(slack, "@alex", 2)
    assert answer["text"] == "You said: help"
    assert "thread_ts" not in answer


def test_an_event_that_is_delivered_three_times_is_answered_once(
    slack: SlackServer, talk: Talk
) -> None:
    slack.socket.faults.deliveries = 3
    slack.mention("insiders", "OKLO")
    slack.socket.faults.deliveries = 1
    slack.mention("insiders", "NVDA")
    posted(slack, "insiders", 4)
    slack.command("/alerts after it")
    answered(slack)

    assert sorted(talk.texts) == ["NVDA", "OKLO", "after it"]
    assert len(slack.messages("insiders")) == 4
    assert all(envelope.wait() for envelope in slack.socket.envelopes)


@pytest.mark.parametrize(
    "more",
    [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"user": BOT_USER, "bot_id": "B0SANDBOX"}],
)
def test_what_bots_say_and_what_is_changed_is_not_answered(more: dict[str, str]) -> None:
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "ts": "1.1"}
    event |= {"text": "hello", **more}

    payload = {"type": "event_callback", "event_id": "Ev1", "event": event}
    assert read_envelope({"type": "events_api", "payload": payload}) is None


# Files.


def test_a_file_goes_into_the_direct_messages_of_the_asker_and_the_answer_says_so(
    slack: SlackServer, talk: Talk
) -> None:
    file = File(name="alerts.csv", body=b"id,ticker\n1,OKLO\n", title="Alerts of OKLO")
    talk.says = lambda text: Answer(headline=text, file=file)

    slack.command("/alerts export csv OKLO")

    (answer,) = answered(slack)
    assert "alerts.csv is in our direct messages" in answer["text"]
    (message,) = slack.messages("@alex")
    (shown,) = message["files"]
    kept = slack.workspace.files.shown(shown["id"])
    assert (shown["name"], shown["title"]) == ("alerts.csv", "Alerts of OKLO")
    assert kept is not None
    assert kept.body == file.body


@pytest.mark.parametrize("method", ["conversations.open", "files.getUploadURLExternal"])
def test_a_file_that_may_not_be_sent_is_told_with_the_scope_that_is_missing(
    slack: SlackServer, talk: Talk, method: str
) -> None:
    slack.workspace.refusals[method] = "missing_scope"
    file = File(name="alerts.csv", body=b"id\n", title="Alerts")
    talk.says = lambda text: Answer(headline=text, file=file, rows=(Row(text="a row"),))

    slack.command("/alerts export csv")

    (answer,) = answered(slack)
    assert "alerts.csv could not be sent: missing_scope" in answer["text"]
    assert "files:write" in answer["text"]


# Groups.


def test_members_of_a_group_are_found_by_its_handle_and_asked_for_rarely(
    slack: SlackServer, talk: Talk
) -> None:
    found = [talk.people.members("@desk") for _ in range(3)]

    assert found == [frozenset({"U0ALEX", "U0MIRA"})] * 3
    assert talk.people.members("S0DESK") == found[0]
    assert talk.people.members("nobody") == frozenset()
    assert [call.method for call in slack.calls].count("usergroups.users.list") == 1


def test_where_groups_may_not_be_read_nobody_is_a_member(slack: SlackServer, talk: Talk) -> None:
    slack.workspace.refusals["usergroups.list"] = "missing_scope"

    assert talk.people.members("desk") == frozenset()


# The Home tab.


def home(slack: SlackServer, user: str = "U0ALEX") -> list[str]:
    """The texts of what somebody sees there; none where it is not made yet."""
    view = slack.workspace.views.homes.get(user) or {"blocks": []}
    return [block["text"]["text"] for block in view["blocks"] if "text" in block]


def test_who_looks_at_the_home_tab_sees_alerts_subscriptions_mutes_and_health(
    slack: SlackServer, talk: Talk
) -> None:
    slack.open_home(user="mira")

    assert slack.until(lambda: home(slack, "U0MIRA"))
    shown = home(slack, "U0MIRA")
    assert [text for text in shown if not text.startswith("*You said")] == [
        title for title, _ in SECTIONS
    ]
    assert talk.texts == [command for _, command in SECTIONS]
    assert {asker.user for _, asker in talk.asked} == {"U0MIRA"}
    assert home(slack) == []


def test_a_button_of_the_home_tab_is_answered_by_direct_message_and_the_tab_made_anew(
    slack: SlackServer, talk: Talk
) -> None:
    talk.says = lambda text: Answer(headline=text, buttons=(Button(label="Go", command="mutes"),))
    slack.open_home()
    slack.until(lambda: home(slack))
    view = slack.workspace.views.homes["U0ALEX"]
    talk.says = lambda text: Answer(headline=f"now {text}")

    slack.click_in_view(view["id"], _first_action(view))

    assert posted(slack, "@alex")[-1]["text"] == "now mutes"
    assert slack.until(lambda: "*now subs*" in home(slack))


def test_the_longest_answers_fit_into_the_home_tab(slack: SlackServer, talk: Talk) -> None:
    rows = tuple(
        Row(text="a row " * 40, buttons=(Button(label="Why", command=f"why {number}"),))
        for number in range(60)
    )
    talk.says = lambda text: Answer(headline=text, rows=rows)

    slack.open_home()

    assert slack.until(lambda: home(slack))
    assert len(slack.workspace.views.homes["U0ALEX"]["blocks"]) <= BLOCKS


# What a payload says.


@pytest.mark.parametrize(
    "envelope",
    [
        {},
        {"type": "hello"},
        {"type": "slash_commands"},
        {"type": "slash_commands", "payload": []},
        {
            "type": "slash_commands",
            "payload": {"command": "/other", "user_id": "U", "channel_id": "C"},
        },
        {"type": "slash_commands", "payload": {"command": "/alerts", "user_id": 7}},
        {"type": "interactive", "payload": {"type": "block_actions", "actions": []}},
        {"type": "interactive", "payload": {"type": "block_actions", "actions": [7]}},
        {"type": "interactive", "payload": {"type": "view_submission"}},
        {
            "type": "events_api",
            "payload": {"event": {"type": "message", "channel": "C", "user": "U"}},
        },
        {"type": "events_api", "payload": {"event": {"type": "app_mention"}}},
    ],
)
def test_what_asks_nothing_is_not_answered(envelope: dict[str, Any]) -> None:
    assert read_envelope(envelope) is None


def test_the_option_of_a_menu_is_the_value_of_its_press() -> None:
    action = {"type": "overflow", "action_id": "mute", "selected_option": {"value": "12 rule 7d"}}
    payload = {
        "type": "block_actions", "user": {"id": "U1", "username": "mira"}, "actions": [action],
        "channel": {"id": "C1"}, "container": {"type": "message", "message_ts": "1.000001"},
    }  # fmt: skip

    read = read_envelope({"type": "interactive", "payload": payload})

    assert isinstance(read, Press)
    assert (read.action, read.value, read.name, read.message) == (
        "mute", "12 rule 7d", "mira", "1.000001",
    )  # fmt: skip


def test_the_name_of_the_bot_is_no_part_of_a_question() -> None:
    event = {"type": "app_mention", "channel": "C1", "user": "U1", "ts": "1.000001"}
    texts = ("<@U0SANDBOX> OKLO", "<@U0SANDBOX|alerts>  OKLO", "<@U0SANDBOX> <@U0SANDBOX> OKLO")

    read = [
        read_envelope({"type": "events_api", "payload": {"event": {**event, "text": text}}})
        for text in texts
    ]

    assert all(isinstance(each, Question) and each.text == "OKLO" for each in read)


# What Slack takes later.


def test_an_answer_that_slack_takes_later_comes_later(slack: SlackServer, talk: Talk) -> None:
    slack.faults.append(Fault(FaultKind.RATE_LIMIT, seconds=0.05, method="chat.postMessage"))

    for number in range(3):
        slack.mention("alerts", f"last {number + 1}")

    assert slack.until(lambda: len(texts_of_the_bot(slack)) == 3)
    assert sorted(texts_of_the_bot(slack)) == [f"You said: last {each}" for each in (1, 2, 3)]


def test_who_asks_elsewhere_does_not_wait_for_a_channel_that_takes_nothing(
    slack: SlackServer, talk: Talk
) -> None:
    slack.faults.append(Fault(FaultKind.RATE_LIMIT, seconds=30, method="chat.postMessage"))
    for number in range(6):
        slack.mention("alerts", f"last {number + 1}")
    slack.until(lambda: len(talk.texts) == 6)

    slack.mention("insiders", "OKLO")

    assert slack.until(lambda: "You said: OKLO" in texts_of_the_bot(slack, "insiders"))


def test_a_private_answer_that_slack_takes_later_comes_later(
    slack: SlackServer, talk: Talk
) -> None:
    slack.faults.append(Fault(FaultKind.STATUS, status=404, method="response_url"))
    slack.faults.append(Fault(FaultKind.RATE_LIMIT, seconds=0.05, method="chat.postEphemeral"))

    slack.command("/alerts OKLO")

    assert [each["text"] for each in answered(slack)] == ["You said: OKLO"]


def texts_of_the_bot(slack: SlackServer, channel: str = "alerts") -> list[str]:
    """What the bot said in a channel, in threads too."""
    return [each["text"] for each in slack.messages(channel) if each.get("user") == BOT_USER]


@pytest.mark.parametrize("said", ["OKLO 30d @alerts", "OKLO @alerts 30d"])
def test_the_name_of_the_bot_is_no_term_wherever_it_stands(
    slack: SlackServer, talk: Talk, said: str
) -> None:
    slack.say("alerts", said)

    assert slack.until(lambda: talk.texts) == ["OKLO 30d"]
