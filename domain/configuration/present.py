"""What is configured at a moment, with the mirrored workspace it refers to."""

from collections.abc import Callable, Mapping

from domain.approvals.profiles import Approvers, ProfileVersion
from domain.approvals.resources import Resource
from domain.common.frozen import Frozen
from domain.people.people import Group, Identity, PersonId, Role, Standing, UserGroup


class Present(Frozen):
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
    present: Present, groups: Mapping[str, Group], roles: Mapping[str, Role]
) -> Callable[[Approvers], frozenset[PersonId]]:
    """Who would be an active member and one of some approvers, if *groups* and *roles* were what is configured."""
    following = {one.id: one.members for one in present.usergroups}
    active = {person for person, one in present.people.items() if one.standing is Standing.MEMBER}
    in_group = {key: {*one.members, *following.get(one.usergroup or "", ())} for key, one in groups.items()}
    in_role = {key: {*one.holders, *following.get(one.usergroup or "", ())} for key, one in roles.items()}

    def people(approvers: Approvers) -> frozenset[PersonId]:
        found = set(approvers.users)
        for group in approvers.groups:
            found |= in_group.get(group, set())
        for role in approvers.roles:
            found |= in_role.get(role, set())
        return frozenset(found & active)

    return people
