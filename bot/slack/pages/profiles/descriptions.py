"""An approval profile in words: its terms, its steps, what it would do now, and what differs between its versions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.text import inline, mention, usergroup, weight
from bot.slack.kit.texts import people as people_texts
from bot.slack.kit.texts.grammar import capital, count, span
from bot.slack.pages.profiles import texts
from domain.approvals.profiles import Approvers, Step
from domain.configuration.wording import in_words, names_people, names_usergroup, place
from domain.configuration.written import Difference
from domain.people.people import GroupId, PersonId, RoleId, person_id, team_and_user
from domain.workflow.configuration.profile_pages import Preview

LINE: Final = 2500
MOST_NAMED: Final = 150
"""How many approvers of one step are named before it is said how many more there are."""


def step_lines(number: int, step: Step, labels: Labels, most: int = MOST_NAMED) -> Iterator[str]:
    """The *number*-th step, from 1, in mrkdwn: who approves, who is told, and what happens when nobody does."""
    name = inline(step.name, 80)
    if step.approvers:
        yield from _named(partial(texts.step, number, name, step.required), step.approvers, labels, most)
    else:
        yield f"*{number}. {name}*: nobody may approve it yet"
    yield texts.tells(f"<#{step.notify.channel}>" if step.notify.channel else None, direct=step.notify.direct)
    if step.notify.silent:
        yield from _named(texts.silent, step.notify.silent, labels, most)
    if step.escalation is not None:
        yield from _named(
            partial(texts.escalates, span(step.escalation.after)), step.escalation.approvers, labels, most
        )


def _named(say: Callable[[str], str], approvers: Approvers, labels: Labels, most: int) -> Iterator[str]:
    """What *say* says of everybody in *approvers*, in as many lines as they take."""
    named: list[Callable[[], str]] = [
        *(partial(_group, labels, group) for group in approvers.groups),
        *(partial(_role, labels, role) for role in approvers.roles),
        *(partial(mention, user) for user in approvers.users),
    ]
    shown = [
        one() for one in named[:most]
    ]  # of many approvers only those that are shown are put into words: that takes time
    yield from folded(say(people_texts.named(shown, len(named) - len(shown))))


def _group(labels: Labels, group: GroupId) -> str:
    return people_texts.the_group(inline(labels.group(group), 60))


def _role(labels: Labels, role: RoleId) -> str:
    return people_texts.the_role(inline(labels.role(role), 60))


def folded(line: str) -> Iterator[str]:
    """*line*, in several where it is longer than one may be, parted at its commas."""
    held = ""
    for part in line.split(", "):
        if held and weight(held) + weight(part) > LINE:
            yield held + ","
            held = "    " + part
        else:
            held = f"{held}, {part}" if held else part
    yield held


def preview_lines(preview: Preview, steps: Sequence[Step]) -> Iterator[str]:
    """What the profile would do if it were used now, and what its author has to be told."""
    channels = sorted({step.notify.channel for step in steps if step.notify.channel})
    yield texts.will_notify(preview.told, [f"<#{channel}>" for channel in channels[:5]])
    for number, (step, reach) in enumerate(zip(steps, preview.steps, strict=True), 1):
        if step.approvers:
            yield (
                f"Step {number}: {count(reach.people, 'person', 'people')} could decide it now, {step.required} "
                f"{('is' if step.required == 1 else 'are')} needed, {reach.told or 'nobody'} told directly."
            )
    yield from warning_lines(preview)


def warning_lines(preview: Preview, most: int = 30) -> Iterator[str]:
    """What its author has to be told."""
    yield from (f"*Warning*: {capital(inline(said, 600))}" for said in preview.warnings[:most])
    if len(preview.warnings) > most:
        yield f"And {len(preview.warnings) - most} more warnings."


def difference_lines(changes: Iterable[Difference], team: str) -> Iterator[str]:
    """From what to what, as the configuration's plan says it; people and user groups as Slack shows them."""

    def say(path: str, text: str) -> str:
        if names_people(path):
            return mention(_person(text, team))
        if names_usergroup(path):
            return usergroup(text)
        return f"<#{text}>" if path.endswith(".channel") else inline(text, 200)

    for difference in changes:
        for line in in_words(difference, say, place):
            yield from folded(f"• {capital(line)}")


def _person(written: str, team: str) -> PersonId:
    of, user = team_and_user(PersonId(written)) if "/" in written else (team, written)
    return person_id(of, user)
