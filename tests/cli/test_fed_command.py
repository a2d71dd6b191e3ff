"""``bot fed diff`` as a person types it: with a store, with none, and from files."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import from_day_number, to_day_number
from bot.facts import Fact, kind
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.fed import SandboxFed
from bot.sandbox.fed_story import story
from bot.store import Arrival, Store
from tests.builders import instant, ms
from tests.central_bank.decisions import decided
from tests.central_bank.world import BEFORE, World
from tests.cli.console import run

JULY = "Growth moderated. The labor market is solid.\n\nThe Committee decided to hold."
DECEMBER = "Growth moderated. The labor market is solid.\n\nThe Committee decided to lower rates."
PAGE = "https://www.federalreserve.gov/newsevents/pressreleases/monetary{}a.htm"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration and no store yet; the commands run in it."""
    (tmp_path / "config.toml").write_text('[store]\npath = "bot.db"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path / "config.toml"


def a_statement(at: str, text: str | None, *, revision: str = "", **values: str) -> Fact:
    """The fact of a statement released at an instant, of a meeting that ended the day before."""
    url = PAGE.format(at[:10].replace("-", ""))
    day = from_day_number(to_day_number(instant(at).date()) - 1)
    given = {"type": "statement", "url": url, "meeting_on": day, "text": text, **values}
    return Fact(
        kind=kind("fed_release"),
        id=f"{url}{revision}",
        subject="fed",
        known_at=instant(at),
        values={name: value for name, value in given.items() if value is not None},
    )


def a_decision(at: str, told: str) -> Fact:
    url = PAGE.format(at[:10].replace("-", ""))
    return Fact(
        kind=kind("fed_decision"),
        id=f"decision:{at}",
        subject="fed",
        known_at=instant(at),
        values={"url": url, "told": told},
    )


def keep(config: Path, *facts: Fact) -> None:
    with closing(Store(config.parent / "bot.db")) as store:
        store.facts.add([Arrival(fact=fact, seen_at=ms("2026-11-01")) for fact in facts])


@pytest.fixture
def filled(config: Path) -> Path:
    keep(
        config,
        a_statement("2026-07-29 14:00 ET", JULY),
        a_statement("2026-09-16 14:00 ET", None),  # its page was not read
        a_statement("2026-12-09 14:00 ET", DECEMBER),
        a_statement("2026-12-10 14:00 ET", "A speech.", type="speech"),
        a_decision("2026-12-09 14:00 ET", "cuts 25 bp to 3.25–3.50 %, 12–0"),
    )
    return config


def test_a_statement_is_shown_against_the_one_before_with_its_decision(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("fed", "diff", "2026-12-09") == 0

    told = capsys.readouterr()
    assert told.out.splitlines()[:3] == [
        "FOMC statement of 2026-12-09 against 2026-07-29",
        "cuts 25 bp to 3.25–3.50 %, 12–0",
        PAGE.format("20261209"),
    ]
    assert "decided to [-hold.-] {+lower rates.+}" in told.out
    assert told.err == ""


def test_the_last_day_of_its_meeting_names_a_statement_too(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("fed", "diff", "2026-12-08", "--against", "2026-07-28") == 0

    assert "2026-12-09 against 2026-07-29" in capsys.readouterr().out


def test_a_page_read_again_counts_as_it_was_read_last(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mended = DECEMBER.replace("lower rates", "lower them")
    keep(filled, a_statement("2026-12-09 14:00 ET", mended, revision="~2"))

    assert run("fed", "diff", "2026-12-09") == 0

    assert "{+lower them.+}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (["2026-09-16"], "no statement of 2026-09-16 is known; the store has 2 statements, "
                         "they are 2026-07-29, 2026-12-09"),
        (["2026-12-09", "--against", "2020-01-01"], "no statement of 2020-01-01 is known"),
        (["2026-07-29"], "no statement before that one is known"),
        ([], "which statement? give a DATE"),
        (["december"], "does not match the format"),
        (["2026-12-09", "--files", "config.toml", "config.toml"], "--files needs no DATE"),
        (["--files", "config.toml", "nowhere.txt"], "does not exist"),
        (["--files", "votes.txt", "votes.txt"], "nothing is told in it beside title and votes"),
        (["2026-12-09", "--html", "nowhere/a.html"], "nowhere/a.html: not written"),
    ],
)  # fmt: skip
def test_what_can_not_be_compared_is_told_with_its_mend(
    filled: Path, capsys: pytest.CaptureFixture[str], given: list[str], what: str
) -> None:
    (filled.parent / "votes.txt").write_text("Voting for the action were A and B.")

    assert run("fed", "diff", *given) == 2

    told = capsys.readouterr()
    assert what in told.err
    assert told.out == ""


def test_without_a_store_the_statements_that_come_with_the_bot_are_compared(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("fed", "diff", "2025-09-17") == 0

    told = capsys.readouterr()
    assert "2025-09-17 against 2025-07-30" in told.out
    assert "cuts 25 bp to 4.00–4.25 %, 11–1 (Miran for −50)" in told.out.splitlines()
    assert "{+mandate and judges that downside risks to employment have risen.+}" in told.out
    assert "these two come with the bot" in told.err
    assert not (config.parent / "bot.db").exists()


def test_without_a_store_another_day_is_told_to_be_unknown(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("fed", "diff", "2026-12-09") == 2

    told = capsys.readouterr().err
    assert "the store has none; the bot comes with 2 statements" in told
    assert "let `bot run` collect more" in told


def test_what_the_bot_collected_is_compared(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = SandboxClock(start=BEFORE, speed=0)
    with SandboxFed(story(), clock) as fed, closing(Store(config.parent / "bot.db")) as store:
        world = World(fed, clock, store)
        decided(world)
        world.desk.close()

    assert run("fed", "diff", "2025-09-17") == 0

    told = capsys.readouterr()
    assert "FOMC statement of 2025-09-17 against 2025-07-30" in told.out
    assert "cuts 25 bp to 4.00–4.25 %, 11–1 (Miran for −50)" in told.out
    assert "{+by 1/4 percentage point to 4 to 4-1/4 percent.+}" in told.out
    assert told.err == ""


def test_two_files_are_compared_and_a_page_is_written(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, page = (config.parent / name for name in ("old.txt", "new.txt", "page.html"))
    old.write_text(f"July 29, 2026\n\n{JULY}\n\nVoting for the action were A and B.\n")
    new.write_text(DECEMBER)

    assert run("fed", "diff", "--files", old, new, "--html", page) == 0

    assert capsys.readouterr().out == f"{page}\n"
    assert "<del>hold.</del> <ins>lower rates.</ins>" in page.read_text(encoding="utf-8")
    assert "Voting" not in page.read_text(encoding="utf-8")


def test_a_page_of_a_list_is_no_statement(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (config.parent / "feed.xml").write_text("<?xml version='1.0'?><rss/>")

    assert run("fed", "diff", "--files", "feed.xml", "feed.xml") == 1

    assert "a feed or a list, not a page" in capsys.readouterr().err


def test_pages_as_received_are_compared_by_the_days_they_show(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (
        '<html><div id="article"><p class="article__time">{}</p><h3 class="title">Federal Reserve '
        "issues FOMC statement</h3><p>Inflation {}. The Committee decided to maintain the target "
        "range for the federal funds rate at 4 to 4-1/4 percent.</p></div></html>"
    )
    (config.parent / "old.htm").write_text(page.format("July 30, 2025", "is high"))
    (config.parent / "new.htm").write_text(page.format("September 17, 2025", "is low"))

    assert run("fed", "diff", "--files", "old.htm", "new.htm") == 0

    told = capsys.readouterr().out
    assert told.splitlines()[:2] == [
        "FOMC statement of 2025-09-17 against 2025-07-30",
        "holds at 4.00–4.25 %",
    ]
    assert "Inflation is [-high.-] {+low.+}" in told


def test_as_json_it_is_the_detail_of_facts_with_both_days(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("fed", "diff", "2026-12-09", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["statement"], told["against"]) == ("2026-12-09", "2026-07-29")
    assert told["verdict"] == "changed"
    assert told["counts"]["changed"] == 1
    assert told["sentences"][-1]["runs"][-1] == ["+", "lower rates."]
