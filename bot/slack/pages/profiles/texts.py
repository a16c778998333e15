"""Approval profiles: looking at them, their forms, what they do and what differs between their versions.

Values are mrkdwn of ours unless something else is said.
"""

from collections.abc import Sequence
from typing import Final

from bot.slack.kit.texts.grammar import both, count, span
from domain.approvals.profiles import CommentRule, Definition
from domain.audit.entries import Source

# Looking

BACK: Final = "Back to the profile"
STEPS: Final = "Steps"


def several(number: int) -> str:
    return count(number, "approval profile")


def several_versions(number: int) -> str:
    return count(number, "version")


def row(name: str, version: int, steps: int, resources: int, *, lacks_approvers: bool) -> str:
    """A profile in the list, in two lines."""
    missing = " *No approvers at one of its steps.*" if lacks_approvers else ""
    gates = count(resources, "resource") if resources else "nothing"
    return f"*{name}*, version {version}\n{count(steps, 'step')}, gates {gates}.{missing}"


def saved(at: str, by: str | None, source: Source) -> str:
    """When, by whom and from where something was saved, to go on with after its key."""
    where = {Source.SLACK: " in Slack", Source.CLI: " from the configuration file"}.get(source, "")
    return f", saved {at}" + (f" by {by}" if by is not None else "") + where


def version(number: int, saved: str) -> str:
    """The heading of a version in the history."""
    return f"*Version {number}*{saved}"


# What a profile says


def terms(definition: Definition) -> list[tuple[str, str]]:
    """What holds for all steps, each with its name."""
    expires, remind = definition.expires_after, definition.remind_every
    return [
        ("Expires after", span(expires) if expires is not None else "never"),
        ("Remind every", span(remind) if remind is not None else "never"),
        *([("Approval valid for", span(definition.valid_for))] if definition.valid_for is not None else []),
        ("Comment required", comment_required(definition.comment_required)),
        ("Requester may approve", "yes" if definition.requester_may_approve else "no"),
    ]


def comment_required(rule: CommentRule) -> str:
    return {
        CommentRule.REJECT: "to reject",
        CommentRule.ALWAYS: "to approve and to reject",
        CommentRule.NEVER: "never",
    }[rule]


def step(number: int, name: str, required: int, approvers: str) -> str:
    """The *number*-th step, and out of whom how many have to approve."""
    return f"*{number}. {name}*: {required} of {approvers}"


def tells(channel: str | None, *, direct: bool) -> str:
    """Who is told when a step opens."""
    told = [*(["each approver directly"] if direct else []), *([f"the channel {channel}"] if channel else [])]
    return f"    Tells {both(told)}." if told else "    Tells nobody."


def silent(approvers: str) -> str:
    return f"    May approve without being told: {approvers}"


def escalates(after: str, approvers: str) -> str:
    return f"    After {after} without a decision also: {approvers}"


def will_notify(people: int, channels: Sequence[str]) -> str:
    told = [*([count(people, "person", "people")] if people else []), *channels]
    return f"Will notify {both(told) if told else 'nobody'}."


# The form for a profile


def edit_step_label(number: int, name: str) -> str:
    return f"Edit step {number}, {name}"


def move_up_label(number: int, name: str) -> str:
    return f"Move up step {number}, {name}"


def move_down_label(number: int, name: str) -> str:
    return f"Move down step {number}, {name}"


def remove_label(number: int, name: str) -> str:
    return f"Remove step {number}, {name}"


# The form for a step

NEW_STEP: Final = "New step"


# What was done, and what is wrong beside a field
