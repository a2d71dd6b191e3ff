"""Cards of what did not come."""

from bot.cards import Card
from tests.builders import Line, a_rule, a_trade, instant


def shown(line: Line) -> tuple[Card, dict[str, str]]:
    """The newest card that was queued, and its lines by their labels."""
    card = Card.from_json(line.store.outbox.all()[-1].card)
    return card, {each.label: each.text for each in card.lines}


def test_a_watched_key_that_never_had_a_fact_is_told_as_nothing_that_came() -> None:
    line = Line(a_rule(absent="30d"), watched=("KLG",))
    line.judge.tick(instant("2025-09-01"))
    line.judge.tick(instant("2026-01-20"))

    card, lines = shown(line)

    assert lines["Silence"].startswith("no insider trade of KLG has ever come; counted from ")
    assert lines["Why"] == "no fact for 30d"
    assert set(lines) == {"Silence", "Why"}
    assert (card.source, card.url, card.marks) == (None, None, ())


def test_the_fact_before_a_silence_is_labelled_as_the_last_and_not_as_the_news() -> None:
    line = Line(a_rule(absent="30d"))
    line.add_at(
        a_trade("2025-09-01", owner_name="Ann", form="4/A", issuer_cik="0001849056",
                accession_number="0000000001-25-000001")
    )  # fmt: skip
    line.judge.tick(instant("2025-10-20"))

    card, lines = shown(line)

    assert lines["Silence"] == "no insider trade of OKLO since 2025-09-01 12:00 ET"
    assert lines["Last before"].startswith("known 2025-09-01 12:00 ET · Ann (insider)")
    assert lines["Last before"].endswith("Form 4/A 0000000001-25-000001")
    assert set(lines) == {"Silence", "Last before", "Why"}
    assert (card.source, card.marks) == (None, ())


def test_a_match_that_held_long_enough_shows_when_its_fact_was_accepted() -> None:
    line = Line(a_rule("fire: rise\nfor: 5d"))
    line.add_at(a_trade("2025-09-01"))
    line.judge.tick(instant("2025-10-20"))

    card, _ = shown(line)

    assert [moment.text for moment in card.moments] == ["accepted 2025-09-01 12:00 ET"]
