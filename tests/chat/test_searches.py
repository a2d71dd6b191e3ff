"""Searches at the desk: pages, what kills a search, files, numbers."""

import csv
import io
import json

import pytest

from bot.cards.actions import Action
from bot.chat.answer import Answer
from bot.chat.answer_slack import button_value, slack_answer
from tests.builders import a_trade
from tests.chat.desks import ANN, AnOffice, labels, whole
from tests.chat.lists import button, numbers

NAMES = [f"T{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(34)]


@pytest.fixture
def office() -> AnOffice:
    return AnOffice(permalink=lambda place, ts: f"https://a.slack.com/archives/{place}/p{ts}")


def further(office: AnOffice, answer: Answer) -> Answer:
    """The page behind an answer, by its button as Slack brings it back."""
    return office.presses(ANN, Action.PAGE, button_value(button(answer, "Next")))


def test_an_alert_is_a_line_that_leads_to_its_message(office: AnOffice) -> None:
    trade = a_trade(ticker="OKLO", value_usd=420_000_000, owner_name="DeWitte Jacob", role="ceo")
    office.line.see(trade)
    (message,) = office.store.outbox.all()
    office.store.outbox.mark_sending(message, at=office.now)
    office.store.outbox.doubt_unfinished(at=office.now)
    office.store.outbox.found_at(message.message_id, "C1", "17.1")

    (row,) = office.asks(ANN, "OKLO").rows

    told = (
        f"#{message.message_id} · 12:00 · OKLO · insider sell $4.2M · DeWitte Jacob (CEO) · sales"
    )
    assert row.text == told
    assert row.link == "https://a.slack.com/archives/C1/p17.1"


def test_without_a_word_the_last_ten_are_told_and_how_many_there_are(office: AnOffice) -> None:
    found = office.sells(*NAMES)

    answer = office.asks(ANN, "")

    assert numbers(answer) == list(reversed(found))[:10]
    assert answer.foot == "10 of 34 · newest first"
    assert labels(answer) == ["Share", "CSV", "Next", "Refine"]


def test_pages_neither_repeat_nor_skip_while_alerts_arrive_and_the_bot_restarts(
    office: AnOffice,
) -> None:
    found = office.sells(*NAMES)
    answer = office.asks(ANN, "since:90d")
    seen = numbers(answer)
    while "Next" in labels(answer):
        office.sells("NEW")
        office.waits(hours=1)
        office.restarts()
        answer = further(office, answer)
        seen += numbers(answer)

    assert seen == list(reversed(found))
    assert answer.replaces
    assert answer.foot == "31–34 of 37 · newest first"


def test_the_last_page_leads_back_to_the_start(office: AnOffice) -> None:
    office.sells(*NAMES[:12])

    last = further(office, office.asks(ANN, ""))
    first = office.presses(ANN, Action.PAGE, button_value(button(last, "Start")))

    assert labels(last) == ["Start", "Share", "CSV", "Refine"]
    assert numbers(first) == numbers(office.asks(ANN, ""))


def test_a_limit_is_kept_over_its_pages(office: AnOffice) -> None:
    office.sells(*NAMES)

    first = office.asks(ANN, "last 12")
    second = further(office, first)

    assert (len(first.rows), len(second.rows)) == (10, 2)
    assert (first.foot, second.foot) == ("10 of 12 · newest first", "11–12 of 12 · newest first")
    assert "Next" not in labels(second)


def test_nothing_found_names_the_term_that_kills_it_and_drops_it(office: AnOffice) -> None:
    office.sells("OKLO", "OKLO", "NVDA")

    answer = office.asks(ANN, "OKLO min:$9m")

    assert answer.headline.endswith("→ 0 alerts")
    assert "Without `min:$9m` there are 2." in answer.lines
    dropped = office.presses(ANN, Action.RUN, button_value(button(answer, "Drop min:$9m")))
    assert dropped.headline == "OKLO → 2 alerts"


def test_a_search_without_its_only_term_finds_everything(office: AnOffice) -> None:
    office.sells("OKLO", "NVDA")

    answer = office.asks(ANN, "TSLA")
    dropped = office.presses(ANN, Action.RUN, button_value(button(answer, "Drop TSLA")))

    assert len(dropped.rows) == 2


def test_a_store_without_alerts_says_so(office: AnOffice) -> None:
    assert "Nothing was told yet." in whole(office.asks(ANN, ""))


def test_what_is_shared_is_seen_by_all_and_has_no_buttons(office: AnOffice) -> None:
    office.sells("OKLO")
    answer = office.asks(ANN, "OKLO")

    shared = office.presses(ANN, Action.SHARE, button_value(button(answer, "Share")))

    assert shared.public
    assert shared.buttons == ()
    assert shared.foot == "1 of 1 · newest first · shared by ann"
    assert [row.text for row in shared.rows] == [row.text for row in answer.rows]


def test_history_of_a_card_is_that_of_its_ticker(office: AnOffice) -> None:
    first, _, last = office.sells("OKLO", "NVDA", "OKLO")

    assert numbers(office.presses(ANN, Action.HISTORY, last)) == [last, first]


def test_a_query_too_long_for_a_button_goes_on_to_its_next_page(office: AnOffice) -> None:
    office.sells(*NAMES)
    names = ",".join([*NAMES, *(f"LONG{name[1:]}" for name in NAMES * 10)])

    answer = office.asks(ANN, f"ticker:{names}")

    slack_answer(answer)
    assert len(numbers(further(office, answer))) == 10


# Files.


def test_a_file_holds_all_that_is_found_and_runs_nothing(office: AnOffice) -> None:
    trades = [
        a_trade(id=str(n), ticker=f"T{n}", value_usd=200_000_000, owner_name="=HYPERLINK(1)")
        for n in range(300)
    ]
    office.line.see(*trades)

    answer = office.asks(ANN, "export csv insider")

    assert answer.file is not None
    rows = list(csv.DictReader(io.StringIO(answer.file.body.decode("utf-8-sig"))))
    assert answer.file.name == "alerts-2025-10-01.csv"
    assert [int(row["id"]) for row in rows] == list(range(300, 0, -1))
    assert {row["who"] for row in rows} == {"'=HYPERLINK(1)"}
    assert {row["value_usd"] for row in rows} == {"2000000.00"}
    assert answer.headline.endswith("→ 300 alerts")


def test_a_file_of_json_has_an_object_a_line(office: AnOffice) -> None:
    office.sells("OKLO", "NVDA")

    answer = office.asks(ANN, "export json")

    assert answer.file is not None
    told = [json.loads(line) for line in answer.file.body.decode().splitlines()]
    assert [(each["ticker"], each["fate"]) for each in told] == [
        ("NVDA", "fired"),
        ("OKLO", "fired"),
    ]


# Numbers.


def test_stats_tell_the_noisiest_rule_what_was_muted_and_votes(office: AnOffice) -> None:
    alert, _ = office.sells("OKLO", "NVDA")
    office.asks(ANN, "mute OKLO 7d confirmed")
    office.sees(a_trade("2025-10-02", value_usd=200_000_000))
    office.presses(ANN, Action.VOTE_UP, alert)

    told = whole(office.asks(ANN, "stats"))

    assert "→ 2 alerts" in told
    assert "Noisiest rule: sales, 100% of all" in told
    assert "Muted: 1" in told
    assert "Votes: sales 1 👍 · 0 👎" in told
    assert "Messages: pending 2; refused for good: 0" in told


def test_what_is_acknowledged_can_be_searched_and_says_by_whom(office: AnOffice) -> None:
    first, second = office.sells("OKLO", "NVDA")
    office.asks(ANN, f"ack {first}")

    assert numbers(office.asks(ANN, "is:acked")) == [first]
    assert "acknowledged by ann" in whole(office.asks(ANN, "is:acked"))
    assert numbers(office.asks(ANN, "is:unacked")) == [second]


def test_what_a_mute_held_back_stays_searchable_with_its_fate(office: AnOffice) -> None:
    office.asks(ANN, "mute OKLO 7d confirmed")
    office.sees(a_trade("2025-10-02", value_usd=200_000_000))

    assert "muted until" in whole(office.asks(ANN, "is:muted"))
    assert office.asks(ANN, "OKLO").rows == ()
