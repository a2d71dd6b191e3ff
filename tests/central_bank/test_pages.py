"""Pages of releases: waited for, read, kept once, and read again when they change."""

from datetime import timedelta

from structlog.testing import capture_logs

from bot.clock import to_ms
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.fed_story import story
from tests.central_bank.world import (
    DECIDED,
    MINUTE,
    SECOND,
    World,
    a_world,
    changed,
    eastern,
)

PAGE = "/newsevents/pressreleases/monetary20250917a.htm"
HOUR = timedelta(hours=1)


def decided(world: World) -> World:
    """Started twenty minutes before the decision, and watched until some minutes after it."""
    world.look()
    world.watch(DECIDED - MINUTE, step=MINUTE)
    world.watch(DECIDED + 2 * MINUTE)
    return world


def test_a_release_whose_page_does_not_come_is_told_without_its_text() -> None:
    at = eastern(2025, 9, 23, 12, 35)
    with a_world(at - MINUTE) as world:
        world.look()
        world.fed.faults.add(FaultKind.UNAVAILABLE, path="powell20250923a", times=None)
        world.watch(at + 8 * MINUTE, step=10 * SECOND)

        (row,) = world.releases(quiet=False)
        assert (row["text"], row["quality"]) == (None, "page_missing")
        assert row["speaker"] == "Jerome H. Powell"


def test_a_release_that_waits_for_its_page_is_new_only_once() -> None:
    at = eastern(2025, 9, 23, 12, 35)
    with a_world(at - MINUTE) as world:
        world.look()
        told = len(world.polls())
        world.fed.faults.add(FaultKind.UNAVAILABLE, path="powell20250923a", times=20)
        world.watch(at + 4 * MINUTE, step=10 * SECOND)

        assert sum(row["items"] for row in world.polls()[told:]) == 1


def test_an_error_page_with_status_200_is_no_text() -> None:
    at = eastern(2025, 9, 23, 12, 35)
    with a_world(at - MINUTE) as world:
        world.look()
        world.fed.faults.add(FaultKind.WEB_PAGE, path="powell20250923a", times=3)
        world.watch(at + 3 * MINUTE, step=10 * SECOND)

        (row,) = world.releases(quiet=False)
        assert "tilted to the upside" in row["text"]


def test_the_bytes_of_a_page_are_kept_once() -> None:
    with a_world() as world:
        decided(world)

        number = world.store.documents.number("fed", "pressreleases/monetary20250917a")
        assert number is not None
        assert b"Stephen I. Miran" in world.store.documents.body(number)
        assert world.store.documents.unread(10) == []


def test_minutes_are_read_where_their_text_stands_and_counted() -> None:
    at = eastern(2025, 8, 20)
    with a_world(at - HOUR) as world:
        world.look()
        world.watch(at - MINUTE, step=MINUTE)
        world.watch(at + 2 * MINUTE)

        (row,) = world.releases(quiet=False)
        assert row["id"] == "fed:monetarypolicy/fomcminutes20250730"
        assert row["seen_at"] - to_ms(at) <= 4000
        assert (row["quantifier_most"], row["quantifier_couple"]) == (1, 1)
        assert world.store.facts.count()["fed_decision"] == 2


# Changes.


def test_a_text_that_is_changed_after_its_release_is_kept_and_told_to_nobody() -> None:
    with a_world() as world:
        decided(world)
        (document,) = [d for d in world.fed.record.documents if d.path == PAGE]
        text = [each.replace("4‑1/4", "4-1/2").replace("to 4 to", "to 4-1/4 to").replace(
            "by 1/4 percentage point ", "") for each in document.paragraphs]  # fmt: skip
        world.fed.record = changed(world.fed.record, "monetary20250917a", paragraphs=text)
        with capture_logs() as logs:
            world.watch(DECIDED + 40 * MINUTE, step=MINUTE)

        assert len(world.decisions(quiet=False)) == 1
        (later,) = [row for row in world.decisions(quiet=True) if "@" in row["id"]]
        assert (later["target_upper_pct"], later["retold"]) == (4.5, 1)
        assert sum(each["event"] == "fed.page_changed" for each in logs) == 1
        assert world.store.fed.previous_decision(to_ms(DECIDED) + 1)["id"] == later["id"]  # type: ignore[index]


def test_pages_that_differ_outside_their_text_have_not_changed() -> None:
    with a_world() as world:
        decided(world)
        asked = world.asked(PAGE)
        world.watch(DECIDED + 40 * MINUTE, step=MINUTE)

        assert world.asked(PAGE) > asked
        assert not [row for row in world.releases() if "@" in row["id"]]


def test_a_statement_that_is_mended_after_it_could_not_be_read_is_news() -> None:
    whole = story()
    (document,) = [d for d in whole.documents if d.path == PAGE]
    with a_world(record=changed(whole, "monetary20250917a", paragraphs=("Odd words.",))) as world:
        decided(world)
        world.fed.record = changed(whole, "monetary20250917a", paragraphs=document.paragraphs)
        world.watch(DECIDED + 40 * MINUTE, step=MINUTE)

        assert [row["action"] for row in world.decisions(quiet=False)] == ["unread", "cut"]
