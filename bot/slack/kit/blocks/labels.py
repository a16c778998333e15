"""What people, groups and roles are called. Names are for reading: nothing is ever decided on one."""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from bot.slack.kit.blocks.text import inline, line, mention
from bot.slack.kit.texts import people as texts
from bot.slack.kit.texts.grammar import both, listed
from domain.approvals.profiles import Approvers
from domain.approvals.requests import Request
from domain.common.frozen import Frozen
from domain.people.people import BUILT_IN_ROLES, GroupId, Person, PersonId, RoleId, team_and_user


class Labels(Frozen):
    """Everything that the blocks of some requests have to be able to name. What is missing is named by its id."""

    people: Mapping[PersonId, str] = Field(default_factory=dict)
    groups: Mapping[GroupId, str] = Field(default_factory=dict)
    roles: Mapping[RoleId, str] = Field(default_factory=dict)

    def person(self, person: PersonId) -> str:
        """The display name, as it is; escape it where it goes."""
        return self.people.get(person) or team_and_user(person)[1] or person

    def group(self, group: GroupId) -> str:
        return self.groups.get(group) or group

    def role(self, role: RoleId) -> str:
        return self.roles.get(role) or BUILT_IN_ROLES.get(role) or role

    def approvers(self, approvers: Approvers, most: int = 8) -> str:
        """Who may approve, in mrkdwn: people as mentions, groups and roles by name."""
        named = [
            *(texts.the_group(inline(self.group(group), 60)) for group in approvers.groups),
            *(texts.the_role(inline(self.role(role), 60)) for role in approvers.roles),
            *(mention(user) for user in approvers.users),
        ]
        return listed(named, most, texts.NOBODY)

    def approvers_line(self, approvers: Approvers, most: int = 4) -> str:
        """Who may approve, for the one-line text of a message."""
        named = [
            *(line(self.group(group), 60) for group in approvers.groups),
            *(line(self.role(role), 60) for role in approvers.roles),
            *(line(self.person(user), 60) for user in approvers.users),
        ]
        return listed(named, most, texts.NOBODY)

    def qualification(self, approvers: Approvers, person: Person) -> str:
        """How *person* comes to be one of *approvers*, after "You are asked", in mrkdwn; empty where they are not."""
        ways = [
            *(
                f"as a member of {inline(self.group(group), 60)}"
                for group in approvers.groups
                if group in person.groups
            ),
            *(f"as {inline(self.role(role), 60)}" for role in approvers.roles if role in person.roles),
            *(["by name"] if person.id in approvers.users else []),
        ]
        return both(ways[:3])

    def standing_in(self, away: Sequence[PersonId]) -> str:
        """For whom somebody is asked, after "You are asked", in mrkdwn; empty for nobody."""
        return texts.asked_for([mention(person) for person in away[:3]], len(away)) if away else ""


class Named(Frozen):
    """Whose names the blocks of some requests need."""

    people: frozenset[PersonId] = frozenset()
    groups: frozenset[GroupId] = frozenset()
    roles: frozenset[RoleId] = frozenset()


def named_in(requests: Iterable[Request]) -> Named:
    """Everybody and everything that has to be in the `Labels` for drawing *requests*."""
    people: set[PersonId] = set()
    groups: set[GroupId] = set()
    roles: set[RoleId] = set()
    for request in requests:
        people.add(request.requester)
        people.update(*(decision.spends for decision in request.decisions))
        people.update(comment.by for comment in request.comments)
        people.update(word.by for word in (request.override, request.cancellation) if word is not None)
        for item in request.work_items:
            for step in item.profile.steps:
                for part in step.named:
                    people.update(part.users)
                    groups.update(part.groups)
                    roles.update(part.roles)
    return Named(people=frozenset(people), groups=frozenset(groups), roles=frozenset(roles))
