"""Clicks on buttons, and the Home tab."""

from typing import Any

from bot.cards.actions import Action, action_id
from bot.chat.answer import Answer, Button, Row
from bot.chat.slack_home import BLOCKS, SECTIONS
from bot.sandbox.slack import SlackServer
from tests.chat.conversation.hands import answered, posted
from tests.chat.talk import Talk
from tests.processes import LONG

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
    assert envelope.wait(LONG)
    assert talk.clicked == []


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

    slack.click_in_view(view["id"], action_id(Action.RUN, 0))

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
