"""Requests and lists of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from domain.approvals.changes import Change
from domain.approvals.profiles import ProfileId
from domain.approvals.requests import Request, RequestId
from domain.people.people import Person, PersonId
from domain.ports.values import ListFilter, Page


class RequestReader(Protocol):
    """Requests, one or several by id, object or client."""

    async def get(self, id: RequestId) -> Request | None: ...

    async def get_many(self, ids: Collection[RequestId]) -> tuple[Request, ...]:
        """Those of *ids* that exist, in this order."""

    async def open_for(self, object_key: str) -> RequestId | None:
        """The open request for this operation and object (`domain.pki.object_key`)."""

    async def executed_for(self, object_key: str) -> RequestId | None:
        """The latest request for this operation and object that was executed."""

    async def submitted_as(self, requester: PersonId, key: str) -> Request | None:
        """The request that *requester* submitted under this `submission_key`."""

    async def submitted_by(self, client: str, key: str) -> Request | None:
        """The request that the platform *client* submitted under this `submission_key`."""

    async def of_client(self, client: str, ids: Collection[RequestId]) -> frozenset[RequestId]:
        """Those of *ids* that the platform *client* submitted."""

    async def resubmissions_of(self, id: RequestId) -> tuple[RequestId, ...]: ...

    async def naming(self, approver: str, *, limit: int) -> tuple[RequestId, ...]:
        """Open requests with an open work item that has a step for *approver* (`group:KEY`, `role:KEY`), oldest first."""

    async def blocked_on(self, profile: ProfileId) -> tuple[RequestId, ...]:
        """Requests whose current work item is blocked under this profile, oldest first."""

    async def open(self, *, after: RequestId | None = None, limit: int = 200) -> tuple[Request, ...]:
        """Open requests, oldest first: up to *limit*, after the request *after*."""


class RequestWriter(RequestReader, Protocol):
    """Requests, one or several by id, object or client: saving."""

    async def lock(self, id: RequestId) -> Request | None:
        """The request, locked until the end of the transaction: it is locked in a statement of its own, then read."""

    async def new_id(self) -> RequestId:
        """The next number. No number is given twice."""

    async def save(self, change: Change) -> Request:
        """Save a change made on the version that was loaded: state, decisions, comments, releases and audit entries.

        Gives the request with its new version. Raises domain.common.errors.Conflict if somebody else saved first, and
        domain.common.errors.OpenRequestExists if another open request for the same operation and object was submitted first.
        """

    async def due(self, at: datetime, limit: int) -> tuple[RequestId, ...]:
        """Open requests whose deadline is at or before *at*, earliest first, locked. Those that another replica has locked are left out."""

    async def escalating(self, at: datetime, limit: int) -> tuple[RequestId, ...]:
        """Open requests whose step escalates at or before *at* and whose deadline is after it, earliest first, locked as by `due`."""


class RequestLists(Protocol):
    """Lists of requests, a page at a time."""

    async def waiting_on(
        self,
        person: Person,
        *,
        delegators: Sequence[Person] = (),
        filter: ListFilter | None = None,
        limit: int = 10,
        before: RequestId | None = None,
    ) -> Page:
        """Open requests whose current step *person* may decide now, newest first; without their own and those where they have decided.

        It costs the same with a million open requests as with ten.
        """

    async def count_waiting(self, person: Person, *, delegators: Sequence[Person] = (), most: int) -> int:
        """How many requests `waiting_on` has for *person*, counted up to *most*. It costs as much as a page."""

    async def requested_by(
        self, person: PersonId, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page: ...

    async def count_requested(self, person: PersonId, *, most: int) -> int:
        """How many requests are *person*'s, counted up to *most*."""

    async def recent(
        self, person: PersonId, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page:
        """Requests of *person* that closed, and requests that they or their delegate decided on: the latest of these events first.

        The page begins after the request *before*.
        """

    async def all(
        self, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page: ...
