"""People, their standing in the workspace, groups and roles: SPEC.md section 5.

A person is a Slack identity, team and user id. Names are labels and are never compared.
"""

import re
from enum import StrEnum
from typing import Annotated, Final, NewType, Self

from pydantic import AfterValidator, Field, model_validator

from domain.common.frozen import Frozen

PersonId = NewType("PersonId", str)
"""`TEAM/USER`, as in `T024BE7LD/U0G9QF9C6`: made by `person_id`, taken apart by `team_and_user`."""


def _is_key(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,62}", value):
        raise ValueError(
            "is not a key: 1 to 63 of a-z, 0-9, dot, dash and underscore, beginning with a letter or digit"
        )
    return value


Key = Annotated[str, AfterValidator(_is_key)]
GroupId = NewType("GroupId", str)
"""The key of a group: it stays when the group is renamed."""
RoleId = NewType("RoleId", str)
"""The key of a role."""

ADMINISTRATOR: Final = RoleId("administrator")
AUDITOR: Final = RoleId("auditor")
BUILT_IN_ROLES: Final = {ADMINISTRATOR: "Administrator", AUDITOR: "Auditor"}


def person_id(team: str, user: str) -> PersonId:
    """The id of the person whom Slack calls *user* in the workspace *team*. Raises ValueError for ids that Slack never gives."""
    if not re.fullmatch(r"[A-Z0-9]{1,32}", team) or not re.fullmatch(r"[A-Z0-9]{1,32}", user):
        raise ValueError(f"not a Slack team and user id: {team!r}, {user!r}")
    return PersonId(f"{team}/{user}")


def team_and_user(person: PersonId) -> tuple[str, str]:
    """The Slack team and user id in *person*."""
    team, _, user = person.partition("/")
    return team, user


class Standing(StrEnum):
    """What somebody is in the workspace. Only a full member may request, decide or read."""

    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    STRANGER = "stranger"

    @property
    def described(self) -> str:
        """In a sentence about somebody: `a guest`."""
        return {
            "member": "a member",
            "guest": "a guest",
            "bot": "a bot",
            "deactivated": "deactivated",
            "stranger": "from elsewhere",
        }[self]


class Person(Frozen):
    """Somebody, with the groups and roles that are theirs at this moment: looked up for each decision, never kept."""

    id: PersonId
    name: str = ""
    standing: Standing = Standing.MEMBER
    groups: frozenset[GroupId] = frozenset()
    roles: frozenset[RoleId] = frozenset()

    @property
    def takes_part(self) -> bool:
        """Whether this is an active full member of the workspace."""
        return self.standing is Standing.MEMBER

    @property
    def is_administrator(self) -> bool:
        return self.takes_part and ADMINISTRATOR in self.roles

    @property
    def reads_all(self) -> bool:
        """Administrators and auditors see every request."""
        return self.takes_part and bool({ADMINISTRATOR, AUDITOR} & self.roles)


class Identity(Frozen):
    """What the workspace says of somebody: mirrored, so that a click needs no call."""

    id: PersonId
    name: str
    email: str = ""
    standing: Standing = Standing.MEMBER
    time_zone: str = "UTC"


class UserGroup(Frozen):
    """A user group of the workspace, mirrored with its members."""

    id: str
    handle: str
    name: str
    members: tuple[PersonId, ...] = ()


class Group(Frozen):
    """People who approve together: a user group of the workspace, or a list."""

    key: Key
    name: str = Field(min_length=1, max_length=80)
    usergroup: str | None = None
    members: tuple[PersonId, ...] = ()

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if self.usergroup is not None and self.members:
            raise ValueError("a group either follows a Slack user group or lists its members")
        return self


class Role(Frozen):
    """A right that people hold by name, through a user group of the workspace, or both."""

    key: Key
    name: str = Field(min_length=1, max_length=80)
    usergroup: str | None = None
    holders: tuple[PersonId, ...] = ()
