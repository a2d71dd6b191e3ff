"""What was released before the first start, where not all of it comes at once."""

import pytest

from bot.sandbox.edgar_faults import FaultKind
from tests.central_bank.world import BEFORE, MINUTE, SECOND, World, a_world

PRESS_ARCHIVE, SPEECH_ARCHIVE = "/json/ne-press.json", "/json/ne-speeches.json"
JUNE = "/newsevents/pressreleases/monetary20250618a.htm"
JULY = "/newsevents/pressreleases/monetary20250730a.htm"


def actions(world: World) -> list[str]:
    return [row["action"] for row in world.decisions(quiet=True)]


def is_done(world: World) -> bool:
    return world.store.collection.has_polled("fed:past")


@pytest.mark.parametrize("archive", [SPEECH_ARCHIVE, "/json/ne-testimony.json"])
def test_an_archive_that_does_not_come_keeps_no_statement_from_being_read(archive: str) -> None:
    with a_world(refused=frozenset({archive})) as world:
        world.look()
        assert actions(world) == ["hold", "hold"]
        assert "minutes" in {row["type"] for row in world.releases(quiet=True)}
        assert not is_done(world)

        world.fed.refused = frozenset()  # type: ignore[attr-defined]
        world.look(BEFORE + 6 * MINUTE)
        assert is_done(world)
        assert world.asked(PRESS_ARCHIVE) == 1


def test_a_page_of_the_past_that_comes_late_is_read_in_its_place() -> None:
    with a_world() as world:
        world.fed.faults.add(FaultKind.WEB_PAGE, path=JUNE, times=2)
        world.watch(BEFORE + 100 * SECOND)

        assert [row["told"] for row in world.decisions(quiet=True)] == [
            "holds at 4.25–4.50 %, 12–0",
            "holds at 4.25–4.50 %, 9–2 (Bowman and Waller for −25)",
        ]
        assert world.decisions(quiet=True)[1]["previous_upper_pct"] == 4.5
        assert (is_done(world), world.told()) == (True, [])
        assert world.asked(PRESS_ARCHIVE) == 1


def test_a_page_of_the_past_that_never_comes_is_done_without_after_five_minutes() -> None:
    with a_world() as world:
        world.fed.faults.add(FaultKind.WEB_PAGE, path=JUNE, times=None)
        world.watch(BEFORE + 4 * MINUTE, step=10 * SECOND)
        assert actions(world) == []
        assert "minutes" in {row["type"] for row in world.releases(quiet=True)}

        world.watch(BEFORE + 6 * MINUTE, step=10 * SECOND)
        assert actions(world) == ["unread", "hold"]
        assert world.decisions(quiet=True)[1]["previous_upper_pct"] is None
        assert (is_done(world), world.told()) == (True, [])


def test_while_a_page_of_the_past_is_waited_for_no_older_target_is_taken_for_the_one_before() -> (
    None
):
    with a_world() as world:
        world.fed.faults.add(FaultKind.WEB_PAGE, path=JULY, times=None)
        world.look(BEFORE + 16 * MINUTE)
        world.watch(BEFORE + 20 * MINUTE + 30 * SECOND)

        (row,) = world.decisions(quiet=False)
        assert (row["target_upper_pct"], row["previous_upper_pct"]) == (4.25, None)
        assert not is_done(world)
