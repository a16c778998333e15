"""Approval profiles: looking at them, their forms, what they do and what differs between their versions.

Values are mrkdwn of ours unless something else is said.
"""

from collections.abc import Sequence
from typing import Final

from bot.slack.kit.texts.grammar import both, capital, count, listed, span
from domain.approvals.profiles import CommentRule, Definition
from domain.audit.entries import Source

# Looking

PROFILES_TITLE: Final = "Approval profiles"
PROFILE_TITLE: Final = "Approval profile"
VERSIONS_TITLE: Final = "Versions"
NONE_YET: Final = (
    "There is no approval profile yet. One says who has to approve, in which steps; bound to a resource, it gates what is "
    "done there."
)
NONE_MATCHES: Final = "No approval profile matches."
NEW: Final = "New profile"
NEW_LABEL: Final = "New profile for approvals"
VERSIONS: Final = "Versions"
ALL: Final = "All profiles"
ALL_LABEL: Final = "All profiles: back to the list"
BACK: Final = "Back to the profile"
STEPS: Final = "Steps"
USED_BY: Final = "Used by"
MORE_THAN_FITS: Final = "There is more than fits here. `countersign config export` writes all of it."
NO_RESOURCE: Final = "No resource is bound to it."
BROUGHT_BACK: Final = "Brought back as it was."
DELETE_SURE: Final = "Delete this profile?"
DELETE_MEANS: Final = "It leaves the list. Its history stays readable."


def several(number: int) -> str:
    return count(number, "approval profile")


def several_versions(number: int) -> str:
    return count(number, "version")


def open_label(key: str) -> str:
    return f"Open the approval profile {key}"


def back_label(key: str) -> str:
    return f"{BACK} {key}"


def versions_label(key: str) -> str:
    return f"All versions of {key}"


def edit_label(key: str) -> str:
    return f"Edit the approval profile {key}"


def delete_label(key: str) -> str:
    return f"Delete the approval profile {key}"


def row(name: str, version: int, steps: int, resources: int, *, lacks_approvers: bool) -> str:
    """A profile in the list, in two lines."""
    missing = " *No approvers at one of its steps.*" if lacks_approvers else ""
    gates = count(resources, "resource") if resources else "nothing"
    return f"*{name}*, version {version}\n{count(steps, 'step')}, gates {gates}.{missing}"


def identity(key: str, version: int, saved: str) -> str:
    """The line below the name; *saved* is `saved` or empty."""
    return f"Key {key}, version {version}{saved}"


def saved(at: str, by: str | None, source: Source) -> str:
    """When, by whom and from where something was saved, to go on with after its key."""
    where = {Source.SLACK: " in Slack", Source.CLI: " from the configuration file"}.get(source, "")
    return f", saved {at}" + (f" by {by}" if by is not None else "") + where


def used_by(kind: str, name: str, operations: Sequence[str]) -> str:
    """A resource, and which operations the profile gates there."""
    return f"• {kind} *{name}*: {', '.join(operations)}"


def more_resources(more: int) -> str:
    return f"• and {more} more resources"


def open_requests(names: Sequence[str], most: int) -> str:
    return f"Open requests: {listed(names, most, 'none')}."


def blocked_requests(names: Sequence[str], most: int) -> str:
    return f"Blocked, waiting for it to get its approvers: {listed(names, most, 'none')}."


def version(number: int, saved: str) -> str:
    """The heading of a version in the history."""
    return f"*Version {number}*{saved}"


def first_version(steps: int) -> str:
    return f"The first: {count(steps, 'step')}."


def more_changes(more: int) -> str:
    return f"• and {more} more changes"


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


def step_of_nobody(number: int, name: str) -> str:
    """A step that names no approvers."""
    return f"*{number}. {name}*: nobody may approve it yet"


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


def reach(number: int, people: int, required: int, told: int) -> str:
    """What the *number*-th step would come to now."""
    return (
        f"Step {number}: {count(people, 'person', 'people')} could decide it now, "
        f"{required} {'is' if required == 1 else 'are'} needed, {told or 'nobody'} told directly."
    )


def warning(text: str) -> str:
    return f"*Warning*: {capital(text)}"


def more_warnings(more: int) -> str:
    return f"And {more} more warnings."


def difference(words: str) -> str:
    """One thing that differs: *words* say from what to what."""
    return f"• {capital(words)}"


# The form for a profile

EDIT_TITLE: Final = "Edit profile"
NEW_TITLE: Final = "New profile"
UNNAMED: Final = "A new profile"
WOULD_DO_NOW: Final = "What this would do now"
EXPIRES_AFTER: Final = "A request expires after"
NEVER_EXPIRES: Final = "It never expires"
EXPIRES_HINT: Final = "At each gate, from when that gate opens."
REMINDED_AFTER: Final = "Who has not decided is reminded after"
NEVER_REMINDED: Final = "Nobody is reminded"
AS_USUAL: Final = "As usual: 24 hours, where it expires later"
VALID_FOR: Final = "An approval is valid for"
STAYS_VALID: Final = "It stays valid"
VALID_HINT: Final = "From when the whole request is approved; past it the operation is not carried out any more."
COMMENT_REQUIRED: Final = "A comment is required"
OWN_REQUESTS: Final = "Own requests"
REQUESTER_MAY_APPROVE: Final = "Requesters may approve their own requests"
ADD_STEP: Final = "Add a step"
ADD_STEP_LABEL: Final = "Add a step after the last"
EDIT_STEP: Final = "Edit"
MOVE_UP: Final = "Move up"
MOVE_DOWN: Final = "Move down"
REMOVE: Final = "Remove"


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
DONE: Final = "Done"
BACK_TO_FORM: Final = "Back"
REQUIRED: Final = "How many different people have to approve"
APPROVER_PEOPLE: Final = "Who may approve: people"
APPROVER_TEAMS: Final = "Who may approve: groups and roles"
TOLD: Final = "Who is told"
TOLD_DIRECTLY: Final = "Each approver gets a direct message"
CHANNEL: Final = "A channel that is told too"
CHANNEL_HINT: Final = "Invite Countersign to it if it is private."
SILENT_PEOPLE: Final = "May approve without a direct message: people"
SILENT_TEAMS: Final = "May approve without a direct message: groups and roles"
ESCALATE_AFTER: Final = "Without a decision, ask others too after"
NEVER_ESCALATES: Final = "Nobody else is asked"
FURTHER_PEOPLE: Final = "Those others: people"
FURTHER_TEAMS: Final = "Those others: groups and roles"
PROFILE_WOULD_DO_NOW: Final = "What the profile would do now"
NOT_YET_IN_FORCE: Final = "Nothing of it is in force until you save the profile."


def step_title(number: int) -> str:
    return f"Step {number}"


# What was done, and what is wrong beside a field

NOTHING_CHANGED: Final = "*Nothing changed*, so there is no new version."
CHOOSE_FURTHER: Final = "Choose who is asked then."
CHOOSE_ESCALATION: Final = "Choose after how long they are asked, or take them out below."
WRITE_SPAN: Final = "Write a whole number, or choose in the field below that it never happens."
SPAN_TOO_LONG: Final = "Write at most ten years."
THIS_STEP: Final = "this one"
"""What a step is called in a preview while it has no name."""


def created(key: str) -> str:
    return f"*Created*, with the key {key}. Bind it to a resource, and it gates what is done there."


def saved_as(version: int, fate: str) -> str:
    """*fate* says what becomes of the open requests."""
    return f"*Saved as version {version}*: {fate}."


def deleted(name: str) -> str:
    return f"*Deleted*: {name}."
