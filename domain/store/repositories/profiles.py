"""Approval profiles and their immutable versions."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select, update

from domain.approvals.profiles import Approvers, Definition, ProfileId, ProfileVersion
from domain.common.errors import Conflict
from domain.store.drivers.driver_errors import unique_as
from domain.store.repositories.directory import configured_from, mark_configured
from domain.store.repositories.profile_drafts import get_draft, save_draft
from domain.store.repositories.resources import uses
from domain.store.repository import Repository, query
from domain.store.session import Session, VersionKey
from domain.store.tables import profile_step_approvers, profile_versions, profiles

_COLUMNS: Final = (profile_versions.c.profile, profile_versions.c.number, profile_versions.c.definition)
_ONE: Final = select(*_COLUMNS).where(
    profile_versions.c.profile == bindparam("id"), profile_versions.c.number == bindparam("number")
)
_ALL_OF_ONE: Final = (
    select(*_COLUMNS).where(profile_versions.c.profile == bindparam("id")).order_by(profile_versions.c.number.desc())
)
_LISTED: Final = select(profiles.c.key, profiles.c.number).where(profiles.c.deleted_at.is_(None))
_PRESENT: Final = _LISTED.where(profiles.c.key == bindparam("id"))
_ANY: Final = select(profiles.c.key).where(profiles.c.key == bindparam("id"))
_BY_NAME: Final = _LISTED.order_by(profiles.c.folded_name, profiles.c.key)

_ADD_PROFILE: Final = insert(profiles)
_MOVE_ON: Final = (
    update(profiles)
    .where(profiles.c.key == bindparam("id"), profiles.c.number == bindparam("before"))
    .values(number=bindparam("after"), folded_name=bindparam("folded"), deleted_at=None)
)
_DELETE: Final = (
    update(profiles)
    .where(profiles.c.key == bindparam("id"), profiles.c.deleted_at.is_(None))
    .values(deleted_at=bindparam("moment"))
)
_ADD_VERSION: Final = insert(profile_versions)
_ADD_APPROVERS: Final = insert(profile_step_approvers)


def get_version(session: Session, id: ProfileId | str, number: int) -> ProfileVersion | None:
    """Any version there ever was."""
    key: VersionKey = (id, number)
    known = session.own_versions.get(key) or session.versions.get(key)
    if known is None:
        row = session.execute(_ONE, {"id": id, "number": number}).one_or_none()
        if row is None:
            return None
        known = _read(session, *row)
    return known


def versions(session: Session, id: ProfileId) -> tuple[ProfileVersion, ...]:
    """All of one profile, newest first."""
    return tuple(_read(session, *row) for row in session.execute(_ALL_OF_ONE, {"id": id}))


def get(session: Session, id: ProfileId) -> ProfileVersion | None:
    row = session.execute(_PRESENT, {"id": id}).one_or_none()
    return None if row is None else get_version(session, *row)


def listed(session: Session) -> tuple[ProfileVersion, ...]:
    """The present version of each profile that is not deleted, by name."""
    versions = (get_version(session, key, number) for key, number in session.execute(_BY_NAME).all())
    return tuple(version for version in versions if version is not None)


def save(session: Session, version: ProfileVersion) -> None:
    """A new version, which brings a deleted profile back. Raises Conflict where its number is not the next, NameTaken."""
    folded = version.name.casefold()
    with unique_as(name=version.name):
        if version.number > 1:
            moving = {"id": version.profile, "before": version.number - 1, "after": version.number, "folded": folded}
            if session.execute(_MOVE_ON, moving).rowcount != 1:
                raise Conflict
        else:
            if session.execute(_ANY, {"id": version.profile}).first() is not None:
                raise Conflict  # asked for, because else SQLite complains of the name, which is its own
            session.execute(
                _ADD_PROFILE, {"key": version.profile, "number": 1, "folded_name": folded, "deleted_at": None}
            )
        session.execute(
            _ADD_VERSION,
            {"profile": version.profile, "number": version.number, "definition": version.definition.model_dump_json()},
        )
    if approvers := list(_approvers(version)):
        session.execute(_ADD_APPROVERS, approvers)
    session.own_versions[version.profile, version.number] = version


def delete(session: Session, id: ProfileId, at: datetime) -> None:
    """Take it off the list."""
    session.execute(_DELETE, {"id": id, "moment": at})


def _approvers(version: ProfileVersion) -> list[dict[str, object]]:
    rows = []
    for number, step in enumerate(version.steps):
        own = _names(step.approvers)
        further = _names(step.escalation.approvers) if step.escalation is not None else []
        place = {"profile": version.profile, "version": version.number, "step": number}
        rows += [{**place, "approver": name, "further": False} for name in own]
        rows += [{**place, "approver": name, "further": True} for name in further if name not in own]
    return rows


def _names(approvers: Approvers) -> list[str]:
    return [
        *(f"user:{person}" for person in approvers.users),
        *(f"group:{group}" for group in approvers.groups),
        *(f"role:{role}" for role in approvers.roles),
    ]


def _read(session: Session, profile: str, number: int, definition: str) -> ProfileVersion:
    key: VersionKey = (profile, number)
    if (own := session.own_versions.get(key)) is not None:
        return own
    if (known := session.versions.get(key)) is None:
        known = ProfileVersion(profile=profile, number=number, definition=Definition.model_validate_json(definition))
        session.versions[key] = known
    return known


class SqlProfileReader(Repository):
    """`domain.ports.configuration.ProfileReader`."""

    get = query(get)
    version = query(get_version)
    versions = query(versions)
    listed = query(listed)
    draft = query(get_draft)
    uses = query(uses)
    configured_from = query(configured_from)


class SqlProfileWriter(SqlProfileReader):
    """`domain.ports.configuration.ProfileWriter`."""

    save = query(save)
    delete = query(delete)
    save_draft = query(save_draft)
    mark_configured = query(mark_configured)
