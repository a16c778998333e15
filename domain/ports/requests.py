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
        """Those that there are, in this order."""

    async def open_for(self, object_key: str) -> RequestId | None:
        """The open request for this operation and object (`domain.pki.object_key`)."""

    async def executed_for(self, object_key: str) -> RequestId | None:
        """The latest request for this operation and object that was carried out with success."""

    async def submitted_as(self, requester: PersonId, key: str) -> Request | None:
        """The request that *requester* submitted under this `submission_key`."""

    async def submitted_by(self, client: str, key: str) -> Request | None:
        """The request that the platform *client* submitted under this `submission_key`."""

    async def of_client(self, client: str, ids: Collection[RequestId]) -> frozenset[RequestId]:
        """Those of *ids* that the platform *client* submitted."""

    async def resubmissions_of(self, id: RequestId) -> tuple[RequestId, ...]: ...

    async def naming(self, approver: str, *, limit: int) -> tuple[RequestId, ...]:
        """Open requests with an open work item one of whose steps *approver* (`group:KEY`, `role:KEY`) may decide, oldest first."""

    async def blocked_on(self, profile: ProfileId) -> tuple[RequestId, ...]:
        """Requests whose current work item is blocked under this profile, oldest first."""

    async def open(self, *, after: RequestId | None = None, limit: int = 200) -> tuple[Request, ...]:
        """Every open request, oldest first, a batch at a time."""


class RequestWriter(RequestReader, Protocol):
    """Requests, one or several by id, object or client: saving."""

    async def lock(self, id: RequestId) -> Request | None:
        """The request, locked until the end of the transaction: locked first, as a statement of its own, then read."""

    async def new_id(self) -> RequestId:
        """The next number, never given twice."""

    async def save(self, change: Change) -> Request:
        """Save a change made on the version that was loaded: state, decisions, comments, releases and audit entries.

        Gives the request with its new version. Raises domain.common.errors.Conflict where somebody else saved first, and
        domain.common.errors.OpenRequestExists where another open request for the same operation and object was submitted first.
        """

    async def due(self, at: datetime, limit: int) -> tuple[RequestId, ...]:
        """Open requests whose deadline is at or before *at*, earliest first, locked; those that another replica holds are left out."""

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
        """Open requests whose current step *person* may decide now, newest first: not their own, not where they have decided.

        The same at a million open requests as at ten.
        """

    async def count_waiting(self, person: Person, *, delegators: Sequence[Person] = (), most: int) -> int:
        """How many requests `waiting_on` has for *person*, counted up to *most*: as quick as a page."""

    async def requested_by(
        self, person: PersonId, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page: ...

    async def count_requested(self, person: PersonId, *, most: int) -> int:
        """How many requests are *person*'s, counted up to *most*."""

    async def recent(
        self, person: PersonId, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page:
        """What last concerned *person*, newest first: their requests that closed, and requests that they, or somebody for them, decided on.

        In the order in which they closed or were decided on; the page begins after the request *before*.
        """

    async def all(
        self, *, filter: ListFilter | None = None, limit: int = 10, before: RequestId | None = None
    ) -> Page: ...
