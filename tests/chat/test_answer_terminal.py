"""Answers as a terminal shows them."""

from rich.console import Console

from bot.cards import Card
from bot.cards.actions import Action
from bot.chat.answer import Answer, Button, Row
from bot.chat.answer_terminal import terminal_answer


def shown(answer: Answer) -> str:
    console = Console(width=100)
    with console.capture() as capture:
        console.print(terminal_answer(answer))
    return capture.get()


def test_an_answer_is_shown_in_the_order_in_which_it_is_read() -> None:
    card = Card(alert_id=7, rule="large-sale", severity="high", headlines=("OKLO sold",), lines=())
    told = shown(
        Answer(
            headline="#7", card=card, rows=(Row(text="a row"),), lines=("[bold]a line",),
            hints=("a hint",), foot="1 of 1",
        )
    )  # fmt: skip

    parts = ["#7", "OKLO sold", "a row", "[bold]a line", "a hint", "1 of 1"]
    places = [told.index(part) for part in parts]
    assert places == sorted(places)


def test_what_a_button_runs_can_be_typed_and_pages_are_not_offered() -> None:
    told = shown(
        Answer(
            headline="0 alerts",
            buttons=(
                Button(label="Without min:$1m", command="ticker:OKLO"),
                Button(label="Others", command='who:"Sam Altman" value:>=1m'),
                Button(label="Next", command="ticker:OKLO", action=Action.PAGE, cursor="7"),
            ),
        )
    )

    assert "Without min:$1m: bot history ticker:OKLO\n" in told
    assert """Others: bot history 'who:"Sam Altman" value:>=1m'\n""" in told
    assert "Next" not in told


def test_text_from_outside_commands_no_terminal() -> None:
    assert "\x1b" not in shown(Answer(headline="\x1b[2Jgone", rows=(Row(text="\x1b]0;x\x07"),)))
