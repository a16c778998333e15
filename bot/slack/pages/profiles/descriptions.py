"""The steps of an approval profile in words, what the profile would do now, and what differs between its versions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from bot.slack.kit.blocks.admin_pages import folded
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.text import inline, mention, usergroup
from bot.slack.kit.texts import people as people_texts
from bot.slack.kit.texts.grammar import both, capital, count, row, span
from domain.approvals.profiles import Approvers, Step
from domain.configuration.differences import Difference, lines_of, names_people, names_usergroup, place
from domain.people.people import GroupId, PersonId, RoleId, person_id, team_and_user
from domain.workflow.configuration.profile_pages import Preview

MOST_NAMED: Final = 150
"""How many approvers of a step are named; the others are counted."""


def step_lines(number: int, step: Step, labels: Labels, most: int = MOST_NAMED) -> Iterator[str]:
    """The *number*-th step, from 1, in mrkdwn: who approves, who is notified, and what happens if nobody decides."""
    name, notify = inline(step.name, 80), step.notify
    if step.approvers:
        yield from folded(f"*{number}. {name}*: {step.required} of {_named(step.approvers, labels, most)}")
    else:
        yield f"*{number}. {name}*: no approvers yet"
    notified = [
        *(["each approver directly"] if notify.direct else []),
        *([f"the channel <#{notify.channel}>"] if notify.channel else []),
    ]
    yield f"    Notifies {both(notified) or 'nobody'}."
    if notify.silent:
        yield from folded(f"    May approve without being notified: {_named(notify.silent, labels, most)}")
    if step.escalation is not None:
        approvers = _named(step.escalation.approvers, labels, most)
        yield from folded(f"    After {span(step.escalation.after)} without a decision, escalates to {approvers}")


def _named(approvers: Approvers, labels: Labels, most: int) -> str:
    """Everybody in *approvers*, the first *most* by name."""
    names: list[Callable[[], str]] = [
        *(partial(_group, labels, group) for group in approvers.groups),
        *(partial(_role, labels, role) for role in approvers.roles),
        *(partial(mention, user) for user in approvers.users),
    ]
    # a name is written only if it is shown: writing thousands takes long
    shown = [name() for name in names[:most]]
    return row(shown, len(names) - len(shown), people_texts.NOBODY)


def _group(labels: Labels, group: GroupId) -> str:
    return people_texts.the_group(inline(labels.group(group), 60))


def _role(labels: Labels, role: RoleId) -> str:
    return people_texts.the_role(inline(labels.role(role), 60))


def preview_lines(preview: Preview, steps: Sequence[Step]) -> Iterator[str]:
    """What the profile would do if it were used now, with warnings for its author."""
    channels = sorted({step.notify.channel for step in steps if step.notify.channel})
    notified = [
        *([count(preview.told, "person", "people")] if preview.told else []),
        *(f"<#{channel}>" for channel in channels[:5]),
    ]
    yield f"Will notify {both(notified) or 'nobody'}."
    for number, (step, reach) in enumerate(zip(steps, preview.steps, strict=True), 1):
        if step.approvers:
            verb = "is" if step.required == 1 else "are"
            yield (
                f"Step {number}: {count(reach.people, 'person', 'people')} could decide now, {step.required} {verb} needed, "
                f"{reach.told or 'nobody'} notified directly."
            )
    yield from warning_lines(preview)


def warning_lines(preview: Preview, most: int = 30) -> Iterator[str]:
    """Warnings for the author of the profile."""
    yield from (f"*Warning*: {capital(inline(warning, 600))}" for warning in preview.warnings[:most])
    if len(preview.warnings) > most:
        yield f"And {len(preview.warnings) - most} more warnings."


def difference_lines(changes: Iterable[Difference], team: str) -> Iterator[str]:
    """*changes* as a plan of the configuration words them, with people, user groups and channels as Slack shows them."""

    def say(path: str, text: str) -> str:
        if names_people(path):
            return mention(_person(text, team))
        if names_usergroup(path):
            return usergroup(text)
        return f"<#{text}>" if path.endswith(".channel") else inline(text, 200)

    for difference in changes:
        for line in lines_of(difference, say, place):
            yield from folded(f"• {capital(line)}")


def _person(written: str, team: str) -> PersonId:
    return person_id(*(team_and_user(PersonId(written)) if "/" in written else (team, written)))
