"""Pages that EDGAR answers with, as they were seen."""

from datetime import UTC, datetime

NOW = datetime(2025, 12, 12, 15, 0, tzinfo=UTC)


UNDECLARED = (
    b"<!DOCTYPE html>\n<html><head><title>SEC.gov | Your Request Originates from an Undeclared"
    b" Automated Tool</title></head><body><h1>Your Request Originates</h1></body></html>"
)


THRESHOLD = (
    b"<html><head><title>SEC.gov | Request Rate Threshold Exceeded</title></head><body>"
    b"<p>your request was no undeclared automated tool</p></body></html>"
)


LIMIT = b"<html><body><h1>You\xe2\x80\x99ve Exceeded the SEC\xe2\x80\x99s Traffic Limit</h1></body>"


UNAVAILABLE = b"<html><head><title>SEC.gov | File Unavailable</title></head></html>"


NO_OBJECT = b"<?xml version='1.0'?>\n<Error><Code>AccessDenied</Code><Message>x</Message></Error>"


FILING = (
    b"<SEC-DOCUMENT>0009000001-25-000001.txt\nACCESSION NUMBER:\t\t0009000001-25-000001\n"
    b"<DOCUMENT>\n<XML></XML>\n</DOCUMENT>\n"
)
