"""Which notices a request asks for: what the message worker works out, for drivers that have no Slack."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from domain.approvals.delegation import Delegates
from domain.approvals.eligibility import People
from domain.approvals.requests import Request
from domain.notices.notices import Notice, NoticeKind, open_asks, wanted
from domain.notices.reminders import QuietHours, Reminders, reminders
from domain.people.people import PersonId

QUIET: Final = QuietHours()


def asking(
    request: Request,
    known: Collection[Notice],
    at: datetime,
    *,
    people: People,
    administrators: Collection[PersonId],
    delegates: Delegates,
) -> tuple[tuple[Notice, ...], Reminders]:
    """The notices that *request* asks for at *at* where *known* are there, and its reminders. Everybody lives in UTC."""
    by_key = {notice.key: notice for notice in known}
    found = wanted(
        request,
        people=people,
        administrators=administrators,
        asked=[notice for notice in known if notice.kind is NoticeKind.ASK],
        delegates=delegates,
        at=at,
    )
    asks = [by_key.get(ask.key, ask) for ask in open_asks(request, people, delegates, at)]
    return found, reminders(request, asks, at, zones={}, quiet=QUIET)
