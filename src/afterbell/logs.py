"""How this service logs: one line a fact on the error stream, plain for a person at a terminal, JSON for machines. Requests are not logged: addresses
may hold secrets. Nor is what an error says: it quotes what somebody wrote. Where it arose, its kind and the database's own code remain."""

import logging
import sys
from traceback import format_tb
from types import TracebackType
from typing import Any

import structlog

Raised = tuple[type[BaseException], BaseException, TracebackType | None]
CODES = ("sqlstate", "constraint_name", "sqlite_errorname")


class Wordless(logging.Formatter):
    """For libraries, which log through the standard library."""

    def formatException(self, ei: Raised | tuple[None, None, None]) -> str:  # noqa: N802 - the name it has in logging
        """Without the error's words."""
        return _chain(ei[1])


def set_up_logs() -> None:
    """Called once by each command that works for long; libraries are heard from WARNING on."""
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(Wordless("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[stream])
    shown = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(traced),
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def traced(exc_info: Raised) -> str:
    """The traceback of an error and of those that led to it, the first one first: frames, kinds and codes, and for a statement its text, whose values are
    not in it."""
    return _chain(exc_info[1])


def _chain(error: BaseException | None) -> str:
    told = []
    while error is not None:
        told.append(_one(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nthen\n".join(reversed(told))


def _one(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    codes = [f"{name}={value}" for name in CODES if (value := getattr(error, name, None))]
    statement = getattr(error, "statement", None)
    facts: list[Any] = [kind, *codes, *([f"in: {statement}"] if isinstance(statement, str) else [])]
    inner = [_one(each) for each in error.exceptions] if isinstance(error, BaseExceptionGroup) else []
    return "\n".join(["".join(format_tb(error.__traceback__)) + " ".join(facts), *inner])
