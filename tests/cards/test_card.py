"""Cards: what a reader is shown, whoever wrote the words in it."""

from bot.cards import Card, Line


def test_no_character_of_a_filer_commands_the_terminal() -> None:
    line = Line(label="Who", text="Doe\x9b31m \u202eJane")
    card = Card(alert_id=1, rule="r", severity="high", headlines=("\x1b[2Jsold",), lines=(line,))

    assert card.headlines == ("[2Jsold",)
    assert card.lines[0].text == "Doe31m Jane"
    assert Card.from_json(card.to_json()) == card
