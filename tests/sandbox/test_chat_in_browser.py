"""The whole bot asked in the local Slack by a real browser: typed, clicked, answered."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from bot.config import load_config
from bot.running import resident_bot
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.slack import SlackServer
from bot.store import Store
from tests.builders import NOW
from tests.live import accepted, is_done
from tests.processes import LONG, until, write_config
from tests.sandbox.browser import Browser, installed, says, text

pytestmark = pytest.mark.skipif(installed() is None, reason="no Chromium on this machine")

RULES = """
rules:
- id: any-trade
  on: insider_trade
  where: class == open_market
  when: value_usd >= $1
  message: "{ticker}: {owner_name}, {side} of {value_usd:money}"
"""


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackServer]:
    """A Slack in which a bot, that can be asked, has told of some trades, and tells no more."""
    folder = tmp_path_factory.mktemp("bot")
    clock = SandboxClock(start=NOW)
    (folder / "rules.yaml").write_text(RULES)
    filings = accepted(20, NOW + timedelta(hours=1), every=timedelta(seconds=1))
    edgar = SandboxEdgar(SandboxMarket(filings), clock, requests_per_second=None)
    with edgar, SlackServer(burst=1_000) as slack:
        file = write_config(folder / "bot.toml", edgar.url, slack_url=slack.api_url)
        tokens = {"SLACK_BOT_TOKEN": slack.token, "SLACK_APP_TOKEN": slack.app_token}
        config = load_config(file, tokens)
        with resident_bot(config, console=Console(quiet=True), clock=clock) as bot:
            thread = threading.Thread(target=bot.run)
            thread.start()
            try:
                until(lambda: polled(config.store.path))
                clock.advance(timedelta(hours=2))
                bot.wake()
                until(lambda: is_done(config.store.path, len(filings)), within=2 * LONG)
                assert slack.until(lambda: slack.socket.connections == 2, timeout_s=LONG)
                yield slack
            finally:
                bot.stop()
                thread.join()


def polled(path: Path) -> bool:
    store = Store(path)
    try:
        return store.facts.count().get("source_poll", 0) > 0
    finally:
        store.close()


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("chromium")) as browser:
        browser.look()
        yield browser


@pytest.fixture
def page(window: Browser, slack: SlackServer) -> Browser:
    """The page, without the answers to the test before."""
    slack.channel("alerts").whispers.clear()
    window.open(slack.url)
    window.until("!!document.querySelector('#messages .header')")
    return window


@pytest.fixture
def card(page: Browser, slack: SlackServer) -> str:
    """A selector of the newest card of one alert."""
    single = [m for m in slack.messages("alerts") if "any-trade" in str(m.get("blocks"))]
    ts = next(m["ts"] for m in reversed(single) if "thread_ts" not in m)
    page.until(f"!!document.querySelector(\"[data-ts='{ts}'] [data-action=ack]\")")
    return f"#messages [data-ts='{ts}']"


def test_a_typed_command_is_answered_to_who_typed_it(page: Browser) -> None:
    page.type("#box", "/alerts kind:insider last 3")

    page.until(says(".whisper", "insider"))
    assert text(page, ".whisper").count(": Owner ") == 3
    assert "Only visible to you" in text(page, ".whisper")


def test_the_number_of_an_alert_leads_to_its_message(page: Browser, card: str) -> None:
    number = text(page, f"{card} .context").split(" ")[0].removeprefix("#")
    page.type("#box", f"/alerts #{number}")

    page.click(".whisper .text a")

    page.until(f'!!document.querySelector("{card}.pointed")')


def test_a_word_misspelt_is_answered_by_what_was_meant(page: Browser) -> None:
    page.type("#box", "/alerts vlaue:>1m")

    page.until(says(".whisper", "value:"))


def test_next_shows_another_page_in_the_same_place(page: Browser) -> None:
    page.type("#box", "/alerts kind:insider")
    page.until(says(".whisper", "Next"))
    row = next(line for line in text(page, ".whisper").splitlines() if line.startswith("#"))

    page.click(".whisper [data-action^=page]")

    page.until(f"!document.querySelector('.whisper').innerText.includes({row!r})")
    assert page.value("document.querySelectorAll('.whisper').length") == 1


def test_ack_changes_the_card_for_everybody(page: Browser, card: str) -> None:
    page.click(f"{card} [data-action=ack]")

    page.until(says(card, "acknowledged by alex"))
    assert "(edited)" in text(page, card)


def test_a_choice_to_mute_is_asked_back_before_it_is_done(page: Browser, card: str) -> None:
    page.click(card)
    page.value(
        f'(() => {{ const s = document.querySelector("{card} [data-action=mute]");'
        "s.value = s.options[1].value; s.dispatchEvent(new Event('change')); })()"
    )
    page.until("!!document.querySelector('.whisper [data-action^=confirm]')")

    page.click(".whisper [data-action^=cancel]")

    page.until(says(".whisper", "Nothing was changed"))


def test_the_home_tab_shows_what_the_bot_puts_there(page: Browser) -> None:
    page.click("#directs button")
    page.until("!document.getElementById('tabs').hidden")

    page.click("#to-home")

    page.until(says("#home", ": Owner "))
    assert page.value("document.getElementById('messages').hidden")
    page.click("#to-messages")
    page.until("!document.getElementById('messages').hidden")


def test_a_mention_in_a_thread_is_answered_there(page: Browser, card: str) -> None:
    page.value(f'document.querySelector("{card} .tools button").click()')
    page.until("!document.getElementById('thread').hidden")

    page.type("#answer", "@alerts last 2")

    page.until(says("#replies", "last 2 → 2 alerts"))
    assert "@alerts last 2" in text(page, "#replies")
    assert "last 2" not in text(page, "#messages")
    page.click("#close")


# The search form.

IS_OPEN = "!!document.querySelector('dialog.modal[open] .input')"


def opened(page: Browser) -> None:
    """The form, by the menu of shortcuts."""
    page.click("#shortcuts")
    page.until("!!document.querySelector('.shortcuts:popover-open')")
    page.click("[data-shortcut=search_alerts]")
    page.until(IS_OPEN)


def fill(page: Browser, block: str, value: str) -> None:
    place = f"[data-block={block}] :is(input, select)"
    page.value(f"document.querySelector('{place}').value = {json.dumps(value)}")


def stands_in(page: Browser, block: str) -> str:
    return str(
        page.value(f"document.querySelector('[data-block={block}] :is(input, select)').value")
    )


@pytest.fixture
def form(page: Browser) -> Iterator[Browser]:
    """The form, open; closed in the end."""
    opened(page)
    yield page
    if page.value("!!document.querySelector('dialog.modal[open]')"):
        page.click("dialog [aria-label='Close all']")
        page.until("!document.querySelector('dialog.modal[open]')")


def test_what_is_filled_in_is_searched_and_going_back_finds_it_as_it_was(form: Browser) -> None:
    fill(form, "kind", "insider")
    fill(form, "since", "30d")
    form.click("[data-block=sev] input[value=notice]")

    form.click("dialog [type=submit]")

    form.until(says("dialog", "insider · severity notice · since"))
    row = next(line for line in text(form, "dialog").splitlines() if line.startswith("#"))
    form.click("dialog [data-action^=page]")
    form.until(f"!document.querySelector('dialog').innerText.includes({json.dumps(row)})")
    form.click("dialog [data-modal=close]")
    form.until(IS_OPEN)
    assert (stands_in(form, "kind"), stands_in(form, "since")) == ("insider", "30d")
    assert form.value("document.querySelector('[data-block=sev] input[value=notice]').checked")


def test_a_mistake_is_told_at_its_input_and_mended_there(form: Browser) -> None:
    fill(form, "words", "vlaue:>1m")
    fill(form, "from", "2030-01-01")

    form.click("dialog [type=submit]")

    form.until(says("[data-block=words]", "Did you mean value:?"))
    assert stands_in(form, "from") == "2030-01-01"
    fill(form, "words", "")
    form.click("dialog [type=submit]")
    form.until(says("dialog", "0 alerts"))


def test_an_answer_is_refined_in_the_form(page: Browser) -> None:
    page.type("#box", "/alerts insider min:$1 90d")
    page.until(says(".whisper", "Refine"))

    page.click(".whisper [data-action^=form]")

    page.until(IS_OPEN)
    assert [stands_in(page, block) for block in ("kind", "value", "since", "words")] == [
        "insider", "1", "90d", "",
    ]  # fmt: skip
    page.click("dialog [data-modal=close]")
    page.until("!document.querySelector('dialog.modal[open]')")


def test_escape_goes_one_step_back(form: Browser) -> None:
    form.click("dialog [type=submit]")
    form.until(says("dialog", "alerts"))
    form.until("!document.querySelector('dialog .input')")

    form.press("Escape")
    form.until(IS_OPEN)
    form.press("Escape")

    form.until("!document.querySelector('dialog.modal[open]')")


def test_the_home_tab_leads_to_the_form(page: Browser) -> None:
    page.click("#directs button")
    page.until("!document.getElementById('tabs').hidden")
    page.click("#to-home")

    button = "document.querySelector('#home [data-action^=form]')"
    page.until(f"!!{button}")
    page.value(f"{button}.click()")  # at once, as the bot makes the tab anew meanwhile

    page.until(IS_OPEN)
    page.click("dialog [data-modal=close]")
    page.until("!document.querySelector('dialog.modal[open]')")
    page.click("#to-messages")
