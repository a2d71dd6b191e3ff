"""What an amendment changes is corrected where it was told (scenario D8)."""

from bot.cards import Card
from bot.composing import composed
from bot.store import Delivery, Message
from tests.builders import NOW, Line, a_rule
from tests.insider.ledgers import COCHRAN, DEWITTE, amendment, form, sale

SALES = "where: side == sell and class == open_market\nwhen: value_usd >= $1M"


class Judged(Line):
    """A line that reads filings, judges them and sends what it tells."""

    def read(self, *filings: object) -> list[Message]:
        """Gives the messages that are new."""
        from bot.pipeline import EDGAR, read_documents
        from bot.store import NewDocument

        before = len(self.store.outbox.all())
        for filing in filings:
            name, body = filing.accession, filing.submission()  # type: ignore[attr-defined]
            document = NewDocument(source=EDGAR, key=name, name=name, body=body)
            self.store.documents.add([document], seen_at=NOW)
            assert read_documents(self.store).unreadable == 0
            self.run()
        return self.store.outbox.all()[before:]


def test_d8_a_sale_that_falls_under_the_line_is_corrected_in_its_thread() -> None:
    line = Judged(a_rule(SALES))
    (told,) = line.read(form(1, DEWITTE, sale(100_000, 20)))

    (reply,) = line.read(amendment(2, DEWITTE, sale(10_000, 20)))

    assert reply.parent == told.id
    assert "value $2M → $200K" in reply.text
    assert "shares 100,000 → 10,000" in reply.text
    assert "sales does not hold any more" in reply.text
    assert reply.text.startswith(f"#{told.message_id} amended by Form 4/A")


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


def test_d8_a_sale_that_stays_above_the_line_brings_no_reply() -> None:
    line = Judged(a_rule(SALES))
    line.read(form(1, DEWITTE, sale(100_000, 20)))

    assert line.read(amendment(2, DEWITTE, sale(90_000, 20))) == []


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

    assert "class open_market → tax_withholding" in reply.text
    assert "does not hold any more" in reply.text


def test_the_second_filing_of_one_trade_is_told_in_the_thread_of_the_first() -> None:
    line = Judged(a_rule(SALES))
    (told,) = line.read(form(1, COCHRAN, sale(100_000, 20)))
    by_spouse = sale(100_000, 20, nature="By Spouse")

    (reply,) = line.read(form(2, DEWITTE, by_spouse))

    assert reply.parent == told.id
    assert "filed by DeWitte Jacob too" in reply.text
    assert "counts once" in reply.text


def test_a_correction_of_what_a_digest_told_answers_the_digest() -> None:
    line = Judged(a_rule(SALES))
    (told,) = line.read(form(1, DEWITTE, sale(100_000, 20)))
    box = line.store.outbox
    from bot.store import NewMessage

    box.add_digest(
        NewMessage(message_id=-1, channel="#a", created_at=1, text="d", card=told.card), [told.id]
    )
    digest = box.telling(-1)[0]

    (reply,) = line.read(amendment(2, DEWITTE, sale(10_000, 20)))

    assert box.of(told.id).state is Delivery.DIGEST  # type: ignore[union-attr]
    assert reply.parent == digest.id
