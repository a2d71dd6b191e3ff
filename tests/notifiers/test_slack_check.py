"""What `bot doctor` tells of tokens, scopes, channels and history of Slack."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

import pytest

from bot.cards.slack import block_key
from bot.errors import ConfigError
from bot.finding import Finding, Health
from bot.notifiers.slack_check import check_slack, check_token, client_of
from bot.notifiers.slack_probe import probe
from bot.notifiers.slack_scopes import SCOPES, Scope
from bot.notifiers.slack_validate import check_cards
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from tests.builders import NOW
from tests.cards.samples import a_card

HERE = {"#alerts": "[alerts] channel"}


def check(
    slack: SlackServer,
    channels: Mapping[str, str] = HERE,
    *,
    token: str | None = None,
    chat: bool = True,
) -> list[Finding]:
    client = client_of(token or slack.token, api_url=slack.api_url)
    return list(check_slack(client, channels=channels, chat=chat, groups=True))


def unwell(findings: list[Finding]) -> list[tuple[str, str]]:
    """What is not good, and what is told of it; each has a mend."""
    found = [each for each in findings if each.health is not Health.GOOD]
    assert all(each.mend for each in found)
    return [(each.what, each.told) for each in found]


# Tokens.


@pytest.mark.parametrize(
    ("token", "begins", "told"),
    [
        ("xapp-1-a", "xoxb-", "holds an app-level token"),
        ("xoxb-1-a", "xapp-", "holds the bot token"),
        ("xoxp-1-a", "xoxb-", "holds a token of a person"),
        ("hello", "xapp-", "holds no token"),
    ],
)
def test_a_token_of_another_kind_is_told_without_being_shown(
    token: str, begins: str, told: str
) -> None:
    finding = check_token(token, variable="SLACK_X", begins=begins)

    assert finding is not None
    assert finding.health is Health.BAD
    assert told in finding.told
    assert token not in finding.told + finding.mend
    assert begins in finding.mend
    assert ("swapped" in finding.mend) == (token[:5] in ("xapp-", "xoxb-"))


def test_tokens_of_the_right_kind_need_no_word() -> None:
    assert check_token("xoxb-1", variable="SLACK_BOT_TOKEN", begins="xoxb-") is None
    assert check_token("xapp-1", variable="SLACK_APP_TOKEN", begins="xapp-") is None


def test_a_wrong_token_is_told_with_the_mend_and_nothing_else_is_asked(slack: SlackServer) -> None:
    found = check(slack, token="xoxb-other")

    assert unwell(found) == [("Slack", "refused: invalid_auth")]
    assert [call.method for call in slack.calls] == ["auth.test"]


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "a_code_of_tomorrow"])
def test_each_refusal_is_told_by_its_code(slack: SlackServer, code: str) -> None:
    slack.workspace.token_error = code

    assert unwell(check(slack)) == [("Slack", f"refused: {code}")]


@pytest.mark.parametrize(
    "kind", [FaultKind.DROP, FaultKind.RESET, FaultKind.STATUS, FaultKind.HTML]
)
@pytest.mark.parametrize("method", ["auth.test", "conversations.list"])
def test_no_answer_is_told_and_not_raised(slack: SlackServer, kind: FaultKind, method: str) -> None:
    slack.faults.append(Fault(kind, method=method))

    ((_, told),) = unwell(check(slack))

    assert told.startswith("no answer: ")
    assert "None" not in told


def test_an_address_without_encryption_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(ConfigError):
        client_of("xoxb-secret", api_url="http://slack.example.org/api/")


# Scopes.


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.name)
def test_each_missing_scope_is_told_with_what_fails_without_it(
    slack: SlackServer, scope: Scope
) -> None:
    name, without = scope.name, scope.without
    slack.workspace.scopes = tuple(each.name for each in SCOPES if each.name != name)

    found = {each.what: each for each in check(slack)}["scopes"]

    assert found.told == f"without {name} {without}"
    assert found.health is (Health.BAD if name == "chat:write" else Health.WARNING)


def test_who_is_not_asked_in_slack_needs_less(slack: SlackServer) -> None:
    slack.workspace.scopes = tuple(scope.name for scope in SCOPES if not scope.of_chat)

    assert unwell(check(slack, chat=False)) == []
    assert [what for what, _ in unwell(check(slack))] == ["scopes"]


# Channels.


def test_a_good_token_in_its_channels_needs_no_mend(slack: SlackServer) -> None:
    named = {**HERE, slack.channel("insiders").id: "'to' of rule big-sale"}

    found = check(slack, named)

    assert unwell(found) == []
    assert found[0].told == "alerts in Sandbox"
    assert "'to' of rule big-sale" in found[3].told


@pytest.mark.parametrize(
    ("change", "told", "mend"),
    [
        ({"is_member": False}, "public, the bot is not in it", "/invite @alerts"),
        ({"is_archived": True}, "public, archived", "unarchive"),
        ({"is_archived": True, "is_private": True}, "private, archived", "unarchive"),
    ],
)
def test_a_channel_that_takes_no_message_is_told_with_its_mend(
    slack: SlackServer, change: dict[str, bool], told: str, mend: str
) -> None:
    for name, value in change.items():
        setattr(slack.channel("alerts"), name, value)

    found = check(slack)[-1]

    assert (found.what, found.health, found.told) == ("channel #alerts", Health.BAD, told)
    assert mend in found.mend


def test_a_channel_that_is_not_there_is_told_with_where_it_is_named(slack: SlackServer) -> None:
    found = check(slack, {"#nowhere": "'to' of rule big-sale"})[-1]

    assert (found.what, found.health) == ("channel #nowhere", Health.BAD)
    assert "'to' of rule big-sale" in found.mend


def test_a_channel_is_found_on_a_later_page(slack: SlackServer) -> None:
    for number in range(1_200):
        slack.workspace.add_channel(f"c{number}")

    assert unwell(check(slack, {"#c1199": "a route"})) == []


def test_a_channel_that_is_named_by_name_and_by_id_is_told(slack: SlackServer) -> None:
    number = slack.channel("alerts").id

    *_, twice = check(slack, {"#alerts": "[alerts] channel", number: "'to' of route 1"})

    assert (twice.what, twice.health) == (f"channel {number}", Health.WARNING)
    assert twice.told == "is the same as #alerts: an alert for both would come twice"
    assert twice.mend == "name it #alerts in 'to' of route 1 too"


def test_where_channels_may_not_be_read_that_is_all_that_is_told(slack: SlackServer) -> None:
    slack.workspace.refusals["conversations.list"] = "missing_scope"

    found = check(slack)

    last = found[-1]
    assert (last.what, last.health) == ("channels", Health.WARNING)
    assert last.told == "not looked at, so a wrong name is not seen: missing_scope"
    assert "channels:read" in last.mend


def test_nothing_is_posted(slack: SlackServer) -> None:
    check(slack)

    assert slack.messages("alerts") == []


# What history gives back.


class Time:
    """A clock that runs while somebody sleeps."""

    def __init__(self, since: datetime) -> None:
        self.now = since

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time() -> Time:
    return Time(NOW)


@pytest.fixture
def running(time: Time) -> Iterator[SlackServer]:
    with SlackServer(channels=("ops",), clock=time) as server:
        yield server


def probed(slack: SlackServer, time: Time, clock: Callable[[], datetime] | None = None) -> Finding:
    client = client_of(slack.token, api_url=slack.api_url)
    *_, found = probe(client, "#ops", clock=clock or time, sleep=time.sleep)
    assert slack.messages("ops") == []
    return found


def test_a_probe_comes_back_by_both_keys_and_is_taken_away(
    running: SlackServer, time: Time
) -> None:
    found = probed(running, time)

    assert found.health is Health.GOOD
    assert "block_id and metadata" in found.told
    assert "chat.delete" in {call.method for call in running.calls}


def test_metadata_that_does_not_come_back_is_told(running: SlackServer, time: Time) -> None:
    running.workspace.drops_metadata = True

    assert probed(running, time).told.startswith("a message comes back by block_id 0.0 s")


@pytest.mark.parametrize(("lag_s", "health"), [(3, Health.GOOD), (19, Health.GOOD)])
def test_the_lag_of_the_history_is_measured(
    running: SlackServer, time: Time, lag_s: float, health: Health
) -> None:
    running.workspace.history_lag_s = lag_s

    found = probed(running, time)

    assert found.health is health
    assert f"{lag_s:.1f} s after the post" in found.told


def test_a_message_that_history_does_not_show_is_told_as_one_that_may_repeat(
    running: SlackServer, time: Time
) -> None:
    running.workspace.history_lag_s = 90

    found = probed(running, time)

    assert found.health is Health.WARNING
    assert "not in the history after 20 s" in found.told
    assert "may be told again" in found.mend


def test_a_rate_limit_at_the_first_look_is_told_as_that_of_a_distributed_app(
    running: SlackServer, time: Time
) -> None:
    running.faults.append(Fault(FaultKind.RATE_LIMIT, method="conversations.history"))

    found = probed(running, time)

    assert found.health is Health.WARNING
    assert "distributed" in found.told
    assert "bot slack manifest" in found.mend


def test_a_history_that_may_not_be_read_is_told_with_its_scopes(
    running: SlackServer, time: Time
) -> None:
    running.workspace.refusals["conversations.history"] = "missing_scope"

    assert "channels:history" in probed(running, time).mend


def test_a_channel_that_takes_no_probe_is_told(running: SlackServer, time: Time) -> None:
    running.channel("ops").is_archived = True
    client = client_of(running.token, api_url=running.api_url)

    (found,) = probe(client, "#ops", clock=time, sleep=time.sleep)

    assert (found.health, found.told) == (
        Health.BAD, "nothing could be posted in #ops: is_archived",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ours_is_late_by_s", "health"), [(0, Health.GOOD), (25, Health.GOOD), (40, Health.WARNING)]
)
def test_the_offset_of_the_clocks_is_told_and_a_warning_near_the_minute(
    running: SlackServer, time: Time, ours_is_late_by_s: float, health: Health
) -> None:
    client = client_of(running.token, api_url=running.api_url)
    ours = lambda: time() - timedelta(seconds=ours_is_late_by_s)  # noqa: E731

    offset, _ = probe(client, "#ops", clock=ours, sleep=time.sleep)

    assert (offset.what, offset.health) == ("Slack clock", health)
    assert offset.told == f"{ours_is_late_by_s:+.0f} s from ours"


def test_a_probe_is_no_alert(running: SlackServer, time: Time) -> None:
    client = client_of(running.token, api_url=running.api_url)
    told = probe(client, "#ops", clock=time, sleep=time.sleep)
    next(told)

    (message,) = running.messages("ops")
    list(told)
    number = message["metadata"]["event_payload"]["alert_id"]
    assert number < 0
    assert message["blocks"][0]["block_id"] == block_key(number)


# Cards.


def test_cards_are_judged_by_slack(slack: SlackServer) -> None:
    client = client_of(slack.token, api_url=slack.api_url)

    found = check_cards(client, [a_card(), a_card(rule="other")])

    assert (found.health, found.told) == (Health.GOOD, "2 kinds of card are as Slack wants them")


def test_where_slack_does_not_judge_cards_that_is_told(slack: SlackServer) -> None:
    slack.workspace.refusals["blocks.validate"] = "unknown_method"
    client = client_of(slack.token, api_url=slack.api_url)

    found = check_cards(client, [a_card()])

    assert found.health is Health.GOOD
    assert found.told == "not checked: Slack did not judge them (unknown_method)"


def test_cards_that_nobody_was_asked_about_are_not_called_well(slack: SlackServer) -> None:
    client = client_of(slack.token, api_url=slack.api_url)

    found = check_cards(client, [])

    assert found.told == "not checked: no rule in force has a test that fires"
