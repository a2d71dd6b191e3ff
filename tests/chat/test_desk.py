"""What the desk answers, and what is kept of what people do."""

from dataclasses import replace

import pytest

from bot.cards.actions import Action
from bot.chat.answer import Tone
from bot.chat.answer_slack import slack_answer
from bot.chat.permissions import Permissions
from bot.composing import composed
from bot.store import Trouble
from tests.builders import a_rule, a_trade
from tests.chat.desks import ANN, BOB, OPERATOR, AnOffice, whole


def test_an_acknowledgement_is_kept_with_who_and_when(office: AnOffice) -> None:
    (alert,) = office.sells("OKLO")

    answer = office.presses(ANN, Action.ACK, alert)

    (message,) = office.store.outbox.all()
    assert message.wanted > message.revision
    assert "acknowledged by ann 2025-10-01 12:00 ET" in composed(office.store, message).whole_text
    assert answer.headline == f"#{alert} is acknowledged by ann: OKLO sold $2M"
    assert "Acknowledged by ann at 12:00" in whole(office.asks(BOB, f"show {alert}"))


def test_who_acknowledges_second_is_told_who_was_first(office: AnOffice) -> None:
    (alert,) = office.sells("OKLO")
    office.asks(ANN, f"ack {alert}")
    office.waits(hours=1)

    answer = office.asks(BOB, f"ack {alert}")

    assert answer.headline == f"#{alert} was acknowledged by ann at 12:00 already"
    assert [act.name for act in office.store.chat.acts_on(alert)] == ["ann"]


def test_matches_of_one_message_are_acknowledged_together(office: AnOffice) -> None:
    office.line.see(
        a_trade(id="a", value_usd=200_000_000), a_trade(id="b", value_usd=300_000_000), document=1
    )
    first, second = (each["id"] for each in office.store.decisions.all(fate="fired"))

    office.asks(ANN, f"ack {second}")

    assert "Acknowledged by ann" in whole(office.asks(BOB, f"show {first}"))


def test_a_number_that_no_alert_has_teaches_where_numbers_are(office: AnOffice) -> None:
    answer = office.asks(ANN, "ack 77")

    assert answer.tone is Tone.REFUSED
    assert "There is no alert #77" in whole(answer)
    assert "at the foot of every alert" in whole(answer)


# Who may.


def test_who_may_not_is_told_who_may_and_nothing_is_done() -> None:
    office = AnOffice(permissions=Permissions(acknowledge=("UBOB", "S1"), name_of=str.lower))
    (alert,) = office.sells("OKLO")

    answer = office.asks(ANN, f"ack {alert}")

    assert answer.tone is Tone.REFUSED
    assert "is for ubob and s1" in whole(answer)
    assert office.store.chat.acknowledged(alert) is None
    (act,) = office.store.chat.acts_on(alert)
    assert (act.name, act.act, act.refused) == ("ann", "ack", True)


@pytest.mark.parametrize("asker", [BOB, OPERATOR])
def test_the_named_the_members_of_a_group_and_the_operator_may(asker: object) -> None:
    members = {"S1": ["UBOB"]}
    permissions = Permissions(mute=("S1",), members=lambda group: members.get(group, []))
    office = AnOffice(permissions=permissions)

    assert office.asks(asker, "mute OKLO 7d confirmed").tone is Tone.GOOD  # type: ignore[arg-type]
    assert office.asks(ANN, "mute OKLO 7d confirmed").tone is Tone.REFUSED


def test_a_list_without_anybody_lets_nobody_in_slack() -> None:
    office = AnOffice(permissions=Permissions(subscribe=()))

    answer = office.asks(ANN, "subscribe OKLO")

    assert "is for nobody in Slack" in whole(answer)
    assert office.store.chat.subscriptions() == []


# Votes.


def test_a_vote_counts_once_and_for_the_rule(office: AnOffice) -> None:
    (alert,) = office.sells("OKLO")
    office.presses(ANN, Action.VOTE_UP, alert)
    office.presses(BOB, Action.VOTE_UP, alert)

    answer = office.presses(BOB, Action.VOTE_DOWN, alert)

    assert answer.headline == f"Your 👎 on #{alert} counts: 1 👍 · 1 👎"
    assert "Votes: 1 👍 · 1 👎" in whole(office.asks(ANN, "rules sales"))
    assert "Votes: 1 👍 · 1 👎" in whole(office.asks(ANN, f"show {alert}"))


# Subscriptions.


def test_a_subscription_keeps_its_relative_days_and_tells_how_it_was_read(
    office: AnOffice,
) -> None:
    answer = office.asks(ANN, "subscribe OKLO insider min:$1m since:30d")

    assert "OKLO · insider" in answer.headline
    (kept,) = office.store.chat.subscriptions()
    assert (kept.channel, kept.query) == ("UANN", "ticker:OKLO kind:insider value:>=1m since:30d")


def test_one_sees_and_ends_ones_own_subscriptions_only(office: AnOffice) -> None:
    office.asks(ANN, "subscribe OKLO")
    office.asks(BOB, "subscribe NVDA")

    assert [row.text for row in office.asks(ANN, "subs").rows] == ["1 · ticker:OKLO · since 12:00"]
    assert "You have no subscription 2" in whole(office.asks(ANN, "unsubscribe 2"))
    assert office.asks(BOB, "unsubscribe 2").tone is Tone.GOOD
    assert [row.text for row in office.asks(OPERATOR, "subs").rows] == [
        "1 · ann · ticker:OKLO · since 12:00"
    ]


def test_a_terminal_has_no_direct_messages(office: AnOffice) -> None:
    assert "a terminal has no direct messages" in whole(office.asks(OPERATOR, "subscribe")).lower()


# Looking at one alert.


def test_show_tells_values_thresholds_source_delivery_and_mutes(office: AnOffice) -> None:
    (alert,) = office.sells("OKLO")
    office.asks(ANN, "mute OKLO 7d confirmed")

    answer = office.asks(ANN, f"show {alert}")

    told = whole(answer)
    assert answer.headline == f"#{alert} · OKLO · sales · notice · fired 12:00"
    assert answer.card is not None
    assert "yes: value_usd >= $1M (value_usd $2M)" in told
    assert "#a · queued 12:00, waits for its turn" in told
    assert "Muted now: OKLO until Oct 8 12:00 by ann" in told


def test_show_of_what_a_mute_held_back_says_so(office: AnOffice) -> None:
    office.asks(ANN, "mute OKLO 7d confirmed")
    office.sees(a_trade("2025-10-02", value_usd=200_000_000))
    (held,) = office.store.decisions.all(fate="muted")

    assert "It was not told: it was muted" in whole(office.asks(ANN, f"show {held['id']}"))


def test_why_tells_the_proof_of_an_alert_and_of_a_rule_and_ticker(office: AnOffice) -> None:
    (alert,) = office.sells("OKLO")

    one, other = office.asks(ANN, f"why {alert}"), office.asks(ANN, "why sales OKLO")

    assert (one.headline, other.headline) == (f"Why #{alert} · sales · OKLO", "Why sales · OKLO")
    for answer in (one, other):
        assert "yes: value_usd >= $1M (value_usd $2M)" in whole(answer)


def test_why_of_a_rule_that_is_not_there_guesses_which_was_meant(office: AnOffice) -> None:
    assert "Did you mean 'sales'?" in whole(office.asks(ANN, "why sale OKLO"))


# Rules, health, help, tests.


def test_rules_are_listed_and_one_is_told_in_words(office: AnOffice) -> None:
    (alert,) = office.sells("OKLO")

    listed, one = office.asks(ANN, "rules"), whole(office.asks(ANN, "rules sales"))

    assert listed.lines == ("sales · notice",)
    assert "Counts only where: side == sell" in one
    assert "Fires when: value_usd >= $1M" in one
    assert f"Last fired: #{alert} at 12:00" in one


def test_a_part_of_the_names_of_several_rules_is_answered_with_all_of_them() -> None:
    ids = ("cluster-buy", "cluster-sell", "sales")
    office = AnOffice(rules=lambda: tuple(a_rule(id=each) for each in ids))

    assert "Perhaps cluster-buy or cluster-sell?" in whole(office.asks(ANN, "rules cluster"))
    assert "Did you mean 'sales'?" in whole(office.asks(ANN, "rules sale"))


def test_health_tells_what_is_wrong_first() -> None:
    office = AnOffice(sources=("edgar",), refused=lambda: ("a.yaml is refused: its last good",))

    answer = office.asks(ANN, "health")

    assert answer.headline == "2 things to look at"
    assert answer.lines[:2] == ("⚠ edgar: was not asked yet", "⚠ a.yaml is refused: its last good")
    assert "outbox: nothing waits, 0 sent" in answer.lines


def test_a_test_goes_the_way_of_alerts_into_the_channel_where_it_was_asked(
    office: AnOffice,
) -> None:
    office.asks(ANN, "test")
    office.waits(seconds=1)
    office.asks(OPERATOR, "test")

    first, second = office.store.outbox.all()
    assert (first.channel, second.channel) == ("C1", "#alerts")
    assert first.text == "This is a test: alerts reach this channel"


def test_help_has_six_examples(office: AnOffice) -> None:
    answer = office.asks(ANN, "help")

    assert len([row.buttons[0].command for row in answer.rows]) == 6


@pytest.mark.parametrize("topic", ["dates", "fields", "commands"])
def test_help_on_a_topic_fits_into_a_message(office: AnOffice, topic: str) -> None:
    answer = office.asks(ANN, f"help {topic}")

    assert "more lines" not in str(slack_answer(answer))


def test_help_on_an_unknown_topic_guesses(office: AnOffice) -> None:
    assert "did you mean 'dates'?" in office.asks(ANN, "help datess").headline


def test_a_rule_that_is_off_says_so_everywhere_and_is_known(office: AnOffice) -> None:
    off = replace(office.rule, id="sleeps", enabled=False)
    office = AnOffice(rules=lambda: (office.rule, off))

    assert "1 in force, 1 off" in whole(office.asks(ANN, "rules"))
    assert "sleeps · notice · off" in whole(office.asks(ANN, "rules sleeps"))
    assert "rules: 1 in force, 1 off" in whole(office.asks(ANN, "health"))
    assert "sleeps is off" in whole(office.asks(ANN, "mute rule:sleeps 1d"))
    assert "I know no rule" not in whole(office.asks(ANN, "rule:sleeps"))


def test_health_names_a_trouble_that_told_nothing_more(office: AnOffice) -> None:
    office.store.collection.note(Trouble(at=office.now, job="tick", trouble="overrun", told="\n"))

    assert "12:00 tick: began late" in whole(office.asks(ANN, "health")).splitlines()


def test_show_tells_which_vote_it_was(office: AnOffice) -> None:
    (alert,) = office.sells("OKLO")
    office.presses(ANN, Action.VOTE_DOWN, alert)

    assert "ann: vote 👎" in whole(office.asks(BOB, f"show {alert}"))
