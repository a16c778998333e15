"""Several requests at once: what somebody may see of them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from domain.approvals.requests import Request, RequestId
from domain.people.people import PersonId
from domain.ports import Store
from domain.workflow.locking import somebody


async def visible(store: Store, by: PersonId, ids: Collection[RequestId], at: datetime) -> Mapping[RequestId, Request]:
    """Those of the requests *ids* that *by* may see, as they are now. Raises NotAMember."""
    async with store.reading() as reading:
        who = await somebody(reading, by, at)
        found = [await reading.requests.get(request_id) for request_id in ids]
    return {
        request.id: request
        for request in found
        if request is not None and request.is_seen_by(who.person, who.delegators)
    }
