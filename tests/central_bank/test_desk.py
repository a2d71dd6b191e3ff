"""The Federal Reserve watched from a first start to a decision, against one on loopback."""

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.clock import from_ms, to_ms
from bot.facts import FED_DECISION
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.fed_record import SPEECH, Document
from bot.sandbox.fed_story import story
from tests.central_bank.decisions import decided
from tests.central_bank.world import (
    BEFORE,
    DECIDED,
    MINUTE,
    SECOND,
    STATEMENT,
    a_press_release,
    a_world,
    changed,
    eastern,
    without,
)

PAGE = "/newsevents/pressreleases/monetary20250917a.htm"


HOUR = timedelta(hours=1)


# The first start, and the next ones.


def test_a_first_look_is_silent_and_reads_the_past_that_is_compared_with() -> None:
    with a_world() as world:
        world.look()

        types = [row["type"] for row in world.releases(quiet=True)]
        assert world.told() == []
        assert types.count("statement") == 2
        assert {"minutes", "speech", "testimony", "enforcement"} <= set(types)
        assert [row["told"] for row in world.decisions(quiet=True)] == [
            "holds at 4.25–4.50 %, 12–0",
            "holds at 4.25–4.50 %, 9–2 (Bowman and Waller for −25)",
        ]


def test_the_oldest_decision_has_no_change_that_is_not_stated() -> None:
    with a_world(record=changed(
        story(), "monetary20250618a",
        paragraphs=("The Committee decided to lower the target range for the federal funds rate to "
                    "4-1/4 to 4-1/2 percent.",),
    )) as world:  # fmt: skip
        world.look()

        first, second = world.decisions()
        assert (first["action"], first["change_bp"], first["previous_upper_pct"]) == (
            "cut", None, None,
        )  # fmt: skip
        assert (second["change_bp"], second["previous_upper_pct"]) == (0, 4.5)


def test_a_restart_doubles_nothing_and_asks_for_no_past_again() -> None:
    with a_world() as world:
        world.look()
        before = world.store.facts.count()
        world.restart()
        world.look(BEFORE + MINUTE)

        after = world.store.facts.count()
        assert (after["fed_release"], after["fed_decision"]) == (
            before["fed_release"], before["fed_decision"],
        )  # fmt: skip
        assert world.asked("/json/ne-press.json") == 1


def test_a_past_that_does_not_come_is_asked_for_again_and_keeps_nobody_from_the_feeds() -> None:
    with a_world() as world:
        world.fed.faults.add(FaultKind.UNAVAILABLE, path="/json/ne-press", times=None)
        world.look()
        assert world.polls()[0]["ok"] == 1
        world.fed.faults.clear()
        world.look(BEFORE + 6 * MINUTE)

        assert len(world.decisions()) == 2
        assert world.told() == []


def test_a_page_of_the_past_that_is_refused_keeps_nobody_from_the_others() -> None:
    june = PAGE.replace("20250917", "20250618")
    with a_world(refused=frozenset({june})) as world:
        world.look()

        assert world.store.collection.has_polled("fed:past")
        assert [row["action"] for row in world.decisions()] == ["unread", "hold"]
        assert world.decisions()[1]["previous_upper_pct"] is None


# A decision.


def test_a_decision_is_told_within_seconds_by_its_foreseen_address() -> None:
    with a_world() as world:
        decided(world)

        (row,) = world.decisions(quiet=False)
        assert row["seen_at"] - to_ms(DECIDED) <= 4000
        assert from_ms(row["known_at"]) == DECIDED
        assert row["told"] == "cuts 25 bp to 4.00–4.25 %, 11–1 (Miran for −50)"
        assert (row["action"], row["change_bp"], row["dissents_easier"]) == ("cut", -25, 1)
        assert (row["target_lower_pct"], row["previous_upper_pct"]) == (4, 4.5)
        assert (row["scheduled"], row["quality"]) == (1, None)


def test_the_feed_that_follows_tells_nothing_twice() -> None:
    with a_world() as world:
        decided(world)

        assert world.told() == ["monetary20250917a", "monetary20250917a1", "monetary20250917b"]
        assert len(world.decisions(quiet=False)) == 1


def test_what_was_said_before_is_compared_with() -> None:
    with a_world() as world:
        decided(world)

        (row,) = world.store.facts.select(FED_DECISION, fact_id="fed_decision" + STATEMENT[3:])
        (release,) = [each for each in world.releases() if each["id"] == STATEMENT]
        assert 0.8 < row["similarity_to_previous"] < 1
        assert "downside risks to employment have risen" in row["redline"]
        assert release["tone_change"] is not None
        assert release["text"].startswith("Recent indicators suggest")
        assert "media inquiries" not in release["text"]


def test_before_a_release_its_page_is_asked_for_every_few_seconds_and_else_never() -> None:
    with a_world() as world:
        world.look()
        world.watch(DECIDED - MINUTE, step=MINUTE)
        early = world.asked(PAGE)
        world.watch(DECIDED)

        assert early == 0
        assert 8 <= world.asked(PAGE) <= 15


def test_a_statement_out_of_turn_is_told_by_the_feed_and_was_not_scheduled() -> None:
    at = eastern(2025, 8, 4, 8)
    with a_world(at - HOUR) as world:
        world.look()
        (document,) = [d for d in world.fed.record.documents if d.path == PAGE]
        path = PAGE.replace("20250917", "20250804")
        world.release(replace(document, path=path, published_at=at))
        world.watch(at + 3 * MINUTE, step=10 * SECOND)

        (row,) = world.decisions(quiet=False)
        assert from_ms(row["known_at"]) == at
        assert (row["change_bp"], row["scheduled"]) == (-25, 0)


def test_without_a_calendar_the_feed_tells_the_decision() -> None:
    with a_world() as world:
        world.fed.faults.add(FaultKind.UNAVAILABLE, path="calendar", times=None)
        world.look()
        world.watch(DECIDED + 3 * MINUTE, step=20 * SECOND)

        (row,) = world.decisions(quiet=False)
        assert (row["change_bp"], row["scheduled"]) == (-25, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("The Committee moved its policy rate in words that nobody has used before.", "neither"),
        ("In support of its goals, the Committee decided to lower the target range for the federal "
         "funds rate by some amount to roughly four percent.", "roughly four"),
    ],
)  # fmt: skip
def test_a_newest_statement_that_can_not_be_read_is_an_alarm_and_no_old_range(
    text: str, why: str
) -> None:
    record = changed(story(), "monetary20250917a", paragraphs=(text,))
    with a_world(record=record) as world, capture_logs() as logs:
        decided(world)

        (row,) = world.decisions(quiet=False)
        assert (row["action"], row["target_lower_pct"], row["target_upper_pct"]) == (
            "unread", None, None,
        )  # fmt: skip
        assert (row["change_bp"], row["previous_upper_pct"]) == (None, None)
        assert why in row["evidence"]
        assert any(each["event"] == "fed.statement_unread" for each in logs)


def test_after_a_statement_that_could_not_be_read_the_next_change_is_unknown_unless_stated() -> (
    None
):
    record = changed(story(), "monetary20250730a", paragraphs=("Nobody knows these words.",))
    record = changed(record, "monetary20250917a", paragraphs=(
        "The Committee decided to lower the target range for the federal funds rate to 4 to 4-1/4 "
        "percent.", "Voting for the monetary policy action were Jerome H. Powell, Chair.",
    ))  # fmt: skip
    with a_world(record=record) as world:
        decided(world)

        (row,) = world.decisions(quiet=False)
        assert (row["action"], row["target_upper_pct"]) == ("cut", 4.25)
        assert (row["change_bp"], row["previous_upper_pct"]) == (None, None)


def test_a_statement_that_is_not_final_is_read_again_before_it_is_told() -> None:
    whole = story()
    (document,) = [d for d in whole.documents if d.path == PAGE]
    record = changed(whole, "monetary20250917a", paragraphs=("Text follows.",))
    with a_world(record=record) as world:
        world.look()
        world.watch(DECIDED - MINUTE, step=MINUTE)
        world.watch(DECIDED + 20 * SECOND)
        assert world.decisions(quiet=False) == []
        world.fed.record = changed(whole, "monetary20250917a", paragraphs=document.paragraphs)
        world.watch(DECIDED + 30 * SECOND)

        assert [row["action"] for row in world.decisions(quiet=False)] == ["cut"]


def test_a_page_that_is_no_statement_at_the_foreseen_address_tells_nothing() -> None:
    record = changed(story(), "monetary20250917a", heading="Minutes of the Board's discount rate "
                     "meetings on July 20 and July 29, 2025", category=None)  # fmt: skip
    with a_world(record=record) as world:
        decided(world)

        assert world.decisions(quiet=False) == []


# Feeds.


def test_two_items_of_one_minute_are_two() -> None:
    at = BEFORE + MINUTE
    with a_world() as world:
        world.look()
        world.release(a_press_release("other20250917a", at), a_press_release("other20250917b", at))
        world.watch(at + 3 * MINUTE, step=20 * SECOND)

        assert world.told() == ["other20250917a", "other20250917b"]


def test_a_speech_has_speaker_office_vote_and_venue() -> None:
    at = eastern(2025, 9, 23, 12, 35)
    with a_world(at - MINUTE) as world:
        world.look()
        world.watch(at + 3 * MINUTE, step=10 * SECOND)

        (row,) = world.releases(quiet=False)
        assert (row["type"], row["speaker"], row["speaker_role"], row["speaker_votes"]) == (
            "speech", "Jerome H. Powell", "Chair", 1,
        )  # fmt: skip
        assert row["title"] == "Economic Outlook"
        assert row["venue"].startswith("At the Greater Providence")
        assert row["in_blackout"] == 0
        assert "tilted to the upside" in row["text"]


def test_a_speech_before_a_meeting_lies_in_the_silence() -> None:
    at = eastern(2025, 9, 16, 10)
    speech = Document(
        path=f"{SPEECH}waller20250916a.htm", title="Payments", published_at=at,
        paragraphs=("Synthetic.",), category="Speech", speaker="Governor Christopher J. Waller",
    )  # fmt: skip
    with a_world(at - MINUTE) as world:
        world.look()
        world.release(speech)
        world.watch(at + 3 * MINUTE, step=10 * SECOND)

        (row,) = [each for each in world.releases(quiet=False) if each["type"] == "speech"]
        assert row["in_blackout"] == 1


def test_a_gap_of_the_feed_is_filled_from_the_archive() -> None:
    with a_world() as world:
        world.look()
        for day in range(1, 26):
            at = DECIDED + timedelta(days=day)
            world.release(a_press_release(f"other2025{at:%m%d}x", at))
        world.restart()
        world.look(DECIDED + timedelta(days=30))

        told = world.told()
        assert len([slug for slug in told if slug.startswith("other")]) == 25
        assert "monetary20250917a" in told
        (row,) = world.decisions(quiet=False)
        assert row["change_bp"] == -25
        assert from_ms(row["known_at"]) == DECIDED


def test_while_a_gap_is_open_no_stored_target_is_taken_for_the_one_before() -> None:
    lower = ("The Committee decided to lower the target range for the federal funds rate to 3-3/4 "
             "to 4 percent.", "Voting for the action were Jerome H. Powell, Chair.")  # fmt: skip
    october = a_press_release(
        "monetary20251029a", eastern(2025, 10, 29), "Federal Reserve issues FOMC statement",
        category="Monetary Policy", paragraphs=lower,
    )  # fmt: skip
    with a_world() as world:
        world.look()
        for day in range(1, 26):
            at = DECIDED + timedelta(days=day)
            world.release(a_press_release(f"other2025{at:%m%d}x", at))
        world.release(october)
        world.fed.faults.add(FaultKind.UNAVAILABLE, path="/json/ne-press", times=None)
        world.restart()
        world.look(eastern(2025, 10, 30))

        (row,) = world.decisions(quiet=False)
        assert (row["action"], row["target_upper_pct"], row["change_bp"]) == ("cut", 4, None)
        world.fed.faults.clear()
        world.look(eastern(2025, 10, 30) + 6 * MINUTE)
        assert len(world.decisions(quiet=False)) == 2


def test_an_item_that_slides_into_the_feed_from_before_the_first_start_is_quiet() -> None:
    with a_world() as world:
        world.look()
        world.release(a_press_release("other20200101a", eastern(2020, 1, 2)))
        world.look(BEFORE + MINUTE)

        (row,) = [each for each in world.releases() if each["id"].endswith("other20200101a")]
        assert row["quiet"] == 1


def test_what_is_told_is_judged_at_once() -> None:
    with a_world() as world:
        world.look()
        before = world.judged
        decided_at = world.clock()
        world.watch(decided_at + MINUTE)
        unchanged = world.judged
        decided(world)

        assert unchanged == before
        assert world.judged > before


def test_a_world_without_september_says_nothing() -> None:
    with a_world(record=without(story(), "20250917")) as world:
        decided(world)

        assert world.told() == []
