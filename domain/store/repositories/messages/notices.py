"""Messages about requests, and their delivery state."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import bindparam, select, update

from domain.approvals.requests import RequestId
from domain.notices.notices import Notice
from domain.ports import SentNotice
from domain.store.repository import Repository, query
from domain.store.session import AnyRow, Session, per_dialect
from domain.store.tables import notices

_ADD: Final = per_dialect(lambda insert: insert(notices).on_conflict_do_nothing(index_elements=["request", "key"]))
_SAVE: Final = (
    update(notices)
    .where(notices.c.id == bindparam("notice"))
    .values(
        conversation=bindparam("new_conversation"),
        ts=bindparam("new_ts"),
        shown=bindparam("new_shown"),
        attempted_at=bindparam("new_attempted_at"),
        doubtful_until=bindparam("new_doubtful_until"),
        failure=bindparam("new_failure"),
        failed_at=bindparam("new_failed_at"),
        settled_at=bindparam("new_settled_at"),
        drawn=bindparam("new_drawn"),
    )
)
_FORCE_REDRAW: Final = (
    update(notices).where(notices.c.id.in_(bindparam("ids", expanding=True))).values(shown=0, drawn="")
)
_OF_REQUEST: Final = select(notices).where(notices.c.request == bindparam("request")).order_by(notices.c.id)
_AT: Final = select(notices).where(notices.c.conversation == bindparam("conversation"), notices.c.ts == bindparam("ts"))


def force_redraw(session: Session, notices: Collection[int]) -> None:
    """Have these messages redrawn: what they show is not known."""
    if notices:
        session.execute(_FORCE_REDRAW, {"ids": sorted(notices)})


def add(session: Session, request: RequestId, notices: Collection[Notice]) -> None:
    """Notices that are new by their key; those that exist stay as they are."""
    if notices:
        rows = [{**notice.model_dump(), "request": request, "shown": 0} for notice in notices]
        session.execute(_ADD[session.dialect], rows)


def save(session: Session, notice: SentNotice) -> None:
    """Channel, ts, shown version, attempt, failure and end of one that exists."""
    session.execute(
        _SAVE,
        {
            "notice": notice.id,
            "new_conversation": notice.channel,
            "new_ts": notice.ts,
            "new_shown": notice.shown,
            "new_attempted_at": notice.attempted_at,
            "new_doubtful_until": notice.doubtful_until,
            "new_failure": notice.failure,
            "new_failed_at": notice.failed_at,
            "new_settled_at": notice.settled_at,
            "new_drawn": notice.drawn,
        },
    )


def of_request(session: Session, request: RequestId) -> tuple[SentNotice, ...]:
    """All of one request, in the order in which they were added."""
    return tuple(read_notice(row) for row in session.execute(_OF_REQUEST, {"request": request}))


def at(session: Session, channel: str, ts: str) -> SentNotice | None:
    row = session.execute(_AT, {"conversation": channel, "ts": ts}).one_or_none()
    return None if row is None else read_notice(row)


def read_notice(row: AnyRow) -> SentNotice:
    """One that a row of the table tells of."""
    notice = Notice(
        kind=row.kind,
        key=row.key,
        person=row.person,
        channel=row.channel,
        gate=row.gate,
        step=row.step,
        decision=row.decision,
        since=row.since,
        under=row.under,
    )
    return SentNotice(
        id=row.id,
        request=row.request,
        notice=notice,
        channel=row.conversation,
        ts=row.ts,
        shown=row.shown,
        attempted_at=row.attempted_at,
        doubtful_until=row.doubtful_until,
        failure=row.failure,
        failed_at=row.failed_at,
        settled_at=row.settled_at,
        drawn=row.drawn,
    )


class SqlNoticeReader(Repository):
    """`domain.ports.messages.NoticeReader`."""

    of_request = query(of_request)
    at = query(at)


class SqlNoticeWriter(SqlNoticeReader):
    """`domain.ports.messages.NoticeWriter`."""

    add = query(add)
    save = query(save)
    force_redraw = query(force_redraw)
