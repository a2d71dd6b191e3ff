"""What the tests of collecting share."""

from collections.abc import Iterator

import pytest

from tests.collect.worlds import World, a_world


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as world:
        yield world
