"""What an amendment changes is corrected where it was told (scenario D8)."""

from bot.cards import Card
from bot.composing import composed
from bot.store import Delivery, NewMessage
from tests.builders import a_rule
from tests.corrected import SALES, Judged
from tests.insider.ledgers import COCHRAN, DEWITTE, amendment, form, sale


def test_d8_a_sale_that_falls_under_the_line_is_corrected_in_its_thread() -> None:
    line = Judged(a_rule(SALES))
    (told,) = line.read(form(1, DEWITTE, sale(100_000, 20)))

    (reply,) = line.read(amendment(2, DEWITTE, sale(10_000, 20)))

    assert reply.parent == told.id
    assert "value $2M → $200K" in reply.text
    assert "shares 100,000 → 10,000" in reply.text
    assert "value no longer at least $1M, so sales would not have fired" in reply.text
    assert reply.text.startswith("Amended: value $2M → $200K")
    assert f"(OKLO #{told.message_id})" in reply.text


def test_d8_the_card_of_what_was_corrected_says_so() -> None:
    line = Judged(a_rule(SALES))
    (told,) = line.read(form(1, DEWITTE, sale(100_000, 20)))
    line.read(amendment(2, DEWITTE, sale(10_000, 20)))

    card = composed(line.store, told)
    now = line.store.outbox.of(told.id)

    assert "corrected" in card.marks
    assert card.lines[0].label == "Since then"
    assert now is not None
    assert now.wanted > now.revision


def test_d8_a_sale_that_stays_above_the_line_is_told_shortly() -> None:
    line = Judged(a_rule(SALES))
    (told,) = line.read(form(1, DEWITTE, sale(100_000, 20)))

    (reply,) = line.read(amendment(2, DEWITTE, sale(90_000, 20)))

    assert reply.parent == told.id
    assert reply.text == (
        "Amended: value $2M → $1.8M, shares 100,000 → 90,000; value still at least $1M (OKLO #1)"
    )


def test_d8_both_versions_stay_in_history() -> None:
    line = Judged(a_rule(SALES))
    line.read(form(1, DEWITTE, sale(100_000, 20)), amendment(2, DEWITTE, sale(10_000, 20)))

    assert [each["fate"] for each in line.store.decisions.all()] == ["fired", "no"]


def test_a_sale_that_crosses_the_line_upwards_is_told_once_and_marked() -> None:
    line = Judged(a_rule(SALES))
    assert line.read(form(1, DEWITTE, sale(10_000, 20))) == []

    (told,) = line.read(amendment(2, DEWITTE, sale(100_000, 20)))

    assert told.parent is None
    assert "amended" in Card.from_json(told.card).marks


def test_a_sale_that_turns_out_to_be_none_is_corrected_though_the_rule_sees_it_no_more() -> None:
    line = Judged(a_rule(SALES))
    line.read(form(1, DEWITTE, sale(100_000, 20)))

    (reply,) = line.read(amendment(2, DEWITTE, sale(100_000, 20, code="F")))

    assert reply.text == (
        "Amended: class open market → shares withheld for tax or price, code S → F; "
        "sales would not have fired (OKLO #1)"
    )


def test_the_second_filing_of_one_trade_is_told_in_the_thread_of_the_first() -> None:
    line = Judged(a_rule(SALES))
    (told,) = line.read(form(1, COCHRAN, sale(100_000, 20)))
    by_spouse = sale(100_000, 20, nature="By Spouse")

    (reply,) = line.read(form(2, DEWITTE, by_spouse))

    assert reply.parent == told.id
    assert "Filed by DeWitte Jacob too" in reply.text
    assert "counts once" in reply.text


def test_a_correction_of_what_a_digest_told_answers_the_digest() -> None:
    line = Judged(a_rule(SALES))
    (told,) = line.read(form(1, DEWITTE, sale(100_000, 20)))
    box = line.store.outbox

    box.add_digest(
        NewMessage(message_id=-1, channel="#a", created_at=1, text="d", card=told.card), [told.id]
    )
    digest = box.telling(-1)[0]

    (reply,) = line.read(amendment(2, DEWITTE, sale(10_000, 20)))

    assert box.of(told.id).state is Delivery.DIGEST  # type: ignore[union-attr]
    assert reply.parent == digest.id


def test_a_filing_that_is_amended_in_part_is_compared_as_a_whole() -> None:
    line = Judged(a_rule(SALES))
    line.read(form(1, DEWITTE, sale(50_000, 20), sale(30_000, 21)))

    (reply,) = line.read(amendment(2, DEWITTE, sale(30_000, 11)))

    assert reply.text.startswith("Amended: value $1.63M → $1.33M, price ")
    assert "shares" not in reply.text
    assert "stake" not in reply.text
    assert "value still at least $1M" in reply.text


def test_an_amendment_that_changes_nothing_shown_tells_nothing() -> None:
    line = Judged(a_rule(SALES))
    line.read(form(1, DEWITTE, sale(100_000, 20)))

    assert line.read(amendment(2, DEWITTE, sale(100_000, 20, note="A typing error."))) == []


def test_a_filing_with_several_alerts_in_one_message_is_corrected_in_one_reply() -> None:
    line = Judged(a_rule(SALES))
    other = "Class B Common Stock"
    line.read(form(1, DEWITTE, sale(100_000, 20), sale(90_000, 20, security=other)))

    (reply,) = line.read(amendment(2, DEWITTE, sale(10_000, 20), sale(95_000, 20, security=other)))

    assert "value $2M → $200K" in reply.text
    assert "value $1.8M → $1.9M" in reply.text
