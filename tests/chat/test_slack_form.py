"""The search form in Slack: opened, sent off, answered in its place."""

from collections.abc import Iterator, Sequence
from threading import Event
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.cards.actions import Action, action_id
from bot.chat.answer import Answer, Button, Row
from bot.chat.form_inputs import INPUTS, MOST_CHARACTERS
from bot.chat.slack_form import KEEP, SUBSCRIBE, answer_view, form_view, said_at_once
from bot.chat.slack_payloads import FORM, SHORTCUT, Opening, Submission, read_envelope
from bot.clock import to_ms
from bot.sandbox.slack import Envelope, SlackServer
from bot.sandbox.slack_blocks import view_breaches
from bot.sandbox.slack_payloads import state_of
from bot.sandbox.slack_people import Json
from bot.store import Arrival
from tests.builders import NOW, a_trade
from tests.cards.samples import HOSTILE
from tests.chat.talk import Talk, listening

ALEX = "U0ALEX"
A_FRAME = 65_535
"""As many bytes as slack_sdk's own client can send."""


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(clock=lambda: NOW, burst=50) as server:
        yield server


@pytest.fixture
def talk(slack: SlackServer) -> Iterator[Talk]:
    talk = Talk(slack)
    with listening(slack, talk.conversation.handle):
        yield talk


def seen(slack: SlackServer) -> Json:
    """The modal that Alex sees; empty where there is none."""
    return slack.workspace.views.open.get(ALEX, {})


def opened(slack: SlackServer) -> Json:
    """The form, by the shortcut."""
    slack.shortcut(SHORTCUT)
    assert slack.until(lambda: seen(slack).get("callback_id") == FORM)
    return seen(slack)


def sent_off(slack: SlackServer, **filled: Any) -> Envelope:
    """The form as it is, with these inputs changed."""
    view = seen(slack)
    envelope = slack.submit(state_of(view, {**initial(view), **filled}))
    assert envelope.wait()
    return envelope


def initial(view: Json) -> Json:
    """What stands in a form that nobody has touched, as a page tells it."""
    return {
        block["block_id"]: element.get("initial_value") or element.get("initial_date")
        or element.get("initial_option", {}).get("value")
        or [option["value"] for option in element.get("initial_options", [])]
        for block in view["blocks"] if block["type"] == "input"
        for element in [block["element"]]
    }  # fmt: skip


def told(view: Json) -> str:
    return str(view.get("blocks", ""))


def shows(slack: SlackServer, text: str) -> bool:
    return bool(slack.until(lambda: text in told(seen(slack))))


def in_messages(slack: SlackServer) -> list[str]:
    """The texts in Alex's direct messages with the bot."""
    direct = slack.workspace.direct(slack.workspace.person(ALEX))
    return [message["text"] for message in slack.messages(direct.id)]


def pressed(slack: SlackServer, action: Action, place: int = 0) -> None:
    slack.click_in_view(seen(slack)["id"], action_id(action, place))


# Opened.


def test_the_shortcut_opens_an_empty_form(slack: SlackServer, talk: Talk) -> None:
    view = opened(slack)

    assert [block["block_id"] for block in view["blocks"][1:]] == [each.name for each in INPUTS]
    rules = next(block for block in view["blocks"] if block["block_id"] == "rule")["element"]
    assert [option["text"]["text"] for option in rules["options"]] == ["Any rule", *talk.rules]
    assert talk.texts == []


@pytest.mark.parametrize("where", ["an answer", "the Home tab"])
def test_a_button_opens_the_form_filled_with_its_search(
    slack: SlackServer, talk: Talk, where: str
) -> None:
    button = Button(label="Refine", command="ticker:OKLO since:90d", action=Action.FORM)
    talk.says = lambda text: Answer(headline=text, buttons=(button,))
    if where == "an answer":
        slack.command("/alerts OKLO 90d")
        slack.until(slack.answers)
        (answer,) = slack.answers()
        slack.click(answer["channel"], answer["ts"], action_id(Action.FORM, 0))
    else:
        slack.open_home()
        slack.until(lambda: slack.workspace.views.homes)
        slack.click_in_view(slack.workspace.views.homes[ALEX]["id"], action_id(Action.FORM, 0))

    assert slack.until(lambda: seen(slack))
    filled = initial(seen(slack))
    assert (filled["ticker"], filled["since"]) == (
        ("OKLO", "90d") if where == "an answer" else ([], "-")
    )
    assert talk.clicked == []


def test_the_form_opens_while_every_worker_waits_for_the_store(
    slack: SlackServer, talk: Talk
) -> None:
    stored, said = Event(), talk.says
    talk.says = lambda text: (stored.wait(), said(text))[1]
    try:
        for number in range(8):
            slack.command(f"/alerts {number}")

        assert opened(slack)
        assert slack.answers() == []
    finally:
        stored.set()
    assert slack.until(lambda: len(slack.answers()) == 8)


def test_the_shortcut_asks_slack_nothing_before_the_form_is_open(
    slack: SlackServer, talk: Talk
) -> None:
    opened(slack)

    assert {call.method for call in slack.calls} == {"apps.connections.open", "views.open"}


def test_a_form_that_slack_does_not_open_any_more_is_told_of(
    slack: SlackServer, talk: Talk
) -> None:
    slack.workspace.refusals["views.open"] = "expired_trigger_id"

    with capture_logs() as logs:
        slack.shortcut(SHORTCUT)
        assert slack.until(lambda: in_messages(slack))

    assert "Try it once more" in in_messages(slack)[-1]
    assert ("chat.no_form", "expired_trigger_id") in [(e["event"], e.get("why")) for e in logs]


# Sent off.


def test_a_form_is_answered_in_a_modal_over_it(slack: SlackServer, talk: Talk) -> None:
    form = opened(slack)

    envelope = sent_off(slack, ticker="OKLO, NVDA", kind="insider", sev=["high", "critical"])

    assert shows(slack, "You said: search ticker:OKLO,NVDA kind:insider sev:high,critical")
    assert slack.workspace.views.depth(ALEX) == 2
    (said,) = envelope.acks
    assert said is not None
    assert said["response_action"] == "push"
    assert "Searching" in told(said["view"])
    ((_, asker),) = talk.asked
    assert (asker.user, asker.channel) == (ALEX, ALEX)
    slack.workspace.views.close(ALEX)
    assert seen(slack) == form  # as it was filled in


def test_of_a_sentence_under_tickers_only_what_is_stored_is_a_ticker(
    slack: SlackServer, talk: Talk
) -> None:
    talk.store.facts.add([Arrival(fact=a_trade(ticker="OKLO"), seen_at=to_ms(NOW))])
    opened(slack)

    sent_off(slack, ticker="who sold oklo at all", value="≥ $5m")

    assert shows(slack, "You said: search ticker:oklo who sold at all value:")


def test_mistakes_stand_at_their_inputs_and_nothing_is_asked(
    slack: SlackServer, talk: Talk
) -> None:
    opened(slack)

    envelope = sent_off(slack, ticker="A!", value="lots", words="reactor")

    assert slack.until(lambda: "errors" in seen(slack))
    assert seen(slack)["errors"].keys() == {"ticker", "value"}
    (said,) = envelope.acks
    assert said is not None
    assert said["response_action"] == "errors"
    sent_off(slack, value="1m")
    assert shows(slack, "You said: search value:")
    assert len(talk.asked) == 1


def test_an_acknowledgement_fits_into_a_frame_whatever_is_filled_in() -> None:
    values = {each.name: {"x": {"value": "\U0001f4c8!" * 3_000}} for each in INPUTS}
    payload = {
        "type": "view_submission", "user": {"id": "U1"},
        "view": {"callback_id": FORM, "state": {"values": values}},
    }  # fmt: skip

    said = said_at_once({"type": "interactive", "envelope_id": "e", "payload": payload}, now=NOW)

    assert said is not None
    assert said["response_action"] == "errors"
    assert len(str(said).encode()) < A_FRAME


class Once(dict[str, str]):
    """Refusals, each of which befalls one call."""

    def get(self, method: str, default: Any = None, /) -> Any:
        return self.pop(method, default)


def test_an_answer_comes_though_slack_takes_it_before_the_acknowledgement(
    slack: SlackServer, talk: Talk
) -> None:
    opened(slack)
    slack.workspace.refusals = Once({"views.update": "not_found"})

    sent_off(slack)

    assert shows(slack, "You said: search")
    assert slack.workspace.refusals == {}


def test_whoever_goes_back_before_the_answer_comes_is_left_alone(
    slack: SlackServer, talk: Talk
) -> None:
    form, stored = opened(slack), Event()
    talk.says = lambda text: (stored.wait(), Answer(headline=text))[1]
    sent_off(slack)
    assert slack.until(lambda: slack.workspace.views.depth(ALEX) == 2)
    slack.workspace.views.close(ALEX)

    with capture_logs() as logs:
        stored.set()
        slack.command("/alerts still here")
        assert slack.until(slack.answers)

    assert seen(slack) == form
    assert "chat.failed" not in [each["event"] for each in logs]


def test_what_fails_is_told_in_the_modal(slack: SlackServer, talk: Talk) -> None:
    def fails(_text: str) -> Answer:
        raise RuntimeError("no store")

    talk.says = fails
    opened(slack)

    sent_off(slack)

    assert shows(slack, "That went wrong on my side")


def test_an_answer_that_slack_refuses_comes_into_the_modal_as_words(
    slack: SlackServer, talk: Talk
) -> None:
    talk.written = lambda answer: {"text": answer.headline, "blocks": [{"type": "poem"}]}
    talk.says = lambda _: Answer(headline="3 alerts")
    opened(slack)

    sent_off(slack)

    assert shows(slack, "Slack refused this answer as it was laid out")
    assert "3 alerts" in told(seen(slack))


# In the modal.


def a_page(text: str) -> Answer:
    """Whatever is asked, with the buttons of a page."""
    return Answer(
        headline=f"asked {text}",
        buttons=(
            Button(label="Share", command="share it", action=Action.SHARE),
            Button(label="Next", command="next", action=Action.PAGE, cursor="10_1"),
            Button(label="Refine", command="x", action=Action.FORM),
        ),
    )


@pytest.fixture
def paged(slack: SlackServer, talk: Talk) -> Talk:
    """A modal that shows a page."""
    talk.says = a_page
    opened(slack)
    sent_off(slack)
    assert shows(slack, "asked search")
    return talk


def test_next_takes_the_place_of_the_page_in_the_modal(slack: SlackServer, paged: Talk) -> None:
    paged.says = lambda text: Answer(headline=f"then {text}")

    pressed(slack, Action.PAGE, 1)

    assert shows(slack, "then 10")
    assert in_messages(slack) == []
    assert slack.workspace.views.depth(ALEX) == 2


def test_an_answer_in_a_modal_is_kept_in_messages_instead_of_shared(
    slack: SlackServer, paged: Talk
) -> None:
    buttons = [each["text"]["text"] for each in seen(slack)["blocks"][-1]["elements"]]

    pressed(slack, Action.SHARE, 0)

    assert buttons == [KEEP, "Next", SUBSCRIBE]
    assert shows(slack, "direct messages now")
    assert in_messages(slack) == ["asked - share it"]
    direct = slack.workspace.direct(slack.workspace.person(ALEX))
    kept = slack.messages(direct.id)[0]["blocks"][-1]["elements"]
    assert [each["text"]["text"] for each in kept] == ["Share", "Next", "Refine"]
    assert slack.messages("alerts") == []


# What is drawn.


@pytest.mark.parametrize("rules", [[], ["a"], [HOSTILE[:150]], [f"r{n}" for n in range(300)],
                                   ["x" * 5_000]])  # fmt: skip
@pytest.mark.parametrize("value", ["", HOSTILE[:MOST_CHARACTERS], "x" * MOST_CHARACTERS])
def test_every_form_keeps_the_limits_of_slack(rules: Sequence[str], value: str) -> None:
    filled = {each.name: value for each in INPUTS if not each.is_day}

    assert view_breaches(form_view(filled, rules=rules)) == []
    assert view_breaches(form_view({"from": "2026-08-01"}, rules=rules)) == []


def test_the_longest_answer_keeps_the_limits_of_a_modal(talk: Talk) -> None:
    rows = tuple(
        Row(text=HOSTILE, buttons=(Button(label="Why", command="why 12"),)) for _ in range(60)
    )
    answer = Answer(headline=HOSTILE, rows=rows, lines=(HOSTILE,) * 200, hints=(HOSTILE,) * 20)

    assert view_breaches(answer_view(talk.written(answer))) == []


# What is heard.


def interactive(**payload: Any) -> Json:
    user = {"id": "U1", "username": "ann"}
    return {"type": "interactive", "envelope_id": "e1", "payload": {"user": user} | payload}


def test_a_shortcut_and_a_form_are_read() -> None:
    values = {
        "ticker": {"t": {"type": "plain_text_input", "value": "OKLO"}},
        "words": {"w": {"type": "plain_text_input", "value": None}},
        "from": {"f": {"type": "datepicker", "selected_date": "2026-08-01"}},
        "kind": {"k": {"type": "static_select", "selected_option": {"value": "-"}}},
        "side": {"s": {"type": "static_select", "selected_option": {"value": "buy"}}},
        "sev": {"c": {"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}},
    }  # fmt: skip
    view = {"callback_id": FORM, "state": {"values": values}}

    opening = read_envelope(interactive(type="shortcut", callback_id=SHORTCUT, trigger_id="1.2"))
    form = read_envelope(interactive(type="view_submission", view=view))

    assert isinstance(opening, Opening)
    assert (opening.trigger, opening.line, opening.place.channel) == ("1.2", None, "U1")
    assert isinstance(form, Submission)
    assert {name: value for name, value in form.filled.items() if value} == {
        "ticker": "OKLO", "from": "2026-08-01", "side": "buy", "sev": "a,b",
    }  # fmt: skip


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "shortcut", "callback_id": "other", "trigger_id": "1.2"},
        {"type": "shortcut", "callback_id": SHORTCUT},
        {"type": "shortcut", "callback_id": SHORTCUT, "trigger_id": "1.2", "user": {}},
        {"type": "view_submission", "view": {"callback_id": "other"}},
        {"type": "view_submission", "view": 7},
        {"type": "view_submission", "view": {"callback_id": FORM}, "user": 7},
        {"type": "view_closed", "view": {"callback_id": FORM}},
    ],
)
def test_what_is_no_form_of_ours_is_not_answered(payload: Json) -> None:
    assert read_envelope(interactive(**payload)) is None
    assert said_at_once(interactive(**payload), now=NOW) is None


def test_a_form_of_any_shape_is_read() -> None:
    for state in (None, 7, {"values": 7}, {"values": {"ticker": 7, "words": {"x": 7}}}):
        view = {"callback_id": FORM, "state": state}
        form = read_envelope(interactive(type="view_submission", view=view))
        assert isinstance(form, Submission)
        assert not any(form.filled.values())
