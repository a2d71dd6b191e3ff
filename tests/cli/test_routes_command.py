"""``bot routes``: which routes an alert takes, and errors that teach."""

import json
from pathlib import Path

import pytest

from bot.config import load_config
from bot.doctor import examine
from bot.finding import Health
from tests.cli.console import run

ROUTES = """
[rules]
path = "rules"

[[routes]]
severity = "high+"
to = "#urgent"
continue = true

[[routes]]
kind = "fed_decision"
to = "#macro"
quiet = "night"
stories = "90min"

[[routes]]
rule = "large-sale"
ticker = "OKLO"
digest = "10min"
digest_by = "ticker"
to = ["#own", "#sales"]

[[quiet]]
name = "night"
from = "22:00"
to = "07:00"
"""
RULES = """
rules:
- id: large-sale
  on: insider_trade
  when: value_usd > $1M
  severity: info
  tags: [sale]
  message: x
- id: own-channel
  on: insider_trade
  when: value_usd > $1M
  to: "#mine"
  message: x
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.toml").write_text(ROUTES)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rules.yaml").write_text(RULES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *given: str) -> list[str]:
    """What is said of the alert, without what was understood of it."""
    assert run("routes", "test", *given) == 0
    return capsys.readouterr().out.splitlines()[1:]


@pytest.mark.usefixtures("folder")
def test_the_routes_of_an_alert_are_told_in_their_order_with_the_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = ("severity=high", "kind=fed_decision", "at=2026-01-05 23:00")

    assert told(capsys, *given) == [
        "#urgent at once, by route 1 (severity high or critical)",
        "#macro at Tue 2026-01-06 07:00 ET: While quiet (night), by route 2 (kind fed_decision)",
    ]
    assert told(capsys, "severity=critical", *given[1:])[1].startswith("#macro at once")


@pytest.mark.usefixtures("folder")
def test_a_rule_tells_the_rest_of_its_alert(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("routes", "test", "rule=large-sale", "ticker=oklo", "at=2026-01-05 12:00") == 0

    assert capsys.readouterr().out.splitlines() == [
        "An alert: severity info, kind insider_trade, rule large-sale, ticker OKLO, tags sale;"
        " Mon 2026-01-05 12:00 ET",
        "#own by Mon 2026-01-05 12:10 ET at the latest: OKLO, digest of 10min,"
        " by route 3 (rule large-sale, ticker OKLO)",
        "#sales by Mon 2026-01-05 12:10 ET at the latest: OKLO, digest of 10min,"
        " by route 3 (rule large-sale, ticker OKLO)",
    ]
    assert told(capsys, "rule=own-channel") == ["#mine at once, by no route"]
    assert told(capsys, "rule=large-sale") == ["#alerts at once, by no route"]


@pytest.mark.usefixtures("folder")
def test_as_json_an_alert_and_its_destinations_are_one_object(
    capsys: pytest.CaptureFixture[str],
) -> None:
    at = "2026-01-05T23:00:00Z"
    assert run("routes", "test", "kind=fed_decision", f"at={at}", "tags=a,b", "--json") == 0

    held = json.loads(capsys.readouterr().out)
    assert (held["severity"], held["tags"], held["routes"]) == ("notice", ["a", "b"], [2])
    (destination,) = held["destinations"]
    assert destination == {
        "route": 2, "channel": "#macro", "at": "2026-01-05T23:00:00.000Z", "at_once": True,
        "why": None, "stories_s": 5400.0,
    }  # fmt: skip


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("given", "taught"),
    [
        (["severty=high"], "did you mean 'severity'?"),
        (["severity=hihg"], "'hihg' is no severity; did you mean 'high'?"),
        (["severity=high+"], "an alert has one, not 'high+'"),
        (["kind=fed_decison"], "did you mean 'fed_decision'?"),
        (["rule=larg-sale"], "there is no rule 'larg-sale'; did you mean 'large-sale'?"),
        (["rule=nothing"], "`bot rules list` names them all"),
        (["ticker=O K"], "'O K' is no ticker"),
        (["high"], "'high' is no KEY=VALUE"),
        (["colour=red"], "known are severity, kind, rule, ticker, tags, at"),
        (["kind=quote", "kind=form144"], "kind is given twice"),
        (["at=yesterday"], "at: "),
        (["at=2026-03-08 02:30"], "clocks are put forward in that hour"),
        ([], "Missing argument"),
    ],
)
def test_what_can_not_be_understood_is_taught(
    given: list[str], taught: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("routes", "test", *given) == 2

    assert taught in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_all_routes_are_listed_as_they_are_understood(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("routes") == 0

    assert capsys.readouterr().out.splitlines() == [
        "1. severity high or critical: #urgent; stories within 24h; then the next route too",
        "2. kind fed_decision: #macro; quiet night: 22:00 to 07:00 America/New_York, critical at"
        " once; stories within 90min",
        "3. rule large-sale, ticker OKLO: #own, #sales; digest of 10min by ticker;"
        " stories within 24h",
        "– all other alerts: #alerts; stories within 24h",
    ]


@pytest.mark.parametrize(
    ("override", "told", "held"),
    [("high", "high and above at once", "high"), ("none", "critical alerts wait too", None)],
)
def test_what_a_quiet_time_lets_through_is_listed(
    folder: Path, capsys: pytest.CaptureFixture[str], override: str, told: str, held: str | None
) -> None:
    with (folder / "config.toml").open("a") as config:
        config.write(f'override = "{override}"\n')

    run("routes")
    assert f"America/New_York, {told};" in capsys.readouterr().out
    run("routes", "--json")
    ways = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [way["override"] for way in ways] == [{}, {"night": held}, {}, {}]


@pytest.mark.usefixtures("folder")
def test_a_kind_of_the_chat_that_is_two_is_told_for_both(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("routes", "test", "kind=fed", "at=2026-01-05 12:00") == 0

    assert capsys.readouterr().out.splitlines() == [
        "An alert: severity notice, kind fed_release; Mon 2026-01-05 12:00 ET",
        "#alerts at once, by no route",
        "An alert: severity notice, kind fed_decision; Mon 2026-01-05 12:00 ET",
        "#macro at once, by route 2 (kind fed_decision)",
    ]
    assert told(capsys, "kind=fed-decision")[0].startswith("#macro")
    assert run("routes", "test", "kind=price", "--json") == 0
    kinds = [json.loads(line)["kind"] for line in capsys.readouterr().out.splitlines()]
    assert kinds == ["price_bar", "quote", "market_breadth"]


def test_a_route_of_a_rule_that_there_is_not_is_told_and_found(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "config.toml").write_text(ROUTES.replace("large-sale", "larg-sale"))

    assert run("routes", "--json") == 1

    out, err = capsys.readouterr()
    assert err == (
        "route 3 names the rule 'larg-sale', which there is not; did you mean 'large-sale'?\n"
    )
    assert [json.loads(line)["route"] for line in out.splitlines()] == [1, 2, 3, None]


def test_a_route_of_a_tag_that_no_rule_has_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "config.toml").open("a") as config:
        config.write('\n[[routes]]\ntags = "prices"\nto = "#prices"\n')

    assert run("routes") == 1

    assert "route 4 names the tag 'prices', which no rule has" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rule", "health", "told"),
    [
        ("large-sale", Health.GOOD, "routes: 3, quiet times: 1"),
        ("larg-sale", Health.WARNING,
         "routes: 3, quiet times: 1; route 3 names the rule larg-sale, which there is not"),
    ],
)  # fmt: skip
def test_the_doctor_looks_for_the_rules_that_routes_name(
    folder: Path, rule: str, health: Health, told: str
) -> None:
    (folder / "config.toml").write_text(ROUTES.replace("large-sale", rule))
    findings = examine(load_config(None, {}))

    found = next(each for each in findings if each.what == "routes")

    assert (found.health, found.told) == (health, told)
