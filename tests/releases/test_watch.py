"""Releases of the BLS and the BEA: on time, missing, late, overdue together."""

from datetime import timedelta

from tests.releases.agencies import Planned, looking, ny

CPI, PPI, JOBS = "Consumer Price Index", "Producer Price Index", "Employment Situation"
GDP, INCOME = "Gross Domestic Product", "Personal Income and Outlays"


def test_a_release_that_comes_in_its_minute_is_told_as_published_with_its_delay() -> None:
    plan = [Planned(CPI, ny("2025-09-11 08:30"), came=ny("2025-09-11 08:31"))]
    with looking("2025-09-11 08:00", plan) as held:
        held.look("2025-09-11 08:00", "2025-09-11 08:30", "2025-09-11 08:31")
        held.look("2025-09-11 08:32", "2025-09-11 09:40", "2025-09-12 09:40")

        (fact,) = held.told()

    assert (fact["status"], fact["published"]) == ("published", True)
    assert fact["delay_seconds"] == 60
    assert fact["subject"] == "BLS: Consumer Price Index"
    assert fact["url"] == "https://www.bls.gov/news.release/archives/cpi_09112025.htm"
    assert fact["happened_at"] == ny("2025-09-11 08:30")


def test_one_that_does_not_come_is_missing_after_its_grace_and_told_once() -> None:
    with looking("2025-10-15 08:00", [Planned(CPI, ny("2025-10-15 08:30"))]) as held:
        held.look("2025-10-15 08:00", "2025-10-15 08:31", "2025-10-15 09:29")
        assert held.told() == []

        held.look("2025-10-15 09:30", "2025-10-15 09:45", "2025-10-16 09:45")
        (fact,) = held.told()

    assert (fact["status"], fact["published"], fact["overdue"]) == ("missing", False, 1)
    assert fact["due"] == "08:30 ET on 2025-10-15"
    assert fact["known_at"] == ny("2025-10-15 09:30")
    assert fact["url"].endswith("/schedule/news_release/bls.ics")


def test_one_that_comes_after_it_was_missing_is_late_by_all_that_time() -> None:
    with looking("2025-10-15 08:00", [Planned(CPI, ny("2025-10-15 08:30"))]) as held:
        held.look("2025-10-15 08:00", "2025-10-15 09:30", "2025-10-24 08:20")
        held.server.plan[0].came = ny("2025-10-24 08:30")
        held.look("2025-10-24 08:30")

        late = held.told()[-1]

    assert (late["status"], late["overdue"]) == ("late", 0)
    assert late["delay_seconds"] == timedelta(days=9).total_seconds()


def test_one_that_was_put_off_is_late_by_its_first_day_and_on_time_by_its_second() -> None:
    with looking("2025-10-15 08:00", [Planned(CPI, ny("2025-10-15 08:30"))]) as held:
        held.look("2025-10-15 08:00", "2025-10-15 09:30")
        held.server.plan = [Planned(CPI, ny("2025-10-24 08:30"), came=ny("2025-10-24 08:30"))]
        held.look("2025-10-20 08:00", "2025-10-24 08:31")

        told = [(fact["scheduled_at"], fact["status"]) for fact in held.told()]

    assert told == [
        (ny("2025-10-15 08:30"), "missing"),
        (ny("2025-10-15 08:30"), "late"),
        (ny("2025-10-24 08:30"), "published"),
    ]


def test_one_that_is_put_off_before_its_day_is_never_missing() -> None:
    with looking("2025-10-10 08:00", [Planned(CPI, ny("2025-10-15 08:30"))]) as held:
        held.look("2025-10-10 08:00")
        held.server.plan = [Planned(CPI, ny("2025-10-24 08:30"))]
        held.look("2025-10-15 08:00", "2025-10-15 10:00")

        assert held.told() == []


def test_each_of_a_shutdown_names_the_others_that_are_overdue_with_it() -> None:
    plan = [
        Planned(JOBS, ny("2025-10-03 08:30")),
        Planned(CPI, ny("2025-10-15 08:30")),
        Planned(GDP, ny("2025-10-15 08:30")),
    ]
    with looking("2025-10-03 08:00", plan) as held:
        held.look("2025-10-03 08:00", "2025-10-03 09:30", "2025-10-15 09:30")
        told = {fact["title"]: fact for fact in held.told()}

    assert [each["overdue"] for each in told.values()] == [1, 3, 3]
    assert told[CPI]["also_overdue"] == (
        "Employment Situation (BLS, due 3 Oct), Gross Domestic Product (BEA, due 15 Oct)"
    )
    assert told[JOBS]["also_overdue"] is None


def test_nothing_is_missing_while_its_agency_refuses_and_the_other_goes_on() -> None:
    plan = [Planned(CPI, ny("2025-10-15 08:30")), Planned(GDP, ny("2025-10-15 08:30"))]
    with looking("2025-10-15 08:00", plan) as held:
        held.look("2025-10-15 08:00")
        held.server.denied = {"/feed/"}
        held.look("2025-10-15 09:30", "2025-10-15 09:40")
        assert held.statuses() == [(GDP, "missing")]
        assert held.polls("bls") == [True, False, False]
        assert held.polls("bea")[-1] is True

        held.server.denied = set()
        held.look("2025-10-15 09:50")
        assert held.statuses() == [(GDP, "missing"), (CPI, "missing")]


def test_a_feed_that_is_refused_keeps_no_other_release_of_its_agency_waiting() -> None:
    plan = [Planned(CPI, ny("2025-10-15 08:30")), Planned(PPI, ny("2025-10-15 08:30"))]
    with looking("2025-10-15 08:00", plan) as held:
        held.look("2025-10-15 08:00")
        held.server.denied = {"/feed/ppi"}
        held.look("2025-10-15 09:30")

        assert held.statuses() == [(CPI, "missing")]
        assert held.polls("bls")[-1] is False


def test_a_calendar_that_is_refused_is_asked_for_less_and_less_often() -> None:
    with looking("2025-10-15 00:00", [Planned(CPI, ny("2025-10-15 08:30"))]) as held:
        held.server.denied = {".ics"}
        held.look(*(f"2025-10-15 0{hour}:{minute:02}" for hour in range(8) for minute in range(60)))

        asked = [url for url in held.server.asked if url.endswith(".ics")]
        polls = held.polls("bls")

    assert len(asked) == 7  # at once, then after 5, 15, 35, 75, 155 and 315 minutes
    assert polls == [False] * 7


def test_what_was_read_of_a_calendar_stands_while_it_is_refused() -> None:
    with looking("2025-10-15 00:00", [Planned(CPI, ny("2025-10-15 08:30"))]) as held:
        held.look("2025-10-15 00:00")
        held.server.denied = {".ics"}
        held.look("2025-10-15 07:00", "2025-10-15 09:30")

        assert held.statuses() == [(CPI, "missing")]


def test_a_first_look_tells_what_came_without_knowing_when_and_nothing_of_days_before() -> None:
    plan = [
        Planned(JOBS, ny("2025-09-05 08:30")),
        Planned(CPI, ny("2025-09-11 08:30"), came=ny("2025-09-11 08:30")),
    ]
    with looking("2025-09-11 12:00", plan) as held:
        held.look("2025-09-11 12:00")
        (fact,) = held.told()

    assert (fact["title"], fact["status"], fact["delay_seconds"]) == (CPI, "published", None)


def test_the_bea_s_own_instant_counts_whenever_it_is_seen() -> None:
    plan = [Planned(INCOME, ny("2025-08-29 08:30"), came=ny("2025-08-29 08:31"))]
    with looking("2025-08-29 12:00", plan) as held:
        held.look("2025-08-29 12:00")
        (fact,) = held.told()

    assert (fact["status"], fact["delay_seconds"]) == ("published", 60)
    assert fact["known_at"] == ny("2025-08-29 08:31")


def test_a_bot_that_starts_again_waits_for_what_was_missing_and_tells_nothing_twice() -> None:
    plan = [
        Planned(CPI, ny("2025-10-15 08:30")),
        Planned(PPI, ny("2025-10-16 08:30"), came=ny("2025-10-16 08:30")),
    ]
    with looking("2025-10-15 08:00", plan) as held:
        held.look("2025-10-15 08:00", "2025-10-15 09:30", "2025-10-16 08:31")
        held.restart("2025-10-16 09:00")
        held.look("2025-10-16 09:00", "2025-10-16 10:00")
        assert held.statuses() == [(CPI, "missing"), (PPI, "published")]

        held.server.plan[0].came = ny("2025-10-24 08:30")
        held.restart("2025-10-24 08:30")
        held.look("2025-10-24 08:31")

        assert held.statuses()[2:] == [(CPI, "late")]


def test_what_has_not_come_for_two_months_is_waited_for_no_longer() -> None:
    plan = [Planned(CPI, ny("2025-10-15 08:30")), Planned(PPI, ny("2025-12-15 08:30"))]
    with looking("2025-10-15 08:00", plan) as held:
        held.look("2025-10-15 08:00", "2025-10-15 09:30", "2025-12-15 09:30")

        assert [fact["overdue"] for fact in held.told()] == [1, 1]


def test_feeds_are_asked_only_while_something_is_due() -> None:
    plan = [Planned(CPI, ny("2025-09-11 08:30"), came=ny("2025-09-11 08:31"))]
    with looking("2025-09-11 08:00", plan) as held:
        held.look(*(f"2025-09-11 08:{minute:02}" for minute in range(60)))

        feeds = [url for url in held.server.asked if "/feed/" in url or "/rss/" in url]

    assert feeds == ["/feed/cpi.rss", "/feed/cpi.rss"]


def test_what_is_overdue_is_asked_about_every_ten_minutes() -> None:
    with looking("2025-10-15 08:00", [Planned(CPI, ny("2025-10-15 08:30"))]) as held:
        held.look("2025-10-15 08:00", "2025-10-15 09:30")
        asked = len(held.server.asked)
        held.look(*(f"2025-10-15 10:{minute:02}" for minute in range(60)))

        assert len(held.server.asked) - asked == 6


def test_a_bot_that_ends_says_nothing_about_an_agency() -> None:
    with looking("2025-10-15 08:00", [Planned(CPI, ny("2025-10-15 08:30"))]) as held:
        held.look("2025-10-15 08:00")
        held.client.hang_up()
        held.look("2025-10-15 09:30")

        assert held.polls("bls") == [True]
        assert held.told() == []
