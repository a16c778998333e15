"""Which messages of a request have to be posted or drawn again now, and how much somebody waits for each."""

import json
from collections.abc import Iterable, Iterator
from enum import Enum, IntEnum
from hashlib import blake2b
from typing import Final, NamedTuple

from bot.messages.snapshot import Snapshot
from bot.slack.kit.blocks.message import Message
from domain.notices.notices import NoticeKind
from domain.notices.update_queue import Queue
from domain.people.people import PersonId
from domain.ports import SentNotice


class UpdateKind(Enum):
    """What brings a message up to date."""

    POST = "post"
    REDRAW = "redraw"
    LOOK_FOR = "look_for"
    """A post was begun and nobody knows what came of it: look for the message. It is posted again only once it is known not to be there."""


class Urgency(IntEnum):
    """What goes first."""

    ASK = 0
    """Somebody has to act."""
    SHOW = 1
    """Somebody reads what is no longer so."""
    COSMETIC = 2
    """It says what other messages say as well."""


class DueMessage(NamedTuple):
    """A message, and what it shows once it is up to date."""

    sent: SentNotice
    kind: UpdateKind
    urgency: Urgency
    message: Message
    drawn: str
    """The digest of *message*."""
    shown: int
    """The version that it shows."""
    under: SentNotice | None
    """The message in whose thread it belongs."""

    @property
    def queue(self) -> Queue:
        """Where its request waits if this cannot be done now."""
        if self.kind is UpdateKind.REDRAW:
            return Queue.REDRAWS
        return Queue.COSMETICS if self.urgency is Urgency.COSMETIC else Queue.POSTS


_URGENCY: Final = {
    NoticeKind.PROGRESS: Urgency.SHOW,
    NoticeKind.OUTCOME: Urgency.SHOW,
    NoticeKind.OVERRIDDEN: Urgency.SHOW,
    NoticeKind.REVIEW: Urgency.COSMETIC,
}
"""Of a post; what is not here asks somebody to act."""


def due_in(snapshot: Snapshot) -> tuple[list[DueMessage], list[SentNotice]]:
    """What is to be done now, the most urgent first; and the messages, as they are to be kept, that would look as they do."""
    found, same = [], []
    for due in _outdated(snapshot):
        if due.kind is UpdateKind.REDRAW and due.drawn == due.sent.drawn:
            if due.shown != due.sent.shown:
                same.append(due.sent.replace(shown=due.shown))
        else:
            found.append(due)
    return sorted(found, key=lambda due: (due.urgency, due.sent.id)), same


def _outdated(snapshot: Snapshot) -> Iterator[DueMessage]:
    for sent in snapshot.sent.values():
        under = snapshot.sent.get(sent.notice.under)
        if sent.failure is not None or (sent.notice.under and (under is None or under.ts is None)):
            continue
        unknown = sent.ts is None and sent.attempted_at is not None
        moot = not snapshot.is_due(sent) or (sent.ts is None and _is_over(sent, snapshot))
        if moot and not unknown:
            continue  # up to date, or overtaken before it could be posted
        if sent.ts is None:
            kind = UpdateKind.LOOK_FOR if unknown else UpdateKind.POST
            urgency = _URGENCY.get(sent.notice.kind, Urgency.ASK)
        else:
            kind, urgency = UpdateKind.REDRAW, Urgency.SHOW
        message = snapshot.draw(sent.notice)
        yield DueMessage(sent, kind, urgency, message, digest(message), snapshot.shown(sent.notice), under)


def _is_over(sent: SentNotice, snapshot: Snapshot) -> bool:
    """Whether this asks about a step that is not open."""
    here = snapshot.request.current
    if sent.notice.kind is not NoticeKind.ASK:
        return False
    return here is None or (sent.notice.gate, sent.notice.step) != (here.position, here.step)


def digest(message: Message) -> str:
    """Of what *message* shows, whatever the order of its fields."""
    written = json.dumps(message.arguments(), sort_keys=True, ensure_ascii=False)
    return blake2b(written.encode(), digest_size=16).hexdigest()


def readers_of(sent: Iterable[SentNotice]) -> set[PersonId]:
    """The people to whom these are."""
    return {notice.notice.person for notice in sent if notice.notice.person is not None}
