"""Which titles name common shares."""

import pytest

from bot.insider.filing import Table
from bot.insider.securities import is_common


@pytest.mark.parametrize(
    ("title", "common"),
    [
        ("Common Stock (see note 1)", True),
        ("Common Stock (see footnotes 1 and 2)", True),
        ("Common Stock (note 3)", True),
        ("Common Stock, see note below", True),
        ("Common Stock and associated Preferred Stock Purchase Rights", True),
        ("Common Stock and associated Preferred Stock Purchase Rig", True),
        ("Common Stock, including attached rights", True),
        ("Common Stock (Convertible Notes)", False),
        ("Common Stock and associated Warrants", False),
        ("Common Stock and related preferred stock", False),
        ("Preferred Stock Purchase Rights", False),
        ("Convertible Note (see note 1)", False),
        ("Rights to purchase Common Stock", False),
        ("Class A (see note 1)", None),
    ],
)
def test_notes_and_attached_rights_leave_common_stock_common(
    title: str, common: bool | None
) -> None:
    assert is_common(title, Table.NON_DERIVATIVE) is common
