"""bot facts and bot history: what is printed, as text and as JSON."""

from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from bot.clock import from_text
from bot.facts import COMPANY_FILING, Fact
from bot.store import Arrival, Store
from tests.cli.console import Printed, objects, run

# bot facts.


def test_facts_are_printed_newest_first_and_by_ticker(replayed: Path, capsys: Printed) -> None:
    assert run("facts", "insider_trade", "--ticker", "oklo", "--json", "--config", replayed) == 0

    rows = objects(capsys)
    assert {row["ticker"] for row in rows} == {"OKLO"}
    known = [row["known_at"] for row in rows]
    assert known == sorted(known, reverse=True)
    assert all(row["value_usd"] is None or float(row["value_usd"]) >= 0 for row in rows)


def test_one_fact_is_printed_with_all_that_is_known_of_it(replayed: Path, capsys: Printed) -> None:
    run("facts", "insider_trade", "--limit", "1", "--json", "--config", replayed)
    (newest,) = objects(capsys)

    assert run("--config", replayed, "facts", "insider_trade", "--id", newest["id"], "--json") == 0
    assert objects(capsys) == [newest]
    assert run("--config", replayed, "facts", "insider_trade", "--id", newest["id"]) == 0
    assert newest["accession_number"] in capsys.readouterr().out


def test_the_sources_of_a_trade_name_filing_element_and_text(
    replayed: Path, capsys: Printed
) -> None:
    run("facts", "insider_trade", "--limit", "1", "--json", "--config", replayed)
    (newest,) = objects(capsys)
    asked = ("--config", replayed, "facts", "insider_trade", "--id", newest["id"], "--source")

    assert run(*asked, "--json") == 0
    (told,) = objects(capsys)
    assert told["url"].startswith("https://www.sec.gov/Archives/edgar/data/")
    assert told["url"].endswith(f"/{newest['accession_number']}.txt")
    (shares,) = (each for each in told["fields"] if each["field"] == "shares")
    assert shares["value"] == newest["shares"]
    place = shares["places"][0]
    assert place["accession_number"] == newest["accession_number"]
    assert place["path"].endswith("]/transactionAmounts/transactionShares/value")

    assert run(*asked) == 0
    assert f"    {place['path']}  “{place['text']}”\n" in capsys.readouterr().out


def test_sources_are_those_of_one_trade(replayed: Path, capsys: Printed) -> None:
    asked = ("--config", replayed, "facts")
    assert run(*asked, "insider_trade", "--source") == 2
    assert "--source needs insider_trade and --id X" in capsys.readouterr().err
    assert run(*asked, "source_poll", "--id", "x", "--source") == 2
    assert run(*asked, "insider_trade", "--id", "form4:none", "--source") == 1


def test_a_fact_that_is_not_there_is_status_1_and_a_kind_that_is_not_is_2(
    replayed: Path, capsys: Printed
) -> None:
    assert run("--config", replayed, "facts", "insider_trade", "--id", "form4:none") == 1
    assert run("--config", replayed, "facts", "no_such_kind") == 2
    assert run("--config", replayed, "facts", "insider_trade", "--ticker", "NOBODY") == 0


# bot history.


def test_history_is_printed_as_the_design_says(replayed: Path, capsys: Printed) -> None:
    assert run("history", "last 1000", "--json", "--config", replayed) == 0

    alerts = objects(capsys)
    assert alerts
    for alert in alerts:
        assert list(alert) == [
            "id", "rule", "severity", "ticker", "kind", "fired_at", "known_at", "fate",
            "message", "values", "url", "status", "slack",
        ]  # fmt: skip
        assert list(alert["slack"]) == ["channel", "ts"]
        assert isinstance(alert["id"], int)
        assert alert["values"]["value_usd"] >= 1
        assert (alert["rule"], alert["kind"]) == ("any-purchase", "insider_trade")
        assert (alert["fate"], alert["status"]) == ("fired", "sent")
        assert alert["slack"] == {"channel": "#alerts", "ts": None}
        assert alert["url"].startswith("https://www.sec.gov/Archives/edgar/data/")
        assert from_text(alert["fired_at"]) >= from_text(alert["known_at"])
        assert alert["ticker"] in alert["message"]
    fired = [alert["fired_at"] for alert in alerts]
    assert fired == sorted(fired, reverse=True)


def test_history_takes_the_words_of_the_chat(replayed: Path, capsys: Printed) -> None:
    run("history", "last", "1", "--json", "--config", replayed)
    (newest,) = objects(capsys)

    assert (
        run("history", newest["ticker"], "rule:any-purchase", "--json", "--config", replayed) == 0
    )
    assert newest in objects(capsys)
    assert run("history", newest["ticker"], "last", "1", "--config", replayed) == 0
    assert f"{newest['ticker']} · last 1 → 1 alert\n" in capsys.readouterr().out
    assert run("history", "rule:no-such-rule", "--config", replayed) == 0


def test_history_says_that_a_name_is_gone_by_now(
    replayed: Path, tmp_path: Path, capsys: Printed
) -> None:
    run("history", "last", "1", "--json", "--config", replayed)
    (newest,) = objects(capsys)
    cik = f"{int(newest['url'].split('/')[6]):010d}"
    gone = date(2025, 12, 30)
    at = datetime(2025, 12, 30, 21, tzinfo=UTC)
    fact = Fact(
        kind=COMPANY_FILING, id="filing:x", subject=cik, known_at=at,
        values={"form": "15-12G", "filed_on": gone},
    )  # fmt: skip
    with closing(Store(tmp_path / "bot.db")) as store:
        store.facts.add([Arrival(fact=fact, seen_at=int(at.timestamp() * 1000))])

    run("history", newest["ticker"], "last", "1", "--config", replayed)

    assert "(delisted since 2025-12-30)" in " ".join(capsys.readouterr().out.split())


def test_a_question_that_is_not_understood_is_status_2(replayed: Path, capsys: Printed) -> None:
    assert run("history", "since:soon", "--config", replayed) == 2
    assert "Try `since:90d`" in capsys.readouterr().err
