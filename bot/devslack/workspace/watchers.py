"""The open pages: each is told of the changes that its user can see. Feeds the page's event stream."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.devslack.errors import Json

QUEUE = 1000


class Watchers:
    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[Json | None]]] = {}

    def tell(self, users: list[str], change: Json) -> None:
        for user in users:
            for queue in self._queues.get(user, ()):
                if queue.qsize() < QUEUE:
                    queue.put_nowait(change)

    @property
    def watching(self) -> list[str]:
        """The users with an open page."""
        return list(self._queues)

    def tell_all(self, change: Json) -> None:
        self.tell(list(self._queues), change)

    @contextmanager
    def listening(self, user: str) -> Iterator[asyncio.Queue[Json | None]]:
        """A queue of this user's changes for as long as the block lasts; None in it means that devslack stops."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._queues.setdefault(user, set()).add(queue)
        try:
            yield queue
        finally:
            self._queues[user].discard(queue)
            if not self._queues[user]:
                del self._queues[user]

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for queues in self._queues.values():
            for queue in queues:
                queue.put_nowait(None)
