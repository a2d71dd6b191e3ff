"""Which matches share a message, and which have one of their own."""

import pytest

from bot.store.query import Query
from tests.builders import Line, M, a_rule, a_trade


def test_matches_of_one_rule_key_and_document_share_one_message() -> None:
    line = Line(a_rule(message='"{value_usd}"'))

    line.see(a_trade(id="1", value_usd=2 * M), a_trade(id="2", value_usd=3 * M), document=1)
    line.see(a_trade(id="3", value_usd=4 * M), document=2)

    assert [m.text for m in line.store.outbox.all()] == ["$2M; $3M", "$4M"]
    assert [d["message_id"] for d in line.store.decisions.all()] == [1, 1, 3]


def test_a_message_that_waits_takes_in_a_match_of_a_later_batch() -> None:
    line = Line(a_rule(message='"{value_usd}"'))

    line.see(a_trade(id="1", value_usd=2 * M), document=1)
    line.see(a_trade(id="2", value_usd=3 * M), document=1)

    assert [m.text for m in line.store.outbox.all()] == ["$2M; $3M"]
    assert [d["message_id"] for d in line.store.decisions.all()] == [1, 1]


@pytest.mark.parametrize("state", ["sent", "sending", "uncertain", "dead"])
def test_a_match_that_comes_after_the_message_of_its_document_was_sent_has_one_of_its_own(
    state: str,
) -> None:
    line = Line(a_rule(message='"{value_usd}"'))
    line.see(a_trade(id="1", value_usd=2 * M), document=1)
    line.store._connections.connection.execute("UPDATE outbox SET state = ?", (state,))

    line.see(a_trade(id="2", value_usd=3 * M), document=1)
    line.see(a_trade(id="3", value_usd=4 * M), document=1)

    assert [m.text for m in line.store.outbox.all()] == ["$2M", "$3M; $4M"]
    assert [d["message_id"] for d in line.store.decisions.all()] == [1, 2, 2]


def test_the_history_tells_of_a_match_where_its_own_message_stands() -> None:
    line = Line(a_rule(message='"{value_usd}"'))
    line.see(a_trade(id="1", value_usd=2 * M), document=1)
    line.store._connections.connection.execute("UPDATE outbox SET state = 'sent'")

    line.see(a_trade(id="2", value_usd=3 * M), document=1)

    found = line.store.history.search(Query()).alerts
    assert [(each.message, each.status) for each in found] == [
        ("$3M", "pending"), ("$2M", "sent")]  # fmt: skip


def test_keys_and_rules_of_one_document_have_messages_of_their_own() -> None:
    line = Line(a_rule(id="one"), a_rule(id="two", to='"#b"'))

    line.see(a_trade(id="1", ticker="A"), a_trade(id="2", ticker="B"), document=1)

    assert [(m.text, m.channel) for m in line.store.outbox.all()] == [
        ("A", "#a"), ("A", "#b"), ("B", "#a"), ("B", "#b")]  # fmt: skip


def test_a_fact_without_a_document_has_a_message_of_its_own() -> None:
    line = Line(a_rule())

    line.see(a_trade(id="1"), a_trade(id="2"))

    assert len(line.store.outbox.all()) == 2


def test_a_disabled_rule_judges_nothing() -> None:
    line = Line(a_rule(enabled="no"))

    assert line.see(a_trade()) == []
