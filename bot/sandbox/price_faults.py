"""What goes wrong on the way at a provider of prices, in the words of none in particular."""

from dataclasses import replace

from bot.sandbox.edgar_faults import Fault, FaultKind, shorter
from bot.sandbox.edgar_replies import HTML, Reply

_PAGE = b"<!DOCTYPE html>\n<html><head><title>Be right back</title></head><body></body></html>\n"


def befall(fault: Fault | None, reply: Reply) -> Reply:
    """An answer as it comes after a fault; those that only EDGAR knows do nothing."""
    if fault is None:
        return reply
    later = {"Retry-After": fault.retry_after} if fault.retry_after else {}
    match fault.kind:
        case FaultKind.TOO_MANY:
            return Reply(status=429, body=b"Too Many Requests\r\n", headers=later)
        case FaultKind.UNAVAILABLE:
            return Reply(status=503, body=b"upstream connect error\r\n", headers=later)
        case FaultKind.WEB_PAGE:
            return Reply(body=_PAGE, kind=HTML)
        case FaultKind.EMPTY:
            return replace(reply, body=b"")
        case FaultKind.CUT:
            return replace(reply, cut=True)
        case FaultKind.TRUNCATED:
            return replace(reply, body=shorter(reply.body))
        case FaultKind.RESET:
            return replace(reply, reset=True)
        case FaultKind.SLOW:
            return replace(reply, delay_s=fault.seconds)
        case _:
            return reply
