"""From the Board's page to a message: what the shipped rules tell of September 2025."""

from datetime import timedelta
from pathlib import Path

from bot.cards import Card
from bot.cards.slack import slack_message
from bot.judge import Judge
from bot.releases.board import Board
from bot.releases.watch import ReleaseWatch
from bot.routes import everything_to
from bot.rules.loading import load_rules
from bot.sandbox.fed_story import story
from bot.sandbox.slack_blocks import breaches, too_long
from tests.central_bank.world import DECIDED, MINUTE, World, a_world, without

FOLDER = Path(__file__).parents[2] / "rules"
RULES = load_rules(
    (name, (FOLDER / name).read_text()) for name in ("fed.yaml", "releases.yaml")
).rules


class Told:
    """A judge with the shipped rules, and a watch over the Board's calendar, beside a desk."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.judge = Judge(
            world.store,
            RULES,
            clock=world.clock,
            route=everything_to("#fed"),
            stale_after=timedelta(hours=24),
        )
        calendars = world.desk.calendars
        board = Board(
            world.store,
            lambda: [(each.sort.value, each.at) for each in calendars.planned()],
            clock=world.clock,
        )
        self.releases = ReleaseWatch(
            world.store, [board], clock=world.clock, grace=timedelta(hours=1)
        )

    def until(self, end: object, step: timedelta = MINUTE) -> None:
        self.world.watch(end, step=step)  # type: ignore[arg-type]
        self.releases.look()
        self.judge.tick()

    def cards(self) -> dict[str, Card]:
        """The cards of alerts by their rule, in the order in which they were queued."""
        rows = self.world.store.outbox.all()
        return {card.rule: card for card in (Card.from_json(row.card) for row in rows)}


def test_the_decision_of_september_2025_comes_with_its_vote_its_dissent_and_its_redline() -> None:
    with a_world() as world:
        told = Told(world)
        told.until(DECIDED - MINUTE)
        told.until(DECIDED + 3 * MINUTE, step=timedelta(seconds=2))
        cards = told.cards()

    decision = cards["fomc-decision"]
    assert decision.headlines == ("Fed cuts 25 bp to 4.00–4.25 %, 11–1 (Miran for −50)",)
    lines = [f"{line.label}: {line.text}" for line in decision.lines]
    assert "Target: 4.00–4.25 % · −25 bp · before 4.25–4.50 %" in lines
    assert any("Stephen I. Miran preferred to lower" in line for line in lines)
    assert decision.redline is not None
    blocks = slack_message(decision)["blocks"]
    assert breaches(blocks) == []
    assert not too_long(blocks)
    assert "~at 4-1/4 to 4-1/2 percent.~ *by 1/4 percentage point to 4 to 4-1/4" in str(blocks)
    assert "fomc-hold" not in cards
    assert "release-missing" not in cards


def test_a_statement_that_does_not_come_is_told_as_missing() -> None:
    with a_world(record=without(story(), "monetary20250917")) as world:
        told = Told(world)
        told.until(DECIDED - MINUTE)
        told.until(DECIDED + timedelta(hours=2))
        cards = told.cards()

    assert "fomc-decision" not in cards
    assert cards["release-missing"].headlines == (
        "FOMC statement (Federal Reserve) did not arrive at 14:00 ET on 2025-09-17",
    )
