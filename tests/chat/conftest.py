"""An office in which nothing has happened yet."""

import pytest

from tests.chat.desks import AnOffice


@pytest.fixture
def office() -> AnOffice:
    return AnOffice()
