"""The mirror of the workspace, groups, roles and delegations."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    false,
    text,
)

from domain.people.people import Standing
from domain.store.tables.base import Number, metadata
from domain.store.tables.types import Moment, one_of

workspace: Final = Table(
    "workspace",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("team", String(40)),
    Column("name", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),
    Column("bot_user", String(40), nullable=False, server_default=""),
    Column("mirrored_at", Moment),
    # the content of the configuration file that was last applied at a start: its SHA-256, in hex
    Column("configured_from", String(64)),
    CheckConstraint("one = 1", name="one"),
)

people: Final = Table(
    "people",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("folded_email", Text, nullable=False),
    Column("standing", one_of(Standing, "standing"), nullable=False),
    Column("time_zone", Text, nullable=False),
)
_addressed = text("folded_email <> ''")
Index("people_by_email", people.c.folded_email, postgresql_where=_addressed, sqlite_where=_addressed)

usergroups: Final = Table(
    "usergroups",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("handle", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("gone", Boolean, nullable=False, server_default=false()),
)

heard: Final = Table(
    "heard",
    metadata,
    # `person:ID` or `usergroup:ID`
    Column("subject", String(100), primary_key=True),
    Column("heard_at", Moment, nullable=False),
    # when it happened, as Slack says; nothing where Slack was asked
    Column("told_at", Moment),
)
Index("heard_by_time", heard.c.heard_at)

usergroup_members: Final = Table(
    "usergroup_members",
    metadata,
    Column("usergroup", String(40), ForeignKey("usergroups.id"), nullable=False),
    Column("person", String(80), nullable=False),
    PrimaryKeyConstraint("usergroup", "person"),
)
Index("usergroup_members_by_person", usergroup_members.c.person)

groups: Final = Table(
    "groups",
    metadata,
    Column("key", String(63), primary_key=True),
    Column("name", Text, nullable=False),
    Column("usergroup", String(40)),  # may be one that the mirror does not know yet
)
Index("groups_by_usergroup", groups.c.usergroup)

group_members: Final = Table(
    "group_members",
    metadata,
    Column("group", String(63), ForeignKey("groups.key"), nullable=False),
    Column("person", String(80), nullable=False),
    Column("place", Integer, nullable=False),
    PrimaryKeyConstraint("group", "person"),
)
Index("group_members_by_person", group_members.c.person)

roles: Final = Table(
    "roles",
    metadata,
    Column("key", String(63), primary_key=True),
    Column("name", Text, nullable=False),
    Column("usergroup", String(40)),
)
Index("roles_by_usergroup", roles.c.usergroup)

role_holders: Final = Table(
    "role_holders",
    metadata,
    Column("role", String(63), ForeignKey("roles.key"), nullable=False),
    Column("person", String(80), nullable=False),
    Column("place", Integer, nullable=False),
    PrimaryKeyConstraint("role", "person"),
)
Index("role_holders_by_person", role_holders.c.person)

delegations: Final = Table(
    "delegations",
    metadata,
    Column("number", Number, Identity(), primary_key=True),
    Column("delegator", String(80), nullable=False),
    Column("delegate", String(80), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("revoked_at", Moment),
    # when it begins, ends or was revoked next, as far as nobody has looked after the open requests since
    Column("turns_at", Moment),
    CheckConstraint("delegator <> delegate", name="somebody_else"),
    CheckConstraint("starts_at < ends_at", name="some_time"),
)
Index("delegations_by_delegate", delegations.c.delegate, delegations.c.ends_at)
Index("delegations_by_delegator", delegations.c.delegator, delegations.c.ends_at)
_turning = text("turns_at IS NOT NULL")
Index("delegations_turning", delegations.c.turns_at, postgresql_where=_turning, sqlite_where=_turning)
