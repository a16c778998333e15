"""An approval profile in words: its terms, its steps, what it would do now, and what differs between its versions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from bot.blocks.labels import Labels
from bot.blocks.text import count, inline, mention, sentence_case, weight
from domain.configuration.wording import in_words, place
from domain.configuration.written import Difference
from domain.people import GroupId, PersonId, RoleId, person_id, team_and_user
from domain.profiles import Approvers, CommentRule, Definition, Step
from domain.workflow.profile_pages import Preview

LINE: Final = 2500
MOST_NAMED: Final = 150
"""How many approvers of one step are named before it is said how many more there are."""
_UNITS: Final = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)
COMMENTS: Final = {
    CommentRule.REJECT: "to reject",
    CommentRule.ALWAYS: "to approve and to reject",
    CommentRule.NEVER: "never",
}


def span(length: timedelta) -> str:
    """*length* in the largest unit that says it exactly: `3 days`, `36 hours`."""
    for name, size in _UNITS:
        if length % size == timedelta():
            return count(length // size, name)
    return f"{length.total_seconds():g} seconds"


def terms(definition: Definition) -> list[tuple[str, str]]:
    """What holds for all steps, each with its name."""
    expires, remind = definition.expires_after, definition.remind_every
    return [
        ("Expires after", span(expires) if expires is not None else "never"),
        ("Remind every", span(remind) if remind is not None else "never"),
        ("Comment required", COMMENTS[definition.comment_required]),
        ("Requester may approve", "yes" if definition.requester_may_approve else "no"),
    ]


def step_lines(number: int, step: Step, labels: Labels, most: int = MOST_NAMED) -> Iterator[str]:
    """The *number*-th step, from 1, in mrkdwn: who approves, who is told, and what happens when nobody does."""
    yield from _named(f"*{number}. {inline(step.name, 80)}*: {step.required} of ", step.approvers, labels, most)
    told = [
        *(["each approver directly"] if step.notify.direct else []),
        *([f"the channel <#{step.notify.channel}>"] if step.notify.channel else []),
    ]
    yield f"    Tells {' and '.join(told)}." if told else "    Tells nobody."
    if step.notify.silent:
        yield from _named("    May approve without being told: ", step.notify.silent, labels, most)
    if step.escalation is not None:
        after = span(step.escalation.after)
        yield from _named(f"    After {after} without a decision also: ", step.escalation.approvers, labels, most)


def _named(lead: str, approvers: Approvers, labels: Labels, most: int) -> Iterator[str]:
    """*lead* and everybody in *approvers*, in as many lines as they take."""
    named: list[Callable[[], str]] = [
        *(partial(_group, labels, one) for one in approvers.groups),
        *(partial(_role, labels, one) for one in approvers.roles),
        *(partial(mention, one) for one in approvers.users),
    ]
    more = len(named) - most  # of many approvers only those that are shown are put into words: that takes time
    shown = ", ".join(one() for one in named[:most]) + (f" and {more} more" if more > 0 else "")
    yield from folded(lead + (shown or "nobody"))


def _group(labels: Labels, group: GroupId) -> str:
    return f"group {inline(labels.group(group), 60)}"


def _role(labels: Labels, role: RoleId) -> str:
    return f"role {inline(labels.role(role), 60)}"


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
    places = " and ".join([count(preview.told, "person", "people"), *(f"<#{one}>" for one in channels[:5])])
    yield f"Will notify {places}."
    for number, (step, reach) in enumerate(zip(steps, preview.steps, strict=True), 1):
        if step.approvers:
            yield (
                f"Step {number}: {count(reach.people, 'person', 'people')} could decide it now, "
                f"{step.required} {'is' if step.required == 1 else 'are'} needed, {reach.told or 'nobody'} told directly."
            )
    yield from warning_lines(preview)


def warning_lines(preview: Preview, most: int = 30) -> Iterator[str]:
    """What its author has to be told."""
    for said in preview.warnings[:most]:
        yield f"*Warning*: {inline(said, 600)}"
    if len(preview.warnings) > most:
        yield f"And {len(preview.warnings) - most} more warnings."


def difference_lines(changes: Iterable[Difference], team: str) -> Iterator[str]:
    """From what to what, as the configuration's plan says it; people as mentions."""

    def say(path: str, text: str) -> str:
        if path.rpartition(".")[2] in {"users", "members", "holders"}:
            return mention(_person(text, team))
        return f"<#{text}>" if path.endswith(".channel") else inline(text, 200)

    for difference in changes:
        for one in in_words(difference, say, place):
            yield from folded(f"• {sentence_case(one)}")


def _person(written: str, team: str) -> PersonId:
    of, user = team_and_user(PersonId(written)) if "/" in written else (team, written)
    return person_id(of, user)
