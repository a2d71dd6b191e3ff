"""What goes wrong on the way at a provider of prices, in the words of none in particular."""

from bot.sandbox.edgar_faults import Fault, FaultKind
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
        case _:
            return fault.on_the_way(reply)
