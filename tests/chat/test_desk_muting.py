"""Mutes by chat: looked at first, confirmed, listed, lifted."""

from bot.cards.actions import Action, MuteChoice
from bot.composing import composed
from bot.rules.fire import Fate
from bot.store import Delivery, Message
from tests.builders import a_trade
from tests.chat.desks import ANN, BOB, AnOffice, labels, whole


def test_a_mute_shows_first_what_it_would_have_hidden(office: AnOffice) -> None:
    alert, _ = office.sells("OKLO", "NVDA")
    office.waits(hours=1)

    answer = office.asks(ANN, "mute OKLO 7d earnings week")

    assert answer.headline == "Mute OKLO until Oct 8 13:00?"
    assert f"It would have hidden 1 alert of the last 30 days: #{alert}" in whole(answer)
    assert labels(answer) == ["Mute", "Cancel"]
    assert office.store.circumstances.mutes() == []


def test_what_is_confirmed_is_hidden_until_it_expires_and_stays_in_history(
    office: AnOffice,
) -> None:
    preview = office.asks(ANN, "mute OKLO 7d earnings week")
    office.presses(ANN, Action.CONFIRM, preview.buttons[0].command)

    office.waits(days=1)
    muted = office.sees(a_trade("2025-10-02", value_usd=200_000_000))
    other = office.sees(a_trade("2025-10-02", ticker="NVDA", value_usd=200_000_000))
    office.waits(days=7)
    after = office.sees(a_trade("2025-10-09", value_usd=200_000_000))

    assert (muted, other, after) == (Fate.MUTED, Fate.FIRED, Fate.FIRED)
    assert office.asks(ANN, "mutes").headline == "Nothing is muted"


def sent(office: AnOffice) -> list[Message]:
    """The messages of an office, which all stand in their channel now."""
    outbox = office.store.outbox
    for place, message in enumerate(outbox.all()):
        outbox.mark_sending(message, at=office.now)
        outbox.settle(message, Delivery.SENT, at=office.now, place="C1", ts=f"{place}.0")
    return outbox.all()


def test_the_newest_alert_of_what_is_muted_says_so_until_that_is_lifted(office: AnOffice) -> None:
    office.sells("KLG", "OKLO", "OKLO")
    *_, older, newest = sent(office)

    office.asks(ANN, "mute OKLO 7d confirmed")
    told = office.store.outbox.to_edit(office.now)
    muted = composed(office.store, newest).whole_text
    office.asks(BOB, "unmute OKLO")

    assert [each.id for each in told] == [newest.id]
    assert "OKLO muted by ann until 2025-10-08 12:00 ET" in muted
    assert "muted" not in composed(office.store, newest).whole_text
    assert older.id < newest.id


def test_an_alert_that_came_after_a_mute_does_not_tell_of_it(office: AnOffice) -> None:
    office.asks(ANN, "mute rule:r 1h confirmed")
    office.waits(hours=2)
    office.sells("OKLO")

    (message,) = sent(office)

    assert "muted" not in composed(office.store, message).whole_text


def test_mutes_tell_who_why_and_how_many_they_hold_back(office: AnOffice) -> None:
    office.asks(ANN, 'mute OKLO 7d confirmed "earnings week"')
    office.sees(a_trade("2025-10-02", value_usd=200_000_000))

    answer = office.asks(BOB, "mutes")

    (row,) = answer.rows
    assert answer.headline == "1 mute in force"
    assert (
        row.text == "1 · OKLO · until Oct 8 12:00 · by ann at 12:00 · 1 held back · earnings week"
    )
    assert row.buttons[0].command == "unmute 1"


def test_what_is_unmuted_is_told_again_and_who_did_it_is_known(office: AnOffice) -> None:
    office.asks(ANN, "mute OKLO 7d confirmed")
    office.waits(days=1)

    answer = office.asks(BOB, "unmute OKLO")

    assert answer.headline == "OKLO is told again from now on; nothing was held back"
    told = whole(office.asks(ANN, "mutes"))
    assert "Nothing is muted" in told
    assert "lifted by bob" in told
    assert office.sees(a_trade("2025-10-03", value_usd=200_000_000)) is Fate.FIRED


def test_unmuting_what_is_not_muted_says_so(office: AnOffice) -> None:
    assert "NVDA is not muted\n`/alerts mutes` lists what is muted" in whole(
        office.asks(ANN, "unmute NVDA")
    )


def test_the_menu_of_a_card_previews_the_mute_of_its_ticker_or_rule(office: AnOffice) -> None:
    (alert,) = office.sells("OKLO")

    ticker = MuteChoice(alert_id=alert, of="ticker", span="1h")
    rule = MuteChoice(alert_id=alert, of="rule", span="7d")

    assert office.presses(ANN, Action.MUTE, ticker.value).headline == "Mute OKLO until 13:00?"
    answer = office.presses(ANN, Action.MUTE, rule.value)
    assert answer.headline == "Mute the rule sales until Oct 8 12:00?"


def test_a_mute_that_is_cancelled_changes_nothing_and_takes_the_place_of_its_preview(
    office: AnOffice,
) -> None:
    preview = office.asks(ANN, "mute OKLO 7d")

    answer = office.presses(ANN, Action.CANCEL, preview.buttons[1].command)

    assert answer.replaces
    assert office.store.circumstances.mutes() == []


def test_a_mute_shows_its_reason_before_it_is_confirmed(office: AnOffice) -> None:
    assert "Reason: too loud" in whole(office.asks(ANN, "mute OKLO 7d too loud"))
