"""What is written on buttons can be read again, and fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.actions import (
    OPTION_VALUE,
    Action,
    MuteChoice,
    Page,
    action_id,
    action_of,
    mute_choices,
)


def test_an_action_is_read_from_its_id_whatever_its_place() -> None:
    for action in Action:
        assert action_of(action_id(action)) is action
        assert action_of(action_id(action, 7)) is action


def test_an_id_of_another_app_is_no_action() -> None:
    assert action_of("approve:1") is None
    assert action_of("") is None


def test_an_alert_without_a_ticker_offers_to_mute_its_rule_alone() -> None:
    labels = [each.label for each in mute_choices(7, has_ticker=False)]

    assert labels == ["This rule for 7 days"]


def test_the_menu_of_the_greatest_alert_fits_into_options_of_an_overflow() -> None:
    choices = mute_choices(2**63 - 1, has_ticker=True)

    assert len(choices) <= 5
    assert [MuteChoice.read(each.value) for each in choices] == list(choices)
    assert max(len(each.value) for each in choices) <= OPTION_VALUE


@pytest.mark.parametrize("value", ["", "7", "x rule 7d", "7 person 1h", "-1 rule 7d", "7 rule"])
def test_a_choice_that_no_menu_offers_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="no choice of a mute"):
        MuteChoice.read(value)


@given(st.text(), st.none() | st.from_regex(r"[a-z0-9:.]{2,30}", fullmatch=True))
def test_a_page_is_read_as_it_was_written(command: str, cursor: str | None) -> None:
    page = Page(command=command, cursor=cursor)

    assert Page.read(page.value) == page
