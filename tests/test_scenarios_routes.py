"""Scenarios of routes and quiet times, by their ids."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import route_of
from bot.config import InvalidConfig, load_config
from bot.routes import QuietTime, Routes, Traits
from bot.routes.quiet import ever_ends, quiet_at, quiet_until
from bot.routes.week import read_clock, read_days
from bot.rules.model import Severity
from tests.builders import instant

NEW_YORK, SYDNEY = ZoneInfo("America/New_York"), ZoneInfo("Australia/Sydney")
NOON = instant("2025-09-02 12:00 ET")


def routes(folder: Path, text: str) -> Routes:
    """The routes of a configuration."""
    file = folder / "config.toml"
    file.write_text(text)
    return route_of(load_config(file, {}))


def told(routes: Routes, alert: Traits, at: datetime = NOON) -> list[str]:
    return [each.destination.channel for each in routes.tell(alert, at)]


def an_alert(severity: str = "notice", **values: object) -> Traits:
    return Traits(severity=Severity(severity), **values)  # type: ignore[arg-type]


# Which routes are taken.

TREE = """
[[routes]]
severity = "high+"
to = "#urgent"
continue = true

[[routes]]
kind = "fed_decision"
to = "#macro"

[[routes]]
tags = ["macro", "rates"]
to = ["#macro", "#rates"]

[[routes]]
rule = "cluster-sell"
ticker = ["OKLO", "BRK-B"]
to = "#own"
"""


@pytest.mark.parametrize(
    ("alert", "channels"),
    [
        (an_alert("high", kind="fed_decision"), ["#urgent", "#macro"]),
        (an_alert("critical", kind="price_bar"), ["#urgent"]),
        (an_alert("notice", kind="fed_decision", tags=frozenset({"rates"})), ["#macro"]),
        (an_alert("high", tags=frozenset({"rates", "x"})), ["#urgent", "#macro", "#rates"]),
        (an_alert(rule="cluster-sell", ticker="OKLO"), ["#own"]),
        (an_alert(rule="cluster-sell", ticker="NVDA"), ["#alerts"]),
        (an_alert(rule="cluster-sell"), ["#alerts"]),
        (an_alert(ticker="OKLO"), ["#alerts"]),
        (an_alert(kind="insider_trade"), ["#alerts"]),
    ],
)
def test_r1_the_first_route_that_fits_is_taken_and_while_it_says_so_the_next(
    tmp_path: Path, alert: Traits, channels: list[str]
) -> None:
    assert told(routes(tmp_path, TREE), alert) == channels


def test_r1_without_routes_all_alerts_go_to_the_usual_channel(tmp_path: Path) -> None:
    assert told(routes(tmp_path, '[alerts]\nchannel = "#all"'), an_alert("critical")) == ["#all"]


def test_r1_a_rule_that_names_its_channel_goes_there_alone(tmp_path: Path) -> None:
    alert = an_alert("high", kind="fed_decision", to="#own")

    assert told(routes(tmp_path, TREE), alert) == ["#own"]


def test_r1_a_channel_that_two_routes_name_is_told_once_as_the_first_says(tmp_path: Path) -> None:
    text = """
    [[routes]]
    severity = "high"
    stories = "off"
    continue = true
    [[routes]]
    digest = "10min"
    """

    (found,) = routes(tmp_path, text).tell(an_alert("high"), NOON)

    assert (found.way.number, found.destination.stories) == (1, None)
    assert found.destination.held_until is None


@pytest.mark.parametrize(
    ("text", "span"),
    [("", 24), ('[alerts]\nstories = "off"', None), ('[[routes]]\nstories = "2h"', 2),
     ('[[routes]]\nstories = "off"', None), ('[alerts]\nstories = "3h"\n[[routes]]\n', 3)],
)  # fmt: skip
def test_the_span_of_stories_is_that_of_the_route_else_the_usual_one(
    tmp_path: Path, text: str, span: int | None
) -> None:
    ((found),) = routes(tmp_path, text).tell(an_alert(), NOON)

    assert found.destination.stories == (timedelta(hours=span) if span else None)


@pytest.mark.parametrize(
    ("text", "line", "column", "what", "mend"),
    [
        ('severity = "hihg"', 2, 12, "severity: 'hihg' is no severity", "did you mean 'high'?"),
        ('severity = ["info",\n "hihg"]', 3, 2, "'hihg' is no severity", "'high'"),
        ('severty = "high"', 2, 1, "unknown key 'severty' in [[routes]]", "'severity'"),
        ('severity = "high++"', 2, 12, "'high+' is no severity", "'high'"),
        ('kind = "fed_decison"', 2, 8, "'fed_decison' is no kind of fact", "'fed_decision'"),
        ('rule = "Cluster Sell"', 2, 8, "'Cluster Sell' is no name", "small letters"),
        ('ticker = ["OKLO", 7]', 2, 19, "ticker: must be texts", "quotes"),
        ("kind = []", 2, 8, "must be a text, or a list with texts in it", '"a"'),
        ('to = "macro"', 2, 6, "'macro' is no channel", '"#name"'),
        ('channel = "#macro"', 2, 1, "unknown key 'channel' in [[routes]]", "did you mean 'to'?"),
        ('continue = "yes"', 2, 12, "continue: must be true or false", "unquoted"),
        ('digest = "16:30 mon"', 2, 10, "'mon' is neither a time of day nor a day", "mon-fri"),
        ('digest = "moon 16:30"', 2, 10, "'moon' is neither a time of day nor a day", "16:30"),
        ('digest = "10m"', 2, 10, "minutes or months", '"5min"'),
        ('digest = "8d"', 2, 10, "no while to wait for a digest", '"7d"'),
        ('digest_by = "ticker"', 2, 1, "there is no digest to be parted", "digest ="),
        ('digest = "1h"\ndigest_by = "tickr"', 3, 13, "not made by 'tickr'", "'ticker'"),
        ('zone = "America/NewYork"', 2, 8, "is no time zone", "'America/New_York'"),
        ('quiet = ["nigth"]\n[[quiet]]\nname = "night"', 2, 10, "no quiet time 'nigth'", "'night'"),
        ('quiet = "night"', 2, 9, "there is no quiet time 'night'", "under [[quiet]]"),
        ('[[routes]]\nto = "#a"', 2, 1, "no alert comes to this route", "put route 1 last"),
        ('[[quiet]]\nfrom = "22:00"', 2, 1, "a [[quiet]] needs 'name'", 'name = "…"'),
        ('[[quiet]]\nname = "n"\nfrom = "25:00"', 4, 8, "'25:00' is no time of day", "24:00"),
        ('[[quiet]]\nname = "n"\nfrom = 22:00:00', 4, 8, "must be a text", "quotes"),
        ('[[quiet]]\nname = "n"\ndays = ["sat", "sunday"]', 4, 16, "'sunday' is no day", "'sun'"),
        ('[[quiet]]\nname = "n"\noverride = "urgent"', 4, 12, "'urgent' is no severity", "known"),
        ('[[quiet]]\nname = "n"\nfrom = "09:00"\nto = "09:00"', 5, 6, "ends when it begins",
         "whole day"),
        ('[[quiet]]\nname = "n"\n[[quiet]]\nname = "n"', 5, 8, "two quiet times 'n'", "another"),
        ('quiet = "all"\n[[quiet]]\nname = "all"', 2, 9, "leave none in which", "shorten"),
        ('quiet = ["a", "b"]\n[[quiet]]\nname = "a"\ndays = "mon-thu"\n[[quiet]]\nname = "b"\n'
         'days = "fri-sun"', 2, 9, "leave none in which", "shorten"),
    ],
)  # fmt: skip
def test_r2_a_mistake_in_a_route_is_refused_in_its_place(
    tmp_path: Path, text: str, line: int, column: int, what: str, mend: str
) -> None:
    with pytest.raises(InvalidConfig) as caught:
        routes(tmp_path, f"[[routes]]\n{text}\n")

    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (line, column)
    assert what in problem.what
    assert mend in problem.mend


@pytest.mark.parametrize("text", ['[routes]\nto = "#a"', "routes = 1", 'routes = ["a"]'])
def test_routes_that_are_no_list_of_tables_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidConfig, match=r"under a header \[\[routes\]\]"):
        routes(tmp_path, text)


def test_mistakes_of_several_routes_are_told_in_one_run(tmp_path: Path) -> None:
    text = '[[routes]]\nkind = "x"\n[[routes]]\nto = "x"\n[[quiet]]\nname = 1\n'

    with pytest.raises(InvalidConfig) as caught:
        routes(tmp_path, text)

    assert [problem.line for problem in caught.value.problems] == [2, 4, 6]


def test_a_secret_in_a_route_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfig) as caught:
        routes(tmp_path, '[[routes]]\nto = "xoxb-1234-abcd"')

    assert "secret" in caught.value.what
    assert "xoxb-1234" not in str(caught.value)


def test_the_routes_that_the_manual_shows_are_good_and_do_what_it_says(tmp_path: Path) -> None:
    manual = (Path(__file__).parents[1] / "docs" / "operations.md").read_text()
    made = routes(tmp_path, manual.split("```toml\n")[1].split("```")[0])
    friday_night = instant("2025-09-05 23:00 ET")

    assert told(made, an_alert("critical", kind="fed_decision")) == ["#urgent", "#macro"]
    (held,) = made.tell(an_alert(tags=frozenset({"price"})), friday_night)
    assert held.destination.held_until == instant("2025-09-08 16:30 ET")
    assert held.destination.channel == "#alerts"


# Quiet times.


def a_quiet_time(name: str = "night", begins: str = "22:00", ends: str = "07:00",
                 days: str = "mon-sun", zone: ZoneInfo = NEW_YORK) -> QuietTime:  # fmt: skip
    return QuietTime(name=name, begins=read_clock(begins), ends=read_clock(ends),
                     days=read_days(days), zone=zone)  # fmt: skip


SYDNEYS = [
    a_quiet_time("evening", "17:00", "24:00", zone=SYDNEY),
    a_quiet_time("morning", "00:00", "09:00", zone=SYDNEY),
    a_quiet_time("weekend", "00:00", "24:00", "sat,sun", zone=SYDNEY),
]


def local(text: str, zone: ZoneInfo = SYDNEY) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("at", "names"),
    [
        (local("2024-01-01 00:00"), ["morning"]),
        (local("2024-01-01 09:00"), []),
        (local("2024-01-06 10:00"), ["weekend"]),
        (datetime(2024, 1, 1, 10, tzinfo=UTC), ["evening"]),
        (datetime(2024, 1, 6, 10, tzinfo=UTC), ["evening", "weekend"]),
    ],
)
def test_m4_quiet_times_hold_by_their_own_clocks_and_all_that_hold_are_named(
    at: datetime, names: list[str]
) -> None:
    assert list(quiet_at(SYDNEYS, at)) == names


def test_m4_quiet_times_that_go_over_into_one_another_end_with_the_last() -> None:
    friday = local("2024-01-05 18:00")

    quiet = quiet_until(SYDNEYS, friday)

    assert quiet is not None
    assert quiet.until == local("2024-01-08 09:00")
    assert quiet.names == ("evening", "morning", "weekend")


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2025-03-08 23:00", "2025-03-09 11:00"),  # a night of eight hours
        ("2025-11-01 23:00", "2025-11-02 12:00"),  # a night of ten hours
        ("2025-03-09 23:00", "2025-03-10 11:00"),
        ("2025-11-02 21:59", None),
        ("2025-11-02 22:00", "2025-11-03 12:00"),
        ("2025-11-03 06:59", "2025-11-03 12:00"),
        ("2025-11-03 07:00", None),
    ],
)
def test_m4_a_night_ends_by_the_clocks_on_the_days_on_which_they_change(
    at: str, until: str | None
) -> None:
    quiet = quiet_until([a_quiet_time()], local(at, NEW_YORK))

    found = f"{quiet.until:%Y-%m-%d %H:%M}" if quiet else None
    assert found == until


def test_m4_the_days_of_a_night_are_those_on_which_it_begins() -> None:
    night = [a_quiet_time(days="fri")]

    assert quiet_at(night, local("2025-09-06 06:00", NEW_YORK)) == ("night",)
    assert quiet_at(night, local("2025-09-05 06:00", NEW_YORK)) == ()
    assert quiet_at(night, local("2025-09-06 23:00", NEW_YORK)) == ()


def test_quiet_times_without_an_end_are_known_as_such_and_over_after_eight_days() -> None:
    always = [a_quiet_time("a", "00:00", "24:00")]

    assert not ever_ends(always, NOON)
    quiet = quiet_until(always, NOON)
    assert quiet is not None
    assert timedelta(days=8) <= quiet.until - NOON <= timedelta(days=9)


NIGHT = """
[[routes]]
quiet = ["night", "weekend"]
[[quiet]]
name = "night"
from = "22:00"
to = "07:00"
[[quiet]]
name = "weekend"
days = ["sat", "sun"]
override = "high"
"""


@pytest.mark.parametrize(
    ("severity", "at", "until"),
    [
        ("notice", "2025-09-02 21:59 ET", None),
        ("notice", "2025-09-02 22:00 ET", "2025-09-03 07:00 ET"),
        ("high", "2025-09-02 22:00 ET", "2025-09-03 07:00 ET"),
        ("critical", "2025-09-02 22:00 ET", None),
        ("notice", "2025-09-05 23:00 ET", "2025-09-08 07:00 ET"),
        ("notice", "2025-09-06 12:00 ET", "2025-09-08 07:00 ET"),
        ("high", "2025-09-06 12:00 ET", None),
        ("high", "2025-09-06 23:00 ET", "2025-09-07 07:00 ET"),
    ],
)
def test_what_comes_in_a_quiet_time_waits_for_its_end_unless_it_is_grave(
    tmp_path: Path, severity: str, at: str, until: str | None
) -> None:
    (found,) = routes(tmp_path, NIGHT).tell(an_alert(severity), instant(at))

    assert found.destination.held_until == (instant(until) if until else None)
    assert (found.destination.why or "").startswith("While quiet (night" if until else "")


def test_a_digest_that_would_be_told_in_a_quiet_time_waits_for_its_end(tmp_path: Path) -> None:
    made = routes(tmp_path, NIGHT.replace("[[routes]]", '[[routes]]\ndigest = "10min"'))

    (found,) = made.tell(an_alert(), instant("2025-09-02 21:55 ET"))

    assert found.destination.held_until == instant("2025-09-03 07:00 ET")
    assert found.destination.why == "While quiet (night)"


def test_a_digest_of_after_the_quiet_time_stays_that_digest(tmp_path: Path) -> None:
    made = routes(tmp_path, NIGHT.replace("[[routes]]", '[[routes]]\ndigest = "16:30"'))

    (found,) = made.tell(an_alert(), instant("2025-09-02 23:00 ET"))

    assert found.destination.held_until == instant("2025-09-03 16:30 ET")
    assert found.destination.why == "Digest of 16:30"
