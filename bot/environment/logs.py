"""Logging. It never contains what people typed or pasted, which can be a private key."""

import logging
from typing import Final

WIRE: Final = ("bot.slack.platform.socket_mode", "slack_sdk")
"""Loggers that write whole envelopes, calls and answers where DEBUG is on: slack_sdk's own, and the one that it is given for sockets."""


def log_to_stderr(level: str) -> None:
    """Log from *level* on, as logging calls it; of what goes over the wire nothing below INFO."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    keep_wire_quiet()


def keep_wire_quiet() -> None:
    """Let no logger write down what goes over the wire, whatever the level of the rest."""
    for name in WIRE:
        log = logging.getLogger(name)
        log.setLevel(max(logging.INFO, log.getEffectiveLevel()))
