"""The page of the local Slack in a real browser: what it shows, and that clicks reach the app."""

import base64
import threading
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient, WebhookClient

from bot.notifiers.transport import opener_for
from bot.sandbox.slack import SlackServer
from tests.cards.samples import HOSTILE
from tests.sandbox.browser import Browser, installed, says, text
from tests.sandbox.slack_app import App, post, shown

needs_a_browser = pytest.mark.skipif(installed() is None, reason="no Chromium on this machine")

EVIL = "<script>window.evil = 1</script><img src=x onerror='window.evil = 1'>"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts", "insiders"), burst=1_000) as server:
        yield server


@pytest.fixture
def app(slack: SlackServer) -> Iterator[App]:
    app = App(slack)
    thread = threading.Thread(target=app.run)
    thread.start()
    assert slack.until(lambda: slack.socket.connections == 1)
    yield app
    slack.socket.close()
    thread.join()


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def page(window: Browser, slack: SlackServer) -> Iterator[Browser]:
    """The page, shown, as a first visitor sees it."""
    window.complaints.clear()
    window.look()
    window.open(slack.url)
    window.until("document.querySelectorAll('#channels button').length === 2")
    yield window
    window.open("about:blank")


@needs_a_browser
def test_a_card_is_drawn_with_its_header_fields_times_and_buttons(app: App, page: Browser) -> None:
    post(app)

    page.until(says("#messages .header", "OKLO: 2 insiders sold $16.1M"))
    assert "not under a Rule 10b5-1 plan" in text(page, "#messages .fields")
    assert "Sep 23" in text(page, "#messages .context time")
    assert "Ack" in text(page, "#messages .actions")
    assert page.complaints == []


@needs_a_browser
def test_a_typed_command_is_answered_to_who_typed_it(
    slack: SlackServer, app: App, page: Browser
) -> None:
    app.answers = lambda told: WebhookClient(told["response_url"]).send(text="3 alerts of *OKLO*")

    page.type("#box", "/alerts OKLO & Co")

    page.until(says("#messages .whisper", "3 alerts of OKLO"))
    assert "Only visible to you" in text(page, "#messages .whisper")
    assert page.value("document.querySelector('.whisper strong').innerText") == "OKLO"
    assert app.payloads[0]["text"] == "OKLO &amp; Co"
    page.click(".whisper .only button")
    page.until("!document.querySelector('.whisper')")
    assert slack.answers() == []


@needs_a_browser
def test_a_click_on_a_button_changes_the_card(app: App, page: Browser) -> None:
    def acknowledge(told: dict[str, Any]) -> None:
        place = {"channel": told["channel"]["id"], "ts": told["message"]["ts"]}
        app.web.chat_update(**place, text="Acknowledged by Alex", blocks=[])

    app.answers = acknowledge
    post(app)

    page.click("#messages [data-action=ack]")

    page.until(says("#messages", "(edited)"))
    assert app.payloads[0]["actions"][0]["value"] == "12"


@needs_a_browser
def test_the_next_page_takes_the_place_of_the_one_before(app: App, page: Browser) -> None:
    def answer(told: dict[str, Any]) -> None:
        pressed = told.get("actions")
        label = {"type": "plain_text", "text": "Next"}
        button = {"type": "button", "action_id": "page:0", "value": "10", "text": label}
        words = {"type": "plain_text", "text": "page 2" if pressed else "page 1"}
        WebhookClient(told["response_url"]).send(
            text=words["text"],
            replace_original=bool(pressed),
            blocks=[
                {"type": "section", "text": words},
                {"type": "actions", "elements": [button]},
            ],
        )

    app.answers = answer
    page.type("#box", "/alerts")
    page.until(says(".whisper", "page 1"))

    page.click(".whisper [data-action='page:0']")

    page.until(says(".whisper", "page 2"))
    assert page.value("document.querySelectorAll('.whisper').length") == 1


@needs_a_browser
def test_a_choice_from_a_menu_reaches_the_app(app: App, page: Browser) -> None:
    post(app)
    page.until("!!document.querySelector('[data-action=mute]')")

    page.value(
        "(() => { const s = document.querySelector('[data-action=mute]');"
        "s.value = s.options[2].value; s.dispatchEvent(new Event('change')); })()"
    )

    page.until("!document.querySelector('[data-action=mute]').disabled")
    assert app.payloads[0]["actions"][0]["selected_option"]["value"] == "12 ticker 1d"


@needs_a_browser
def test_a_thread_opens_beside_the_channel_and_takes_mentions(app: App, page: Browser) -> None:
    def reply(told: dict[str, Any]) -> None:
        event = told["event"]
        place = {"channel": event["channel"], "thread_ts": event["thread_ts"]}
        app.web.chat_postMessage(**place, text="of 30 days")

    app.answers = reply
    ts = post(app)
    app.web.chat_postMessage(channel="#alerts", text="an amendment", thread_ts=ts)

    page.click("#messages .replies")
    page.until(says("#replies", "an amendment"))
    assert "1 reply" in text(page, "#messages .replies")
    page.type("#answer", "@alerts OKLO 30d")

    page.until(says("#replies", "of 30 days"))
    assert "@alerts OKLO 30d" in text(page, "#replies")
    assert "3 replies" in text(page, "#messages .replies")
    page.click("#close")
    page.until("document.getElementById('thread').hidden")


@needs_a_browser
def test_what_a_card_says_is_never_run(app: App, page: Browser) -> None:
    post(app, headlines=(EVIL,), facts=(EVIL + HOSTILE,), source=EVIL, rule=EVIL)
    section = {"type": "mrkdwn", "text": "<javascript:window.evil=1|click> *<script>*"}
    blocks = [{"type": "section", "text": section}]
    app.web.chat_postMessage(channel="#alerts", text=EVIL, blocks=blocks)
    app.web.chat_postMessage(channel="#alerts", text=EVIL)

    page.until("document.querySelectorAll('.message').length === 3")
    assert "<script>window.evil = 1</script>" in text(page, "#messages .header")
    assert (
        page.value("document.querySelectorAll('#messages script, #messages img[onerror]').length")
        == 0
    )
    assert page.value(
        "[...document.querySelectorAll('#messages a')].every(a => /^http/.test(a.href))"
    )
    assert page.value("window.evil") is None
    assert page.complaints == []


@needs_a_browser
def test_without_a_bot_a_click_and_a_command_say_so(slack: SlackServer, page: Browser) -> None:
    bot = WebClient(slack.token, base_url=slack.api_url, retry_handlers=[])
    bot.chat_postMessage(channel="#alerts", **shown())

    page.click("#messages [data-action=ack]")
    page.until(says("#messages .failed", "dispatch_failed"))
    page.type("#box", "/alerts")
    page.until(says(".whisper", "dispatch_failed"))
    assert "not connected" in text(page, "#line")


@needs_a_browser
def test_a_link_to_a_message_leads_to_it(slack: SlackServer, app: App, page: Browser) -> None:
    ts = post(app, alert_id=1)
    for number in range(2, 9):
        post(app, alert_id=number)
    link = app.web.chat_getPermalink(channel=slack.channel("alerts").id, message_ts=ts)["permalink"]

    page.open(str(link))

    page.until(f"!!document.querySelector('[data-ts=\"{ts}\"].pointed')")
    assert page.value("document.getElementById('messages').scrollTop") < 200


@needs_a_browser
def test_another_person_sees_their_own_messages_and_their_own_times(
    slack: SlackServer, app: App, page: Browser
) -> None:
    post(app)
    app.web.chat_postEphemeral(channel="#alerts", user="U0ALEX", text="for Alex alone")
    page.until(says("#messages", "for Alex alone"))
    assert "6:02 PM" in text(page, "#messages .context time")

    page.value(
        "(() => { const u = document.getElementById('user');"
        "u.value = 'U0SEUNG'; u.dispatchEvent(new Event('change')); })()"
    )

    page.until("(document.querySelector('.context time')?.innerText ?? '').includes('7:02 AM')")
    assert "for Alex alone" not in text(page, "#messages")
    page.value("localStorage.clear()")


@needs_a_browser
def test_a_direct_message_to_the_bot_is_answered_there(
    slack: SlackServer, app: App, page: Browser
) -> None:
    app.answers = lambda told: app.web.chat_postMessage(
        channel=told["event"]["channel"], text="here you are"
    )

    page.click("#directs button")
    page.until(says("#title", "Market Alerts"))
    page.type("#box", "stats")

    page.until(says("#messages", "here you are"))
    assert app.payloads[0]["event"]["channel_type"] == "im"
    assert [message["text"] for message in slack.messages("@alex")] == ["stats", "here you are"]


@needs_a_browser
@pytest.mark.parametrize("dark", [False, True])
def test_the_page_is_light_or_dark_as_the_machine_is_until_somebody_chooses(
    page: Browser, dark: bool
) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light, night = "rgb(255, 255, 255)", "rgb(26, 29, 33)"
    page.look(dark=dark)
    assert page.value(ground) == (night if dark else light)

    page.click("#theme")

    assert page.value(ground) == (light if dark else night)
    page.value("localStorage.clear()")


@needs_a_browser
def test_on_a_narrow_window_nothing_is_wider_than_it(app: App, page: Browser) -> None:
    post(app, facts=("x" * 400 + " and " + FAR,))
    page.look(width=360, height=700)
    page.until("!!document.querySelector('#messages .header')")

    assert page.value("document.documentElement.scrollWidth") <= 360
    assert page.value("document.getElementById('messages').scrollWidth") <= 360
    page.click("#menu")
    page.until("document.getElementById('side').getBoundingClientRect().x === 0")


@needs_a_browser
def test_on_a_narrow_window_what_can_be_done_with_a_message_covers_no_button(
    app: App, page: Browser
) -> None:
    for _ in range(3):
        post(app)
    page.look(width=360, height=700)
    page.until("document.querySelectorAll('#messages .tools').length === 3")

    covered = page.value(
        "(() => { const at = e => e.getBoundingClientRect();"
        "const tools = [...document.querySelectorAll('#messages .tools')].map(at);"
        "return [...document.querySelectorAll('#messages .button')].filter(button => tools.some("
        "tool => tool.top < at(button).bottom && tool.bottom > at(button).top"
        " && tool.left < at(button).right && tool.right > at(button).left))"
        ".map(button => button.innerText); })()"
    )
    assert covered == []
    page.click("#messages .tools button")
    page.until("!document.getElementById('thread').hidden")


FAR = "https://www.sec.gov/" + "a" * 200


@needs_a_browser
def test_everything_that_can_be_used_has_a_name(app: App, page: Browser) -> None:
    ts = post(app)
    app.web.chat_postMessage(channel="#alerts", text="more", thread_ts=ts)
    page.click("#messages .replies")
    page.until("!document.getElementById('thread').hidden")

    nameless = page.value(
        "[...document.querySelectorAll('button, select, textarea, img')]"
        ".filter(e => !(e.innerText || e.ariaLabel || e.labels?.length || e.hasAttribute('alt')))"
        ".map(e => e.outerHTML)"
    )
    assert nameless == []


@needs_a_browser
def test_a_picture_of_this_slack_is_shown_and_none_of_another_host(app: App, page: Browser) -> None:
    file = app.web.files_getUploadURLExternal(filename="chart.png", length=len(PICTURE))
    request = urllib.request.Request(file["upload_url"], data=PICTURE, method="POST")
    opener_for(file["upload_url"]).open(request).close()
    app.web.files_completeUploadExternal(files=[{"id": file["file_id"], "title": "OKLO"}])
    here = {"type": "image", "slack_file": {"id": file["file_id"]}, "alt_text": "a chart of OKLO"}
    there = {"type": "image", "image_url": "https://example.org/x.png", "alt_text": "far away"}

    app.web.chat_postMessage(channel="#alerts", text="chart", blocks=[here, there])

    page.until("document.querySelector('#messages .image img')?.naturalWidth === 1")
    assert page.value("document.querySelector('#messages .image img').alt") == "a chart of OKLO"
    assert "picture elsewhere: far away" in text(page, "#messages")
    assert page.complaints == []


PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
"""A PNG of one point."""
