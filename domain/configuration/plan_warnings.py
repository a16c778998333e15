"""Warnings about a configuration that can be applied but has problems."""

from collections.abc import Iterator, Sequence

from domain.approvals.eligibility import People
from domain.approvals.profiles import Approvers, ProfileVersion
from domain.approvals.solvability import profile_shortage
from domain.configuration.current_state import CurrentState, members_of
from domain.configuration.desired_state import Mention
from domain.configuration.faults import spelled
from domain.people.people import ADMINISTRATOR, PersonId, Standing


def warnings(before: CurrentState, after: CurrentState, mentions: Sequence[Mention]) -> tuple[str, ...]:
    """Everything to be said about *after*, which is to follow *before*; *mentions* are the people whom the file names."""
    people = members_of(after, after.groups, after.roles)
    return tuple(
        dict.fromkeys(
            [
                *_nobody_administers(before, after),
                *(
                    warning
                    for _, profile in sorted(after.profiles.items())
                    for warning in profile_warnings(profile, after, people)
                ),
                *_deleted(before, after),
                *_strangers(after, mentions),
                *_unknown_usergroups(after),
            ]
        )
    )


def profile_warnings(profile: ProfileVersion, current: CurrentState, people: People) -> Iterator[str]:
    """What is wrong with one profile, seen with the resources that it gates and the people whom *people* finds."""
    where = f"Profile {profile.profile}"
    gates = sorted(
        resource.key for resource in current.resources.values() if profile.profile in resource.approvals.values()
    )
    for warning in profile.definition.warnings():
        yield f"{where}: {warning}" + (f" Resources that use it: {', '.join(gates)}." if gates else "")
    short = profile_shortage(profile, people)
    if short is not None:
        yield f"{where}: {short}"
    for number, step in enumerate(profile.steps, 1):
        if step.approvers and not step.notify.direct and step.notify.channel is None:
            yield f"{where}: nobody is told when step {number}, {step.name}, waits: it has neither direct messages nor a channel."
        if step.escalation is not None and not step.escalates_within(profile.definition.expires_after):
            yield f"{where}: the escalation of step {number}, {step.name}, never comes: the request has expired by then."


def administrators(current: CurrentState) -> frozenset[PersonId]:
    """The active members who would be one."""
    return members_of(current, current.groups, current.roles)(Approvers(roles=(ADMINISTRATOR,)))


def _nobody_administers(before: CurrentState, after: CurrentState) -> Iterator[str]:
    """Where somebody is one now, this is refused."""
    if not administrators(before) and not administrators(after):
        yield "Nobody would be an administrator: nobody could override, cancel for others, or be told of blocked requests."


def _deleted(before: CurrentState, after: CurrentState) -> Iterator[str]:
    for kind, old, new in (("group", before.groups, after.groups), ("role", before.roles, after.roles)):
        for key in sorted(set(old) - set(new)):
            yield f"The {kind} {key} will be deleted: everybody in it loses the rights that it gave."


def _strangers(current: CurrentState, mentions: Sequence[Mention]) -> Iterator[str]:
    for mention in mentions:
        identity = current.people.get(mention.person)
        if identity is None:
            yield f"{spelled(mention.path)}: {mention.person} is not known in this workspace, and can do nothing until Slack knows them."
        elif identity.standing is not Standing.MEMBER:
            yield f"{spelled(mention.path)}: {identity.name} is {identity.standing.described}, and can do nothing."


def _unknown_usergroups(current: CurrentState) -> Iterator[str]:
    known = {usergroup.id for usergroup in current.usergroups}
    followed = [
        *((f"Group {key}", group.usergroup) for key, group in sorted(current.groups.items())),
        *((f"Role {key}", role.usergroup) for key, role in sorted(current.roles.items())),
    ]
    for who, usergroup in followed:
        if usergroup is not None and usergroup not in known:
            yield f"{who}: this workspace has no user group {usergroup}, so nobody is in it through that."
