"""The current configuration, and the mirrored workspace that it refers to."""

from collections.abc import Callable, Mapping

from domain.approvals.profiles import Approvers, ProfileVersion
from domain.approvals.resources import Resource
from domain.common.frozen import Frozen
from domain.people.people import Group, Identity, PersonId, Role, Standing, UserGroup


class CurrentState(Frozen):
    """Everything a plan starts from."""

    team: str
    people: Mapping[PersonId, Identity]
    usergroups: tuple[UserGroup, ...]
    groups: Mapping[str, Group]
    roles: Mapping[str, Role]
    """With the built-in ones."""
    profiles: Mapping[str, ProfileVersion]
    resources: Mapping[str, Resource]
    retired: Mapping[str, int] = {}
    """The newest version number of profiles that were deleted and whose key is wanted again."""


def members_of(
    current: CurrentState, groups: Mapping[str, Group], roles: Mapping[str, Role]
) -> Callable[[Approvers], frozenset[PersonId]]:
    """A function from approvers to the active members among them, if *groups* and *roles* were what is configured."""
    in_usergroup = {usergroup.id: usergroup.members for usergroup in current.usergroups}
    active = {person for person, identity in current.people.items() if identity.standing is Standing.MEMBER}
    in_group = {key: {*group.members, *in_usergroup.get(group.usergroup or "", ())} for key, group in groups.items()}
    in_role = {key: {*role.holders, *in_usergroup.get(role.usergroup or "", ())} for key, role in roles.items()}

    def members(approvers: Approvers) -> frozenset[PersonId]:
        people = set(approvers.users)
        for group in approvers.groups:
            people |= in_group.get(group, set())
        for role in approvers.roles:
            people |= in_role.get(role, set())
        return frozenset(people & active)

    return members
