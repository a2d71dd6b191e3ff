"""What EDGAR serves in place of a filing is never kept as one; the filing is asked for again."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.facts import SOURCE_POLL
from bot.sandbox.edgar_faults import FaultKind
from bot.store import NewDocument
from tests.collect.worlds import World, kept, new_ones


def test_a_text_that_holds_another_filing_is_asked_for_until_it_is_the_one_listed(
    world: World,
) -> None:
    bot = world.bot()
    bot.poll()
    *wrong, right = new_ones(world, 5)
    other = world.edgar.market.publications[0]
    world.edgar.market.publish(*(replace(each, body=other.body) for each in wrong))

    with capture_logs() as logs:
        bot.poll()
    assert right.accession_number in kept(bot)
    assert not kept(bot) & {each.accession_number for each in wrong}
    (told,) = bot.store.facts.select(SOURCE_POLL, limit=1)
    assert other.accession_number in str(told["error"])
    assert "asked for again from" in str(told["error"])
    assert {log["accession_number"] for log in logs if log["event"] == "filing.not_obtained"} == {
        each.accession_number for each in wrong
    }

    world.edgar.market.publish(*wrong)
    world.clock.advance(timedelta(minutes=1))
    bot.poll()
    assert kept(bot) >= {each.accession_number for each in wrong}


@pytest.mark.parametrize("body", [b'{"error": "busy"}', b"%PDF-1.7", b"%", b"<ownershipDocument/>"])
def test_a_body_that_is_no_submission_is_never_kept_and_told_as_missing_in_the_end(
    world: World, body: bytes
) -> None:
    bot = world.bot()
    bot.poll()
    (wrong,) = new_ones(world, 1)
    world.edgar.market.publish(replace(wrong, body=body))

    world.play(world.clock() + timedelta(minutes=30), bot, every=timedelta(minutes=1))
    assert [item["tries"] for item in bot.store.collection.pending("edgar")] == [7]
    assert bot.store.collection.missing("edgar") == {}
    world.play(world.clock() + timedelta(hours=26), bot)

    assert wrong.accession_number not in kept(bot)
    assert bot.store.collection.pending("edgar") == []
    (reason,) = bot.store.collection.missing("edgar").values()
    assert "something else stands where a filing was due" in reason


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        (rb"ACCESSION NUMBER:.*\n", b"", "EDGAR serves a text without number"),
        (rb"(SUBMISSION TYPE:\s*)4(/A)?\n", rb"\1 8-K\n", "EDGAR serves a form 8-K in place of"),
    ],
)
def test_a_text_without_its_number_or_of_another_form_is_not_kept(
    world: World, line: bytes, instead: bytes, told: str
) -> None:
    bot = world.bot()
    bot.poll()
    (right,) = new_ones(world, 1)
    wrong = re.sub(line, instead, right.body)
    assert wrong != right.body
    world.edgar.market.publish(replace(right, body=wrong))

    bot.poll()
    assert right.accession_number not in kept(bot)
    (pending,) = bot.store.collection.pending("edgar")
    assert told in str(pending["reason"])

    world.edgar.market.publish(right)
    world.clock.advance(timedelta(minutes=1))
    bot.poll()
    assert right.accession_number in kept(bot)


def test_a_filing_that_is_served_empty_is_asked_for_twice_a_try(world: World) -> None:
    bot = world.bot()
    bot.poll()
    (empty,) = new_ones(world, 1)
    world.edgar.market.publish(replace(empty, body=b""))
    bot.poll()

    asked = [each for each in world.edgar.requests if empty.accession_number in str(each)]
    assert len(asked) == 2
    assert len(bot.store.collection.pending("edgar")) == 1


def test_a_filing_whose_entries_say_no_form_holds_nothing_up_and_is_found_in_the_index(
    world: World,
) -> None:
    bot = world.bot()
    bot.poll()
    *others, formless = new_ones(world, 3)
    world.edgar.faults.add(FaultKind.FORMLESS, path="getcurrent", times=2)

    with capture_logs() as logs:
        bot.poll()
        bot.poll()
    assert {each.accession_number for each in others} <= kept(bot)
    assert formless.accession_number not in kept(bot)
    (told,) = bot.store.facts.select(SOURCE_POLL, limit=1)
    assert (told["ok"], "it does not say its form" in str(told["error"])) == (1, True)
    assert [log["entries"] for log in logs if log["event"] == "feed.entries_left_out"] == [
        len(formless.parties)
    ]

    world.edgar.market.hide_from_feed(formless.accession_number)
    world.play(world.clock() + timedelta(days=4), bot, every=timedelta(hours=12))
    assert formless.accession_number in kept(bot)


def test_a_missing_filing_that_comes_another_way_is_missing_no_longer(world: World) -> None:
    bot = world.bot()
    bot.store.collection.settle("edgar", "0009-1", state="missing", told="why")
    assert bot.store.collection.missing("edgar") == {"0009-1": "why"}

    document = NewDocument(source="edgar", key="0009-1", name="x.txt", body=b"x")
    bot.store.documents.add([document], seen_at=world.clock())

    assert bot.store.collection.missing("edgar") == {}


def test_a_withdrawn_filing_is_not_told_as_missing(world: World) -> None:
    bot = world.bot()
    bot.poll()
    (gone,) = new_ones(world, 1)
    world.edgar.market.withdraw(gone.accession_number)

    world.play(world.clock() + timedelta(hours=30), bot)

    assert bot.store.collection.pending("edgar") == []
    assert bot.store.collection.settled("edgar", [gone.accession_number])
    assert bot.store.collection.missing("edgar") == {}
