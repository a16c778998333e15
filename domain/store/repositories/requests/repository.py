"""The repositories of requests and of lists. Their queries are in the other modules of this folder."""

from domain.store.repositories.requests import listing, loading, recent, saving, waiting
from domain.store.repository import Repository, query


class SqlRequestReader(Repository):
    """`domain.ports.requests.RequestReader`."""

    get = query(loading.load)
    get_many = query(loading.load_all)
    open_for = query(saving.open_for)
    executed_for = query(saving.executed_for)
    submitted_as = query(listing.submitted_as)
    submitted_by = query(listing.submitted_by)
    of_client = query(listing.of_client)
    resubmissions_of = query(listing.resubmissions_of)
    naming = query(listing.naming)
    blocked_on = query(listing.blocked_on)
    open = query(listing.open_requests)


class SqlRequestWriter(SqlRequestReader):
    """`domain.ports.requests.RequestWriter`."""

    lock = query(loading.lock)
    new_id = query(saving.new_id)
    save = query(saving.save)
    due = query(listing.due)
    escalating = query(listing.escalating)


class SqlRequestLists(Repository):
    """`domain.ports.requests.RequestLists`."""

    waiting_on = query(waiting.waiting_on)
    count_waiting = query(waiting.count_waiting)
    requested_by = query(listing.requested_by)
    count_requested = query(listing.count_requested)
    recent = query(recent.recent)
    all = query(listing.all_requests)
