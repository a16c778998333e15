"""Resources, the profiles bound to them, and what uses a profile."""

from collections import defaultdict
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, insert, select
from sqlalchemy import delete as delete_from

from domain.approvals.profiles import ProfileId
from domain.approvals.resources import Resource, ResourceId, ResourceKind
from domain.common.operations import Operation
from domain.pki import Rules
from domain.ports import Uses
from domain.store.repository import Repository, query
from domain.store.session import Session, upsert
from domain.store.tables import is_open_item, resource_approvals, resources, work_items

_ALL: Final = select(resources)
_ONE: Final = _ALL.where(resources.c.key == bindparam("id"))
_USING: Final = _ALL.where(
    resources.c.key.in_(select(resource_approvals.c.resource).where(resource_approvals.c.profile == bindparam("id")))
)
_APPROVALS: Final = select(resource_approvals)
_APPROVALS_OF_ONE: Final = _APPROVALS.where(resource_approvals.c.resource == bindparam("id"))
_REQUESTS_USING: Final = (
    select(work_items.c.request)
    .distinct()
    .where(
        work_items.c.profile == bindparam("id"),
        is_open_item,
    )
    .order_by(work_items.c.request)
)
_SAVE: Final = upsert(resources)
_UNBIND: Final = delete_from(resource_approvals).where(resource_approvals.c.resource == bindparam("id"))
_BIND: Final = insert(resource_approvals)
_DELETE: Final = delete_from(resources).where(resources.c.key == bindparam("id"))
_KINDS: Final = list(ResourceKind)


def get(session: Session, id: ResourceId) -> Resource | None:
    return next(iter(_read(session, _ONE, _APPROVALS_OF_ONE, id)), None)


def listed(session: Session) -> tuple[Resource, ...]:
    """By kind, then name."""
    return _read(session, _ALL, _APPROVALS)


def uses(session: Session, profile: ProfileId) -> Uses:
    """The resources bound to *profile*, and the open requests with an open work item under it."""
    return Uses(
        resources=_read(session, _USING, _APPROVALS, profile),
        requests=tuple(session.execute(_REQUESTS_USING, {"id": profile}).scalars()),
    )


def save(session: Session, resource: Resource) -> None:
    row = resource.model_dump(exclude={"approvals", "rules"})
    session.execute(_SAVE[session.dialect], row | {"rules": resource.rules.model_dump_json(exclude_none=True)})
    session.execute(_UNBIND, {"id": resource.key})
    if bound := [
        {"resource": resource.key, "operation": operation, "profile": profile}
        for operation, profile in resource.approvals.items()
    ]:
        session.execute(_BIND, bound)


def delete(session: Session, id: ResourceId) -> None:
    session.execute(_UNBIND, {"id": id})
    session.execute(_DELETE, {"id": id})


def _read(session: Session, which: Select[Any], approvals: Select[Any], id: str | None = None) -> tuple[Resource, ...]:
    of = {} if id is None else {"id": id}
    rows = session.execute(which, of).all()
    bound: defaultdict[str, dict[Operation, str]] = defaultdict(dict)
    if rows:
        for row in session.execute(approvals, of if approvals is _APPROVALS_OF_ONE else {}):
            bound[row.resource][row.operation] = row.profile
    found = [
        Resource(
            key=row.key,
            kind=row.kind,
            name=row.name,
            description=row.description,
            end_entity_profile=row.end_entity_profile,
            certificate_profile=row.certificate_profile,
            certificate_authority=row.certificate_authority,
            connector=row.connector,
            approvals=bound[row.key],
            rules=_rules(row.rules),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (_KINDS.index(one.kind), one.name.casefold(), one.key)))


@lru_cache(maxsize=1024)
def _rules(text: str) -> Rules:
    """The same text gives the same rules, and the certificates in them are read once."""
    return Rules.model_validate_json(text)


class SqlResourceReader(Repository):
    """`domain.ports.configuration.ResourceReader`."""

    get = query(get)
    listed = query(listed)


class SqlResourceWriter(SqlResourceReader):
    """`domain.ports.configuration.ResourceWriter`."""

    save = query(save)
    delete = query(delete)
