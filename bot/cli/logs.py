"""The log of the commands that do lasting work."""

import sys

import structlog

from bot.readable import readable


def log_lines(level: int) -> None:
    """One event a line on standard error, with keys and units."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "level", "event"], bool_as_flag=False
            ),
            lambda _logger, _level, line: readable(str(line)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
