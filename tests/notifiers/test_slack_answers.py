"""Every error code of Slack has one class."""

from datetime import timedelta

import pytest

from bot.notifiers import CredentialsRefused, Dead, Outcome, Parked, Refused, Uncertain, Wait
from bot.notifiers.slack_answers import read_refusal, read_retry_after

CODES: list[tuple[type[Outcome], str]] = [
    (Wait, "ratelimited rate_limited message_limit_exceeded"),
    (
        Refused,
        "invalid_blocks msg_blocks_too_long msg_too_long invalid_attachments no_text"
        " too_many_attachments metadata_too_large invalid_metadata_format invalid_payload",
    ),
    (
        Parked,
        "channel_not_found not_in_channel is_archived channel_is_archived messages_tab_disabled"
        " restricted_action restricted_action_read_only_channel restricted_action_thread_locked",
    ),
    (
        CredentialsRefused,
        "invalid_auth account_inactive token_revoked token_expired missing_scope no_service",
    ),
    (Dead, "ekm_access_denied team_access_not_granted some_code_of_tomorrow"),
    (Uncertain, "internal_error fatal_error service_unavailable"),
]


@pytest.mark.parametrize(
    ("expected", "code"), [(kind, code) for kind, codes in CODES for code in codes.split()]
)
def test_a_code_has_its_class(expected: type[Outcome], code: str) -> None:
    outcome = read_refusal(200, code)

    assert isinstance(outcome, expected)
    assert code in outcome.why  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (429, None, Wait),
        (429, "<html>Too many</html>", Wait),
        (500, "no_text", Uncertain),
        (503, "ratelimited", Wait),
        (503, None, Uncertain),
        (200, None, Uncertain),
        (200, "", Uncertain),
        (200, 7, Uncertain),
        (200, "Received a response in a non-JSON format: <!DOCTYPE html>", Uncertain),
        (404, "<html>not found</html>", Uncertain),
        (302, "", Uncertain),
        (400, "invalid_payload", Refused),
        (403, "invalid_token", CredentialsRefused),
        (404, "no_service", CredentialsRefused),
        (410, "channel_is_archived", Parked),
    ],
)
def test_the_status_counts_where_the_code_does_not_say_it(
    status: int, code: object, expected: type[Outcome]
) -> None:
    assert isinstance(read_refusal(status, code), expected)


def test_a_missing_scope_is_named() -> None:
    outcome = read_refusal(200, "missing_scope", needed="chat:write")

    assert isinstance(outcome, CredentialsRefused)
    assert outcome.needed == "chat:write"


def test_refused_content_says_where_it_is_wrong() -> None:
    told = "[ERROR] must be less than 3001 characters [json-pointer:/blocks/2/text/text]"

    assert read_refusal(200, "invalid_blocks", pointers=[told]) == Refused(
        why="invalid_blocks", pointers=(told,)
    )


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("1", 1),
        ("30", 30),
        ("1.5", 1.5),
        (" 7 ", 7),
        ("0", 0),
        (None, 30),
        ("", 30),
        ("soon", 30),
        ("nan", 30),
        ("inf", 30),
        ("-3", 30),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 30),
        ("99999999999999", 86_400),
    ],
)
def test_a_retry_after_that_cannot_be_read_is_half_a_minute(
    header: str | None, seconds: float
) -> None:
    assert read_retry_after(header) == timedelta(seconds=seconds)
