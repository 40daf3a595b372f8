"""The log of a service: JSON lines on stderr for programs, plain lines for a person at a terminal."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

_MOST = 8000
"""Characters of a text in a line."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON. Line breaks and control characters in it are escaped, long texts are cut."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage()[:_MOST],
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)[-_MOST:]
        return json.dumps(fields)


def configuration(wanted: str, *, for_a_person: bool) -> dict[str, Any]:
    """The configuration of `logging`: `problems` are warnings and errors, `requests` is everything."""
    formatter: dict[str, Any] = {"()": JsonLines}
    if for_a_person:
        formatter = {"format": "%(asctime)s %(levelname)s %(message)s", "datefmt": "%H:%M:%S"}
    level = "INFO" if wanted == "requests" else "WARNING"
    own = {"handlers": ["stderr"], "level": level, "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {"kgraph": own, "kgraph_api": own, "uvicorn": {**own, "level": "WARNING"}},
    }
