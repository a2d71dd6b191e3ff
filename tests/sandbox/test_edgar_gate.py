"""Whom the EDGAR on loopback lets in, and what it remembers of a request."""

import gzip
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.clock import system_clock
from bot.sandbox.edgar_faults import FaultKind
from tests.processes import LONG
from tests.sandbox.visitor import AGENT, Visitor, path_of, the_sale, visiting
from tests.sources.edgar.local_edgar import ManualClock

SALE = the_sale()


@pytest.mark.parametrize("agent", ["python-requests/2.32", "", "Jane Doe"])
def test_who_names_no_address_is_an_undeclared_tool(agent: str) -> None:
    with visiting() as visitor:
        answer = visitor.get(path_of(SALE), agent=agent)

    assert answer.status_code == 403
    assert "Undeclared Automated Tool</title>" in answer.text


def test_the_eleventh_request_in_a_second_is_refused_for_ten_minutes() -> None:
    seconds = ManualClock()
    with visiting(gate_clock=seconds, requests_per_second=10) as visitor:
        statuses = [visitor.get(path_of(SALE)).status_code for _ in range(11)]
        seconds.advance(599)
        still = visitor.get(path_of(SALE))
        seconds.advance(1)
        lifted = visitor.get(path_of(SALE)).status_code

    assert statuses == [200] * 10 + [403]
    assert "<title>SEC.gov | Request Rate Threshold Exceeded</title>" in still.text
    assert lifted == 200
    assert visitor.edgar.most_in_a_second() == 11


def test_going_on_above_the_rate_makes_the_block_longer() -> None:
    seconds = ManualClock()
    with visiting(gate_clock=seconds, requests_per_second=10) as visitor:
        for _ in range(11):
            visitor.get(path_of(SALE))
        seconds.advance(300)
        for _ in range(11):
            visitor.get(path_of(SALE))
        seconds.advance(599)
        still = visitor.get(path_of(SALE)).status_code

    assert still == 403


def test_ten_requests_a_second_are_let_in_for_ever() -> None:
    seconds = ManualClock()
    with visiting(gate_clock=seconds, requests_per_second=10) as visitor:
        for _ in range(40):
            visitor.get(path_of(SALE))
            seconds.advance(0.1)

    assert {request.status for request in visitor.edgar.requests} == {200}
    assert visitor.edgar.most_in_a_second() == 10


def test_requests_are_logged_with_time_path_and_status() -> None:
    with visiting(gate_clock=ManualClock()) as visitor:
        visitor.get("/nothing?here=1")

    (request,) = visitor.edgar.requests
    assert (request.path, request.status, request.agent) == ("/nothing?here=1", 404, AGENT)
    assert request.at == ManualClock().now


def test_many_answers_come_over_one_connection_and_packed_where_asked() -> None:
    with visiting() as visitor, socket.create_connection(_address(visitor)) as line:
        reader = line.makefile("rb")
        head = f"Host: x\r\nUser-Agent: {AGENT}\r\nAccept-Encoding: gzip\r\n\r\n"
        for _ in range(2):
            line.sendall(f"GET {path_of(SALE)} HTTP/1.1\r\n{head}".encode())
            length = 0
            while (row := reader.readline()) != b"\r\n":
                length = int(row.split()[1]) if row.startswith(b"Content-Length") else length
            assert gzip.decompress(reader.read(length)) == SALE.body
        reader.close()


def test_a_closed_server_refuses_and_a_kept_connection_does_not_hold_it_up() -> None:
    started = system_clock()
    with visiting() as visitor:
        visitor.get(path_of(SALE))
        visitor.edgar.faults.add(FaultKind.SLOW, seconds=0.01)
        address = _address(visitor)

    assert system_clock() - started < timedelta(seconds=LONG)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(address, timeout=LONG)


def test_many_clients_at_once_are_all_served() -> None:
    with visiting() as visitor, ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: visitor.get(path_of(SALE)).content, range(80)))

    assert answers == [SALE.body] * 80
    assert len(visitor.edgar.requests) == 80


def _address(visitor: Visitor) -> tuple[str, int]:
    host, port = visitor.edgar.url.removeprefix("http://").split(":")
    return host, int(port)
