"""Logs of the calls the app made and of what it was sent: the latest ten thousand each. Tokens are never shown."""

import json
import time
from collections import deque
from typing import Any

from bot.devslack.errors import Json
from bot.devslack.workspace.workspace import Credentials

MAX_ENTRIES = 10_000


class ActivityLog:
    """The latest entries, numbered from 1 since the start."""

    def __init__(self) -> None:
        self._entries: deque[Json] = deque(maxlen=MAX_ENTRIES)
        self._count = 0

    def add(self, **entry: Any) -> Json:
        self._count += 1
        numbered = {"n": self._count, "at": time.time(), **entry}
        self._entries.append(numbered)
        return numbered

    def last(self, n: int) -> Json | None:
        """The n-th last entry, 1 being the latest."""
        return self._entries[-n] if 1 <= n <= len(self._entries) else None

    def entries(self, credentials: Credentials, since: int = 0) -> list[Json]:
        """Copies of the entries after number `since`, with every secret replaced by ***."""
        text = json.dumps([entry for entry in self._entries if entry["n"] > since])
        for secret in (credentials.bot, credentials.app, credentials.signing_secret, credentials.verification):
            text = text.replace(secret, "***")
        return json.loads(text)  # type: ignore[no-any-return]  # a list of objects went in

    def clear(self) -> None:
        self._entries.clear()
