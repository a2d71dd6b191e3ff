"""Where the search form is offered, and with what it is filled."""

import pytest

from bot.cards.actions import Action
from bot.chat.answer import Answer
from bot.chat.form import form_of
from bot.chat.permissions import EVERYONE, Permissions
from bot.chat.slack_form import KEEP, SUBSCRIBE, in_a_modal
from tests.chat.desks import ANN, BOB, OPERATOR, AnOffice, labels, whole


@pytest.fixture
def office() -> AnOffice:
    office = AnOffice()
    office.sells(*["OKLO"] * 11)
    return office


def refined(office: AnOffice, answer: Answer) -> dict[str, str]:
    """With what the form is filled that the answer leads to."""
    (command,) = [each.command for each in answer.buttons if each.action is Action.FORM]
    return dict(form_of(command, now=office.now, zone=ANN.zone) or {})


@pytest.mark.parametrize("typed", ["oklo min:1m since:90d", "OKLO min:$3m since:90d"])
def test_an_answer_in_slack_leads_to_a_form_filled_with_its_search(
    office: AnOffice, typed: str
) -> None:
    filled = refined(office, office.asks(ANN, typed))

    assert filled == {"ticker": "OKLO", "value": typed.split("m")[1][-1] + "m", "since": "90d"}


def test_a_later_page_leads_to_the_same_search(office: AnOffice) -> None:
    first = office.asks(ANN, "OKLO side:sell")
    further = next(each for each in first.buttons if each.label == "Next")

    answer = office.desk.click("page:2", f"{further.cursor} {further.command}", ANN, None)

    assert answer is not None
    assert "11–11" in (answer.foot or "")
    assert refined(office, answer) == {"ticker": "OKLO", "side": "sell"}


def test_on_the_terminal_there_is_no_form(office: AnOffice) -> None:
    for typed in ("OKLO", "NVDA", "help"):
        answer = office.asks(OPERATOR, typed)
        assert Action.FORM not in [each.action for each in answer.buttons]


@pytest.mark.parametrize(
    "typed",
    [
        ",".join(f"#{number}" for number in range(1, 1_000)),  # too long for the input
        f"{','.join('ABCDE'[n % 5] + f'BCD{n % 9}'[:3] for n in range(190))} "  # for the button
        f'who:"{"x" * 900}" -rule:{"y" * 500}',
    ],
)
def test_a_search_that_the_form_can_not_hold_is_not_refined(office: AnOffice, typed: str) -> None:
    assert "Refine" not in labels(office.asks(ANN, typed))


def test_help_leads_to_an_empty_form(office: AnOffice) -> None:
    answer = office.asks(ANN, "help")

    assert labels(answer)[0] == "Search…"
    assert refined(office, answer) == {}


def test_in_a_modal_nothing_leads_to_another_form(office: AnOffice) -> None:
    assert labels(in_a_modal(office.asks(ANN, "OKLO"))) == [KEEP, "CSV", "Next", SUBSCRIBE]
    assert labels(in_a_modal(office.asks(ANN, "sort:old"))) == [KEEP, "CSV", "Next"]
    assert labels(in_a_modal(office.asks(ANN, ""))) == [KEEP, "CSV", "Next"]


def test_a_search_in_a_modal_is_subscribed_to_by_those_who_may() -> None:
    for allowed, told in ((EVERYONE, "from now on: OKLO"), ((BOB.user,), "may")):
        office = AnOffice(permissions=Permissions(subscribe=allowed))
        office.sells("OKLO")
        shown = in_a_modal(office.asks(ANN, "OKLO side:sell since:90d"))
        button = next(each for each in shown.buttons if each.label == SUBSCRIBE)

        answer = office.presses(ANN, button.action, button.command)

        assert told in whole(answer)
        kept = office.store.chat.subscriptions(ANN.user)
        assert [each.query for each in kept] == (
            ["ticker:OKLO side:sell since:90d"] if allowed == EVERYONE else []
        )
