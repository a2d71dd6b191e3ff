"""Prices for a live bot: a folder of them, an address where nobody answers, and its polls."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bot.clock import system_clock
from bot.facts import SOURCE_POLL
from bot.market.asking import newest_closed, recent
from bot.store import Store


def a_folder_of_prices(folder: Path, *tickers: str) -> Path:
    """Files with the last forty sessions of each ticker."""
    (folder / "bars").mkdir(parents=True)
    for ticker in tickers:
        rows = [
            f"{day},10,10,10,{10 + n / 10:.2f},1000"
            for n, day in enumerate(recent(newest_closed(system_clock()), 40))
        ]
        text = "\n".join(["date,open,high,low,close,volume", *rows])
        (folder / "bars" / f"{ticker}.csv").write_text(text)
    return folder


@contextmanager
def nobody_answers() -> Iterator[str]:
    """An address at which every request is taken and none is answered."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            with suppress(OSError):
                while True:
                    taken.append(server.accept()[0])

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    for each in taken:
        each.close()
    thread.join()


def polls(path: Path, source: str) -> list[bool]:
    """How each poll of a source went."""
    with closing(Store(path)) as store:
        rows = store.facts.select(SOURCE_POLL, limit=1_000)
    return [bool(row["ok"]) for row in rows if row["source"] == source]
