"""Decisions as a store tells them."""

from tests.central_bank.world import (
    DECIDED,
    MINUTE,
    World,
)


def decided(world: World) -> World:
    """Started twenty minutes before the decision, and watched until some minutes after it."""
    world.look()
    world.watch(DECIDED - MINUTE, step=MINUTE)
    world.watch(DECIDED + 2 * MINUTE)
    return world
