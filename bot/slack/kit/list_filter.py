"""What a list of requests is narrowed by: one set of filters, for what is typed after `/approval list` and for the Home alike."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from domain.approvals.delegation import time_zone
from domain.approvals.resources import ResourceId
from domain.approvals.status import RequestStatus
from domain.common.errors import NoSuchResource
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.people.people import PersonId
from domain.ports import ListFilter, Store


class Filter(Frozen):
    """What is None does not restrict."""

    statuses: frozenset[RequestStatus] | None = None
    operation: Operation | None = None
    resource: str | None = None
    """The key of a resource, or its name: `narrowed` looks it up."""
    requester: PersonId | None = None
    created_from: date | None = None
    created_to: date | None = None
    """The last day that counts. Days are those of whoever reads the list."""

    @property
    def restricts(self) -> bool:
        """Whether it leaves anything out."""
        return self.only != Filter()

    @property
    def only(self) -> "Filter":
        """The filter alone, of something that is more."""
        return Filter(**{name: getattr(self, name) for name in Filter.model_fields})

    def words(self) -> list[str]:
        """As one would type it: `approved operation:issue from:2026-11-01`."""
        words = [status.value for status in sorted(self.statuses or ())]
        if self.operation is not None:
            words.append(f"operation:{self.operation}")
        if self.resource is not None:
            words.append('resource:"' + self.resource.replace('"', "") + '"')
        if self.requester is not None:
            words.append(f"by:<@{self.requester.partition('/')[2]}>")
        for name, day in (("from", self.created_from), ("to", self.created_to)):
            if day is not None:
                words.append(f"{name}:{day.isoformat()}")
        return words

    def narrowing(self, resource: ResourceId | None = None, place: tzinfo = UTC) -> ListFilter:
        """For the store, with the resource that was found, and days as they are at *place*."""
        after_last = self.created_to + timedelta(days=1) if self.created_to is not None else None
        return ListFilter(
            statuses=self.statuses,
            operation=self.operation,
            resource=resource,
            requester=self.requester,
            created_from=_midnight(self.created_from, place),
            created_before=_midnight(after_last, place),
        )


class Narrowed(NamedTuple):
    """A filter as the store takes it, and what it says that only the store knows."""

    filter: ListFilter | None = None
    resource: str = ""
    """What the resource is called."""


async def narrowed(store: Store, filter: Filter, reader: PersonId, *, gone: bool = False) -> Narrowed:
    """*filter* for the store, in the days of *reader*; nothing where it restricts nothing.

    Raises NoSuchResource where it names one, by key or, without regard to case, by name, that there is not. With *gone* what it names
    is a key, of a resource that may have been deleted since.
    """
    if not filter.restricts:
        return Narrowed()
    async with store.reading() as reading:
        identity = (await reading.people.identities([reader])).get(reader)
        resources = await reading.resources.listed() if filter.resource is not None else ()
    place = time_zone(identity.time_zone) if identity is not None else UTC
    if (named := filter.resource) is None:
        return Narrowed(filter.narrowing(None, place))
    found = next(
        (resource for resource in resources if resource.key == named or resource.name.casefold() == named.casefold()),
        None,
    )
    if found is not None:
        return Narrowed(filter.narrowing(found.id, place), found.name)
    if not gone:
        raise NoSuchResource(resource=named)
    return Narrowed(filter.narrowing(ResourceId(named), place), named)


def _midnight(day: date | None, place: tzinfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=place)
