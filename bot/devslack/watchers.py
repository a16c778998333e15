"""Who is looking: each watcher hears of the changes that their user could see. Feeds the page's event stream."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.devslack.channels import Channel, Kind
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

    def tell_channel(self, channel: Channel, change: Json) -> None:
        """Tell the members, and for a public channel everyone who looks."""
        if not self._queues:
            return
        everyone = channel.kind is Kind.PUBLIC
        users = [u for u in self._queues if everyone or u in channel.members or u == channel.person]
        self.tell(users, {"channel": channel.id, **change})

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
