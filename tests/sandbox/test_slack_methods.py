"""What the local Slack answers beside posts and histories, seen through slack_sdk."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError
from websockets.sync.client import ClientConnection, connect

from bot.notifiers.transport import opener_for
from bot.sandbox.slack import SlackServer
from tests.builders import NOW
from tests.processes import LONG


class ManualClock:
    """Time stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def slack(clock: ManualClock) -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts",), clock=clock) as server:
        yield server


@pytest.fixture
def bot(slack: SlackServer) -> WebClient:
    return WebClient(slack.token, base_url=slack.api_url, timeout=60, retry_handlers=[])


@pytest.fixture
def line(slack: SlackServer) -> Iterator[ClientConnection]:
    """An open connection of Socket Mode, its hello read."""
    address = WebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.app_token)
    with connect(str(address["url"])) as line:
        line.recv(LONG)
        yield line


def payload(line: ClientConnection) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(line.recv(LONG))["payload"]
    return told


def refused(call: Any, **arguments: Any) -> str:
    """The error with which a call is refused."""
    with pytest.raises(SlackApiError) as error:
        call(**arguments)
    return str(error.value.response["error"])


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def button(action_id: str) -> list[dict[str, Any]]:
    element = {"type": "button", "action_id": action_id, "value": "v", "text": plain("Click")}
    return [{"type": "actions", "elements": [element]}]


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [message["text"] for message in messages]


def test_a_response_is_for_who_asked_unless_it_is_for_the_channel(
    slack: SlackServer, line: ClientConnection
) -> None:
    slack.command("/alerts", user="mira")
    reply = WebhookClient(payload(line)["response_url"])

    assert reply.send(text="only you").body == "ok"
    reply.send(text="all of you", response_type="in_channel")

    assert texts(slack.answers("mira")) == ["only you"]
    assert texts(slack.messages("alerts")) == ["all of you"]


def test_a_response_url_works_five_times_within_half_an_hour(
    slack: SlackServer, line: ClientConnection, clock: ManualClock
) -> None:
    slack.command("/alerts")
    reply = WebhookClient(payload(line)["response_url"])
    answers = [reply.send(text=str(n)) for n in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert "used_url" in answers[-1].body

    slack.command("/alerts")
    late = WebhookClient(payload(line)["response_url"])
    clock.now += timedelta(minutes=31)
    assert "expired_url" in late.send(text="too late").body
    assert len(slack.answers()) == 5


def test_the_answer_to_a_click_replaces_or_deletes_what_was_clicked(
    slack: SlackServer, bot: WebClient, line: ClientConnection
) -> None:
    bot.chat_postEphemeral(channel="#alerts", user="U0ALEX", text="page 1", blocks=button("next"))
    page = slack.answers()[0]["ts"]

    slack.click("#alerts", page, "next")
    told = payload(line)
    WebhookClient(told["response_url"]).send(text="page 2", replace_original=True)
    assert "message" not in told
    assert told["container"]["is_ephemeral"]
    assert [(each["text"], each["ts"]) for each in slack.answers()] == [("page 2", page)]

    slack.click("#alerts", page, "next")
    WebhookClient(payload(line)["response_url"]).send_dict({"delete_original": True})
    assert slack.answers() == []


def test_the_answer_to_a_click_on_a_message_of_the_channel_marks_it_as_edited(
    slack: SlackServer, bot: WebClient, line: ClientConnection
) -> None:
    posted = bot.chat_postMessage(channel="#alerts", text="An alert", blocks=button("ack"))
    slack.click("#alerts", posted["ts"], "ack")
    WebhookClient(payload(line)["response_url"]).send(text="Acknowledged", replace_original=True)

    (message,) = slack.messages("alerts")
    assert (message["text"], bool(message["edited"])) == ("Acknowledged", True)


def test_what_only_one_person_sees_is_in_no_history(slack: SlackServer, bot: WebClient) -> None:
    bot.chat_postEphemeral(channel="#alerts", user="U0MIRA", text="psst")

    assert texts(slack.answers("mira")) == ["psst"]
    assert slack.answers("alex") == []
    history = bot.conversations_history(channel=slack.channel("alerts").id)
    assert history["messages"] == []
    nobody = {"channel": "#alerts", "user": "U0NOBODY", "text": "x"}
    assert refused(bot.chat_postEphemeral, **nobody) == "user_not_found"


def test_own_messages_can_be_deleted_and_others_not(slack: SlackServer, bot: WebClient) -> None:
    channel = slack.channel("alerts").id
    own = bot.chat_postMessage(channel=channel, text="mine")["ts"]
    slack.say("#alerts", "yours")
    theirs = slack.messages("alerts")[-1]["ts"]

    assert refused(bot.chat_delete, channel=channel, ts=theirs) == "cant_delete_message"
    changed = {"channel": channel, "ts": theirs, "text": "x"}
    assert refused(bot.chat_update, **changed) == "cant_update_message"
    bot.chat_delete(channel=channel, ts=own)
    assert refused(bot.chat_delete, channel=channel, ts=own) == "message_not_found"
    assert texts(slack.messages("alerts")) == ["yours"]


def test_a_parent_says_how_many_replies_it_has(slack: SlackServer, bot: WebClient) -> None:
    channel = slack.channel("alerts").id
    parent = bot.chat_postMessage(channel=channel, text="A story")["ts"]
    bot.chat_postMessage(channel=channel, text="more of it", thread_ts=parent)

    (told,) = bot.conversations_history(channel=channel)["messages"]
    replies = bot.conversations_replies(channel=channel, ts=parent)["messages"]
    assert (told["reply_count"], told["thread_ts"]) == (1, parent)
    assert texts(replies) == ["A story", "more of it"]


def test_a_link_leads_to_a_message_that_is_there(slack: SlackServer, bot: WebClient) -> None:
    channel = slack.channel("alerts").id
    ts = bot.chat_postMessage(channel=channel, text="An alert")["ts"]

    link = str(bot.chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
    assert link.endswith(f"/archives/{channel}/p{ts.replace('.', '')}")
    missing = {"channel": channel, "message_ts": "1.000001"}
    assert refused(bot.chat_getPermalink, **missing) == "message_not_found"


def test_people_have_names_and_time_zones_and_groups(bot: WebClient) -> None:
    user = bot.users_info(user="U0SEUNG")["user"]

    assert (user["name"], user["tz"], user["tz_offset"]) == ("seung", "Asia/Seoul", 9 * 3_600)
    assert refused(bot.users_info, user="U0NOBODY") == "user_not_found"
    assert "U0MIRA" in bot.usergroups_users_list(usergroup="S0DESK")["users"]
    assert refused(bot.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"


def test_a_direct_message_is_opened_once_and_takes_posts_by_the_id_of_the_person(
    slack: SlackServer, bot: WebClient
) -> None:
    opened = bot.conversations_open(users="U0MIRA")["channel"]["id"]
    posted = bot.chat_postMessage(channel="U0MIRA", text="for you")

    assert posted["channel"] == opened == slack.channel("@mira").id
    assert opened.startswith("D")
    assert all(channel["id"] != opened for channel in bot.conversations_list()["channels"])


def modal(title: str = "Search alerts") -> dict[str, Any]:
    section = {"type": "section", "text": plain("What?")}
    return {"type": "modal", "callback_id": "search", "title": plain(title), "blocks": [section]}


def test_a_trigger_opens_one_modal_within_three_seconds(
    slack: SlackServer, bot: WebClient, line: ClientConnection, clock: ManualClock
) -> None:
    slack.shortcut("search_alerts", user="mira")
    trigger = payload(line)["trigger_id"]
    assert refused(bot.views_open, trigger_id="1.1.other", view=modal()) == "invalid_trigger_id"
    opened = bot.views_open(trigger_id=trigger, view=modal())
    assert refused(bot.views_open, trigger_id=trigger, view=modal()) == "exchanged_trigger_id"

    bot.views_update(view_id=opened["view"]["id"], view=modal("Found"))
    assert slack.workspace.views.open["U0MIRA"]["title"]["text"] == "Found"

    slack.shortcut("search_alerts")
    late = payload(line)["trigger_id"]
    clock.now += timedelta(seconds=4)
    assert refused(bot.views_open, trigger_id=late, view=modal()) == "expired_trigger_id"


def test_a_modal_is_sent_off_and_closes_when_the_bot_takes_it(
    slack: SlackServer, bot: WebClient, line: ClientConnection
) -> None:
    slack.shortcut("search_alerts")
    bot.views_open(trigger_id=payload(line)["trigger_id"], view=modal())

    slack.submit({"query": {"text": {"type": "plain_text_input", "value": "OKLO"}}})
    told = json.loads(line.recv(LONG))
    values = told["payload"]["view"]["state"]["values"]
    assert told["payload"]["type"] == "view_submission"
    assert values["query"]["text"]["value"] == "OKLO"

    line.send(json.dumps({"envelope_id": told["envelope_id"]}))
    assert slack.until(lambda: not slack.workspace.views.open)


def test_the_home_tab_keeps_its_id_when_it_is_made_anew(slack: SlackServer, bot: WebClient) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}

    first = bot.views_publish(user_id="U0ALEX", view=home)["view"]
    other = bot.views_publish(user_id="U0MIRA", view=home)["view"]
    again = bot.views_publish(user_id="U0ALEX", view=home)["view"]

    assert (again["id"] == first["id"], other["id"] == first["id"]) == (True, False)


def a_form(**more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "text"}
    label = {"type": "plain_text", "text": "Words"}
    block = {"type": "input", "block_id": "query", "label": label, "element": element}
    submit = {"type": "plain_text", "text": "Search"}
    return modal() | {"blocks": [block], "submit": submit} | more


def sent_off(slack: SlackServer, line: ClientConnection, said: dict[str, Any]) -> None:
    """The modal that is open is sent off, and acknowledged with this."""
    slack.submit({"query": {"text": {"type": "plain_text_input", "value": "OKLO"}}})
    told = json.loads(line.recv(LONG))
    line.send(json.dumps({"envelope_id": told["envelope_id"], "payload": said}))
    assert slack.until(lambda: slack.socket.envelopes[-1].acks)


def complained(slack: SlackServer, line: ClientConnection) -> None:
    """The modal that is seen is sent off once more, and found wrong."""
    sent_off(slack, line, {"response_action": "errors", "errors": {"query": "again?"}})
    views = slack.workspace.views
    assert slack.until(lambda: views.open["U0ALEX"].get("errors") == {"query": "again?"})


@pytest.fixture
def form(slack: SlackServer, bot: WebClient, line: ClientConnection) -> dict[str, Any]:
    """A form that is open."""
    slack.shortcut("search_alerts")
    opened: dict[str, Any] = bot.views_open(trigger_id=payload(line)["trigger_id"], view=a_form())[
        "view"
    ]
    return opened


def test_a_modal_is_put_over_the_form_and_named_by_the_app(
    slack: SlackServer, bot: WebClient, line: ClientConnection, form: dict[str, Any]
) -> None:
    views = slack.workspace.views

    sent_off(slack, line, {"response_action": "push", "view": modal("Wait") | {"external_id": "a"}})

    assert slack.until(lambda: views.depth("U0ALEX") == 2)
    bot.views_update(external_id="a", view=modal("Found"))
    assert views.open["U0ALEX"]["title"]["text"] == "Found"
    assert refused(bot.views_update, external_id="b", view=modal()) == "not_found"
    bot.views_update(view_id=form["id"], view=a_form(private_metadata="below"))
    views.close("U0ALEX")
    assert views.open["U0ALEX"]["private_metadata"] == "below"
    views.close("U0ALEX")
    assert views.open == {}


def test_a_form_with_mistakes_stays_and_shows_them_until_it_is_sent_off_again(
    slack: SlackServer, line: ClientConnection, form: dict[str, Any]
) -> None:
    views = slack.workspace.views

    sent_off(slack, line, {"response_action": "errors", "errors": {"query": "what?"}})

    assert slack.until(lambda: views.open["U0ALEX"].get("errors") == {"query": "what?"})
    sent_off(slack, line, {"response_action": "update", "view": modal("Found")})
    assert slack.until(lambda: views.open["U0ALEX"]["title"]["text"] == "Found")
    assert views.open["U0ALEX"]["id"] == form["id"]


@pytest.mark.parametrize(
    "said",
    [
        {"response_action": "errors", "errors": {"other": "no such input"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "push", "view": modal("x" * 25)},
    ],
)
def test_what_slack_does_not_take_with_an_acknowledgement_changes_nothing(
    slack: SlackServer, line: ClientConnection, form: dict[str, Any], said: dict[str, Any]
) -> None:
    sent_off(slack, line, said)

    complained(slack, line)  # so that what came before is done with
    assert slack.workspace.views.depth("U0ALEX") == 1
    assert slack.workspace.views.open["U0ALEX"]["title"] == form["title"]


def test_no_more_than_three_modals_lie_over_one_another(
    slack: SlackServer, line: ClientConnection, form: dict[str, Any]
) -> None:
    for _ in range(4):
        sent_off(slack, line, {"response_action": "push", "view": a_form()})

    complained(slack, line)
    assert slack.workspace.views.depth("U0ALEX") == 3


def test_a_form_without_a_button_to_send_it_off_is_refused(
    slack: SlackServer, bot: WebClient, line: ClientConnection
) -> None:
    slack.shortcut("search_alerts")
    view = a_form()
    del view["submit"]

    arguments = {"trigger_id": payload(line)["trigger_id"], "view": view}

    assert refused(bot.views_open, **arguments) == "invalid_arguments"


def test_a_modal_with_too_long_a_title_is_refused(
    slack: SlackServer, bot: WebClient, line: ClientConnection
) -> None:
    slack.shortcut("search_alerts")
    arguments = {"trigger_id": payload(line)["trigger_id"], "view": modal("x" * 25)}

    assert refused(bot.views_open, **arguments) == "invalid_arguments"


def test_the_home_of_a_person_is_published_and_its_buttons_work(
    slack: SlackServer, bot: WebClient, line: ClientConnection
) -> None:
    home = {"type": "home", "blocks": button("unmute")}
    view = bot.views_publish(user_id="U0ALEX", view=home)["view"]

    slack.click_in_view(view["id"], "unmute")
    told = payload(line)
    assert told["container"] == {"type": "view", "view_id": view["id"]}
    assert told["actions"][0]["action_id"] == "unmute"


def test_a_file_is_shown_once_its_upload_is_complete(slack: SlackServer, bot: WebClient) -> None:
    picture = b"\x89PNG\r\n\x1a\n not quite"
    step = bot.files_getUploadURLExternal(filename="chart.png", length=len(picture))
    file = step["file_id"]
    image = [{"type": "image", "slack_file": {"id": file}, "alt_text": "OKLO"}]
    shown: dict[str, Any] = {"channel": "#alerts", "text": "chart", "blocks": image}
    request = urllib.request.Request(step["upload_url"], data=picture, method="POST")
    opener_for(slack.url).open(request).close()
    assert refused(bot.chat_postMessage, **shown) == "invalid_blocks"

    done = bot.files_completeUploadExternal(files=[{"id": file, "title": "OKLO"}])
    bot.chat_postMessage(**shown)

    with opener_for(slack.url).open(done["files"][0]["url_private"]) as answer:
        assert (answer.read(), answer.headers["Content-Type"]) == (picture, "image/png")


def test_a_file_for_a_person_stands_in_their_direct_message(
    slack: SlackServer, bot: WebClient
) -> None:
    place = bot.conversations_open(users="U0MIRA")["channel"]["id"]

    bot.files_upload_v2(channel=place, filename="alerts.csv", content="id,rule\n1,x\n")

    (message,) = slack.messages("@mira")
    assert message["files"][0]["name"] == "alerts.csv"
    assert slack.workspace.files.shown(message["files"][0]["id"]) is not None


def test_a_file_that_was_never_announced_is_not_there(slack: SlackServer, bot: WebClient) -> None:
    unknown = bot.files_completeUploadExternal
    assert refused(unknown, files=[{"id": "F0", "title": "x"}]) == "file_not_found"
    with pytest.raises(urllib.error.HTTPError) as missing:
        opener_for(slack.url).open(f"{slack.url}/files-pri/F0/x.png")
    with missing.value:
        assert missing.value.code == 404


def test_blocks_are_validated_without_a_token(slack: SlackServer) -> None:
    client = WebClient(base_url=slack.api_url, retry_handlers=[])
    wrong = [{"type": "header", "text": plain("x" * 151)}]

    assert client.api_call("blocks.validate", json={"blocks": button("a")})["ok"]
    with pytest.raises(SlackApiError) as error:
        client.api_call("blocks.validate", json={"blocks": wrong})
    assert error.value.response["error"] == "invalid_blocks"
    assert error.value.response["errors"][0]["pointer"] == "/0/text/text"


def test_a_history_may_lag_behind_the_channel(
    slack: SlackServer, bot: WebClient, clock: ManualClock
) -> None:
    slack.workspace.history_lag_s = 5
    channel = slack.channel("alerts").id
    bot.chat_postMessage(channel=channel, text="just now")

    assert bot.conversations_history(channel=channel)["messages"] == []
    clock.now += timedelta(seconds=5)
    assert texts(bot.conversations_history(channel=channel)["messages"]) == ["just now"]


def test_a_method_may_be_refused_for_good_and_allowed_again(
    slack: SlackServer, bot: WebClient
) -> None:
    slack.workspace.refusals["conversations.history"] = "missing_scope"
    history: dict[str, Any] = {"channel": slack.channel("alerts").id}

    assert refused(bot.conversations_history, **history) == "missing_scope"
    assert refused(bot.conversations_history, **history) == "missing_scope"
    slack.workspace.refusals.clear()
    assert bot.conversations_history(**history)["ok"]
