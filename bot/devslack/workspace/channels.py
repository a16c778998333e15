"""Conversations and their messages. A stored message is never changed in place: an edit stores a new one."""

import time
from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from bot.devslack.errors import Json


class Kind(StrEnum):
    PUBLIC = "public_channel"
    PRIVATE = "private_channel"
    IM = "im"

    @property
    def scope_prefix(self) -> str:
        return {Kind.PUBLIC: "channels", Kind.PRIVATE: "groups", Kind.IM: "im"}[self]


@dataclass(slots=True)
class Channel:
    """A conversation. `members` includes the app's bot user; `person` is the human in a direct message."""

    id: str
    name: str
    kind: Kind
    members: dict[str, None] = field(default_factory=dict)
    is_archived: bool = False
    person: str = ""
    created: int = field(default_factory=lambda: int(time.time()))
    messages: dict[str, Json] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    threads: dict[str, list[str]] = field(default_factory=dict)
    ephemerals: dict[str, dict[str, Json]] = field(default_factory=dict)

    def add(self, message: Json) -> None:
        """Store a new message; a reply is counted at its parent, as Slack's clients show it."""
        ts = message["ts"]
        self.messages[ts] = message
        insort(self.order, ts)
        root = message.get("thread_ts")
        if root and root != ts:
            self.threads.setdefault(root, []).append(ts)
            self._count_replies(root)

    def replace(self, message: Json) -> None:
        self.messages[message["ts"]] = message

    def remove(self, ts: str) -> None:
        """Delete a message; the parent of a thread leaves a tombstone, as at Slack."""
        message = self.messages[ts]
        if self.threads.get(ts):
            thread_fields = {k: v for k, v in message.items() if k.startswith(("reply", "latest", "thread"))}
            self.messages[ts] = {
                **thread_fields,
                "type": "message",
                "subtype": "tombstone",
                "user": "USLACKBOT",
                "text": "This message was deleted.",
                "ts": ts,
            }
            return
        del self.messages[ts]
        place = bisect_left(self.order, ts)
        del self.order[place]
        root = message.get("thread_ts")
        if root and root != ts and root in self.threads:
            self.threads[root].remove(ts)
            self._count_replies(root)

    def newest_first(self, before: str | None) -> Iterator[Json]:
        """Messages of the channel itself (replies live in their threads), newest first; `before` is exclusive."""
        end = bisect_left(self.order, before) if before else len(self.order)
        for place in range(end - 1, -1, -1):
            ts = self.order[place]
            message = self.messages[ts]
            if message.get("thread_ts", ts) == ts:
                yield message

    def thread(self, root: str) -> list[Json]:
        """The parent and its replies, oldest first."""
        return [self.messages[ts] for ts in (root, *self.threads.get(root, ())) if ts in self.messages]

    def visible_to(self, user: str) -> list[Json]:
        """Everything this person can read in the channel, oldest first, their own ephemeral messages included."""
        own = self.ephemerals.get(user)
        if not own:
            return [self.messages[ts] for ts in self.order]
        messages = {**self.messages, **own}
        return [messages[ts] for ts in sorted(messages)]

    def _count_replies(self, root: str) -> None:
        parent = self.messages.get(root)
        if parent is None:
            return
        replies = [self.messages[ts] for ts in self.threads.get(root, ())]
        authors = list(dict.fromkeys(reply.get("user", "") for reply in replies))
        plain = {k: v for k, v in parent.items() if k not in {"reply_count", "reply_users", "latest_reply"}}
        if replies:
            plain |= {
                "thread_ts": root,
                "reply_count": len(replies),
                "reply_users_count": len(authors),
                "reply_users": authors,
                "latest_reply": replies[-1]["ts"],
                "is_locked": False,
                "subscribed": False,
            }
        self.messages[root] = plain

    def described(self, bot_user: str, seen_by: str | None = None) -> Json:
        """Slack's conversation object, as the app sees it, or as `seen_by` does (the other side of an IM is `user`)."""
        if self.kind is Kind.IM:
            return self._direct(bot_user if seen_by == self.person else self.person)
        private = self.kind is Kind.PRIVATE
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not private,
            "is_group": private,
            "is_im": False,
            "is_mpim": False,
            "is_private": private,
            "created": self.created,
            "is_archived": self.is_archived,
            "is_general": self.name == "general",
            "is_shared": False,
            "is_org_shared": False,
            "is_ext_shared": False,
            "is_pending_ext_shared": False,
            "is_member": (seen_by or bot_user) in self.members,
            "creator": next(iter(self.members), "USLACKBOT"),
            "num_members": len(self.members),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "previous_names": [],
        }

    def _direct(self, person: str) -> Json:
        return {
            "id": self.id,
            "created": self.created,
            "is_archived": self.is_archived,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": "",
            "updated": self.created * 1000,
            "user": person,
            "is_user_deleted": False,
            "priority": 0,
            "is_open": True,
        }
