"""An alert whose measures counted an amended trade is corrected in its thread."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.cards import Card
from bot.clock import to_ms
from bot.judge import Judge
from bot.routes import Routes
from bot.sandbox.filings import Row
from bot.store import Mute
from tests.builders import NOW, Line, a_rule, a_trade, instant
from tests.corrected import Judged
from tests.insider.ledgers import COCHRAN, DEWITTE, KLEIN, amendment, form, sale

HEAVY = """
where: side == sell and class == open_market
let: {sold: {sum: value_usd, over: 90d}}
when: sold >= $3M
fire: rise
"""
SELLERS = """
where: side == sell and class == open_market
let: {sellers: {distinct: person_key, over: 90d}}
when: sellers >= 2
fire: rise
"""
TWO_MILLION, ONE_AND_A_HALF = sale(100_000, 20), sale(50_000, 30)


def heavy(line: Judged) -> int:
    """Klein sells for two millions, then Cochran for one and a half: one alert, about hers."""
    (told,) = line.read(form(1, KLEIN, TWO_MILLION), form(2, COCHRAN, ONE_AND_A_HALF))
    return told.id


def test_a_sum_that_counted_the_amended_trade_is_corrected_in_its_thread() -> None:
    line = Judged(a_rule(HEAVY))
    told = heavy(line)

    (reply,) = line.read(amendment(3, KLEIN, sale(10_000, 20)))

    assert reply.parent == reply.corrects == told
    assert reply.text == (
        "A filing it counted was amended: sold $3.5M → $1.7M; "
        "no longer at least $3M, so sales would not have fired (OKLO #2)"
    )


def test_the_correction_names_the_trade_and_links_both_filings() -> None:
    line = Judged(a_rule(HEAVY))
    heavy(line)

    (reply,) = line.read(amendment(3, KLEIN, sale(10_000, 20)))
    card = Card.from_json(reply.card)

    assert card.lines[0].label == "Amended"
    assert card.lines[0].text == (
        "Klein Michael Stuart, 2025-06-11: value $2M → $200K, shares 100,000 → 10,000, "
        "stake −9.1% → −1%"
    )
    assert card.lines[1].text == "sum of value over 90d: $3.5M → $1.7M"
    assert card.source == "Form 4/A 0009999999-25-000003"
    assert card.amends is not None
    assert card.amends[0] == "Form 4 0009999999-25-000001"
    assert card.amends[1] == (
        "https://www.sec.gov/Archives/edgar/data/1849056/000999999925000001/"
        "0009999999-25-000001-index.htm"
    )


def test_a_sum_that_stays_above_its_line_is_told_shortly() -> None:
    line = Judged(a_rule(HEAVY))
    heavy(line)

    (reply,) = line.read(amendment(3, KLEIN, sale(100_000, 19)))

    assert reply.text == (
        "A filing it counted was amended: sold $3.5M → $3.4M; still at least $3M (OKLO #2)"
    )


def test_a_second_amendment_is_told_from_what_the_first_said() -> None:
    line = Judged(a_rule(HEAVY))
    heavy(line)
    line.read(amendment(3, KLEIN, sale(100_000, 2)))

    again, reply = line.read(amendment(4, KLEIN, sale(100_000, 21)))

    assert again.corrects is None, "the amended trade makes the sum rise anew"

    assert reply.text == (
        "A filing it counted was amended: sold $1.7M → $3.6M; now at least $3M (OKLO #2)"
    )


def test_an_amendment_that_changes_no_figure_tells_nothing() -> None:
    line = Judged(a_rule(HEAVY))
    heavy(line)

    assert line.read(amendment(3, KLEIN, TWO_MILLION)) == []


def test_a_figure_that_the_alert_does_not_show_tells_nothing() -> None:
    line = Judged(a_rule(SELLERS))
    heavy(line)

    assert line.read(amendment(3, KLEIN, sale(10_000, 20))) == []


def test_a_seller_who_turns_out_to_be_none_is_no_longer_counted() -> None:
    line = Judged(a_rule(SELLERS))
    heavy(line)

    (reply,) = line.read(amendment(3, KLEIN, sale(100_000, 20, code="F")))

    assert "sellers 2 → 1; no longer at least 2, so sales would not have fired" in reply.text


def test_a_filing_that_is_withdrawn_is_counted_no_longer() -> None:
    rules = a_rule("when: value_usd >= $2M", id="large"), a_rule(HEAVY)
    line = Judged(*rules)
    line.read(form(1, KLEIN, TWO_MILLION), form(2, COCHRAN, ONE_AND_A_HALF))
    holding = Row(code="", shares="0", price=None, day="2025-06-11", after="5000")

    own, counted = line.read(
        amendment(3, KLEIN, holding, remarks="This amendment withdraws the Form 4.")
    )

    assert own.text == "Amended: the filing was withdrawn, so large would not have fired (OKLO #1)"
    assert "sold $3.5M → $1.5M; no longer at least $3M" in counted.text
    assert Card.from_json(counted.card).lines[0].text.endswith("2025-06-11: withdrawn")


def test_of_an_amended_trade_with_several_rows_only_what_was_restated_changes() -> None:
    line = Judged(a_rule(HEAVY))
    line.read(form(1, KLEIN, sale(50_000, 20), sale(30_000, 21)), form(2, COCHRAN, TWO_MILLION))

    (reply,) = line.read(amendment(3, KLEIN, sale(30_000, 11)))

    assert "sold $3.63M → $3.33M; still at least $3M" in reply.text


def test_rows_that_the_amendment_tells_as_two_trades_are_counted_both() -> None:
    line = Judged(a_rule(HEAVY))
    line.read(form(1, KLEIN, sale(50_000, 20), sale(30_000, 21)), form(2, COCHRAN, TWO_MILLION))
    unplanned = sale(50_000, 20, note="Not made under a Rule 10b5-1 plan.")
    planned = sale(30_000, 21, note="Sold under a Rule 10b5-1 plan adopted on 2025-01-02.")

    told = line.read(amendment(3, KLEIN, unplanned, planned, plan=True))
    whole = [each for each in line.store.facts.select(line.rules[0].on[0]) if not each["gone_seq"]]

    assert len(whole) == 3, "the amended filing tells two trades"
    assert told == []


def test_one_filing_that_amends_several_counted_trades_corrects_an_alert_once() -> None:
    line = Judged(a_rule(HEAVY))
    purchase = sale(10, 20, code="P")
    line.read(
        form(1, KLEIN, TWO_MILLION, sale(1_000, 20, security="Class B Common Stock"), purchase),
        form(2, COCHRAN, ONE_AND_A_HALF),
    )

    told = line.read(
        amendment(
            3, KLEIN, sale(90_000, 20), sale(2_000, 20, security="Class B Common Stock"), purchase
        )
    )

    assert [each.text.split(";")[0] for each in told] == [
        "A filing it counted was amended: sold $3.52M → $3.34M"
    ]


def test_each_alert_that_counted_the_trade_is_corrected_in_its_own_thread() -> None:
    line = Judged(a_rule(HEAVY.replace("rise", "every")))
    told = line.read(
        form(1, KLEIN, TWO_MILLION),
        form(2, COCHRAN, ONE_AND_A_HALF),
        form(3, DEWITTE, sale(100_000, 10)),
    )

    replies = line.read(amendment(4, KLEIN, sale(10_000, 20)))

    assert [each.parent for each in replies] == [each.id for each in told]
    assert ["$3.5M → $1.7M" in replies[0].text, "$4.5M → $2.7M" in replies[1].text] == [True] * 2


def test_of_a_rule_that_fires_at_every_trade_the_newest_alerts_are_corrected() -> None:
    line = Judged(a_rule(HEAVY.replace("rise", "every")))
    told = line.read(
        form(1, KLEIN, sale(200_000, 20)),
        *(form(number, COCHRAN, sale(number, 20)) for number in range(2, 15)),
    )

    replies = line.read(amendment(20, KLEIN, sale(160_000, 20)))

    about, *counted = [each.parent for each in replies]
    assert about == told[0].id
    assert counted == [each.id for each in told[-10:]]


def test_an_alert_that_saw_the_amendment_already_is_not_corrected() -> None:
    line = Judged(a_rule(HEAVY))

    told = line.read(
        form(1, KLEIN, TWO_MILLION),
        amendment(2, KLEIN, sale(90_000, 20)),
        form(3, COCHRAN, ONE_AND_A_HALF),
    )

    assert [each.corrects for each in told] == [None]


def test_an_alert_whose_window_does_not_reach_the_trade_is_not_corrected() -> None:
    line = Judged(a_rule(HEAVY.replace("90d", "10d")))
    later = timedelta(days=30)
    line.read(form(1, KLEIN, TWO_MILLION), form(2, COCHRAN, sale(200_000, 20), at=NOW + later))

    assert line.read(amendment(3, KLEIN, sale(10_000, 20), at=NOW + 2 * later)) == []


def test_a_rule_on_another_key_that_counts_the_person_is_corrected() -> None:
    line = Judged(a_rule(HEAVY, by="person_key"))
    (told,) = line.read(form(1, KLEIN, TWO_MILLION), form(2, KLEIN, ONE_AND_A_HALF))

    (reply,) = line.read(amendment(3, KLEIN, sale(40_000, 30)))

    assert reply.corrects == told.id
    assert "sold $3.5M → $3.2M" in reply.text


# What was not told as an alert of its own.


def mute(line: Judged) -> None:
    since, until = (to_ms(NOW + timedelta(days=days)) for days in (-1, 1))
    line.store.circumstances.mute(Mute(since=since, until=until, ticker="OKLO"))


def test_a_muted_match_is_never_corrected() -> None:
    line = Judged(a_rule(HEAVY))
    mute(line)

    assert line.read(
        form(1, KLEIN, TWO_MILLION),
        form(2, COCHRAN, ONE_AND_A_HALF),
        amendment(3, KLEIN, sale(10_000, 20)),
    ) == []  # fmt: skip


def test_an_alert_that_was_told_is_corrected_while_its_ticker_is_muted() -> None:
    line = Judged(a_rule(HEAVY))
    told = heavy(line)
    mute(line)

    (reply,) = line.read(amendment(3, KLEIN, sale(10_000, 20)))

    assert reply.parent == told


def test_a_match_held_back_by_a_cooldown_is_never_corrected() -> None:
    rule = a_rule("where: side == sell\nwhen: value_usd >= $1M\nfire: every\ncooldown: 5d")
    line = Judged(rule)
    line.read(form(1, KLEIN, TWO_MILLION), form(2, COCHRAN, ONE_AND_A_HALF))

    assert line.read(amendment(3, COCHRAN, sale(10, 30))) == []


def test_a_match_over_the_daily_cap_is_told_in_its_digest_as_it_is_known_then() -> None:
    line = Judged(a_rule("where: side == sell\nwhen: value_usd >= $1M\nmax_per_day: 1"))
    _, capped = line.read(form(1, KLEIN, TWO_MILLION), form(2, COCHRAN, ONE_AND_A_HALF))

    assert line.read(amendment(3, COCHRAN, sale(50_000, 10))) == []

    waits = line.store.outbox.of(capped.id)
    assert waits is not None
    assert waits.text.startswith("OKLO; Amended: value $1.5M → $500K")
    assert waits.text.endswith("(corrected)")


def test_what_waits_for_its_digest_is_told_there_with_the_correction() -> None:
    line = Judged(a_rule(HEAVY))
    line.judge = Judge(
        line.store,
        line.rules,
        clock=lambda: NOW,
        route=Routes(channel="#a"),
        stale_after=timedelta(days=1),
    )
    told = heavy(line)

    assert line.read(amendment(3, KLEIN, sale(10_000, 20))) == []

    waits = line.store.outbox.of(told)
    assert waits is not None
    assert waits.text.startswith("OKLO; A filing it counted was amended: sold $3.5M → $1.7M")
    assert Card.from_json(waits.card).text == waits.text


def test_the_past_that_is_read_back_corrects_nothing() -> None:
    line = Judged(a_rule(HEAVY))
    heavy(line)

    assert line.read(amendment(3, KLEIN, sale(10_000, 20)), quiet=True) == []


# Once, however the bot ends.


class Killed(BaseException):
    """Like an end of the process: no guard against rules that fail catches it."""


@pytest.mark.parametrize("call", range(1, 6))
def test_a_bot_that_is_killed_while_it_corrects_has_corrected_once(
    tmp_path: Path, call: int
) -> None:
    path, rules = tmp_path / "bot.sqlite", (a_rule(HEAVY), a_rule(SELLERS, id="sellers"))
    line = Judged(*rules, path=path)
    line.read(form(1, KLEIN, TWO_MILLION), form(2, COCHRAN, ONE_AND_A_HALF))
    line.keep(amendment(3, KLEIN, sale(10_000, 20, code="F")))
    calls = iter(range(1, 100))

    def clock() -> object:
        if next(calls) == call:
            raise Killed
        return NOW

    line.judge = Judge(line.store, rules, clock=clock, route=Routes(channel="#a"))  # type: ignore[arg-type]
    try:
        line.run()
    except Killed:
        line.store.close()
        line = Judged(*rules, path=path)
        line.run()

    corrected = [each.corrects for each in line.store.outbox.all() if each.corrects]
    assert corrected == [1, 2]
    line.store.close()


@pytest.mark.parametrize("limit", [1, 2, 3, 1_000])
def test_how_facts_are_batched_changes_no_correction(limit: int) -> None:
    filings = (
        form(1, KLEIN, TWO_MILLION),
        form(2, COCHRAN, ONE_AND_A_HALF),
        amendment(3, KLEIN, sale(10_000, 20)),
        form(4, DEWITTE, sale(200_000, 20)),
        amendment(5, COCHRAN, sale(50_000, 31)),
    )
    one_by_one, at_once = (Judged(a_rule(HEAVY.replace("rise", "every"))) for _ in range(2))

    one_by_one.read(*filings)
    at_once.keep(*filings)
    at_once.run(limit)

    assert at_once.told() == one_by_one.told()
    assert len(at_once.store.outbox.all()) > 3


def test_an_alert_that_fell_due_is_reckoned_with_all_that_had_arrived_by_then() -> None:
    line = Line(a_rule(HEAVY + "for: 2d"))
    for day, millions in (("2025-09-02", 2), ("2025-09-03", 2), ("2025-09-04", 1)):
        line.add_at(a_trade(day, id=day, value_usd=millions * 100_000_000))
    line.judge.tick(instant("2025-09-08"))
    amended = a_trade("2025-09-09", id="amended", value_usd=20_000_000)

    with line.store.writing():
        line.add_at(amended)
        line.store.facts.supersede(["2025-09-02"], by=amended.id)
    line.judge.tick(instant("2025-09-10"))

    told, reply = line.store.outbox.all()
    assert reply.corrects == told.id
    assert "sold $5M → $3.2M; still at least $3M" in reply.text
