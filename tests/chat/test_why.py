"""Why, as a reader of an answer sees it."""

import pytest

from tests.chat.desks import ANN, AnOffice, whole


@pytest.fixture
def office() -> AnOffice:
    """Told of a sale by a rule that asks for a chief, or for much money."""
    office = AnOffice(when="role in (ceo, cfo) or value_usd >= $1M")
    office.sells("OKLO")
    return office


@pytest.mark.parametrize("asked", ["why 1", "show 1", "why sales OKLO"])
def test_the_side_of_an_or_that_does_not_hold_does_not_read_like_a_failure(
    office: AnOffice, asked: str
) -> None:
    told = whole(office.asks(ANN, asked))

    needless = "role in (ceo, cfo) (role unknown), as another side of its “or” holds"
    assert f"not needed: {needless}" in told
    assert "yes: value_usd >= $1M (value_usd $2M)" in told


def test_where_no_side_of_an_or_holds_each_tells_why(office: AnOffice) -> None:
    office.sells("SMR", value_usd=100)

    told = whole(office.asks(ANN, "why sales SMR"))

    assert "unknown: role in (ceo, cfo) (role unknown)" in told
    assert "no: value_usd >= $1M (value_usd $1.00)" in told
    assert "not needed" not in told
