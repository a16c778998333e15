"""The *Out of office* modal: delegations and the form to name a delegate; messages about delegations."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    InteractiveElement,
    PlainTextObject,
    SectionBlock,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.slack.kit.blocks.fields import input_block, typed
from bot.slack.kit.blocks.layout import actions, button, context, divider, header, mrkdwn, said, section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.text import inline, mention, when
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common
from bot.slack.kit.texts.grammar import capital
from domain.approvals.delegation import Delegation
from domain.people.people import PersonId, Standing
from domain.workflow import Standins

MOST: Final = 20
"""How many delegations each part of the list shows."""
REASON: Final = 500
"""Characters of a reason."""
NOBODY: Final[Mapping[PersonId, Standing]] = MappingProxyType({})
_LAST_MINUTE: Final = timedelta(minutes=1)


def out_of_office(standins: Standins, at: datetime, *, reader: PersonId, done: str = "") -> View:
    """The delegations that *reader* may see, with buttons to revoke them, and the form to name a delegate.

    *done*, in mrkdwn, says what was just recorded. The modal then has no form, so that nothing is sent twice.
    """
    delegations = list(_lists(standins, at, reader))
    if done:
        submit, blocks = None, [section(done), *delegations]
    else:
        explained = (
            "While you are away, your delegate can decide what you may approve. The audit log records each decision as "
            "theirs, *for* you. They also get the messages that you get, and you can still decide yourself. "
            "Nobody can decide twice, and nobody can decide your own requests for you."
        )
        submit = "Name delegate"
        blocks = [section(explained), *delegations, *_form(may_name_others=standins.may_name_others)]
    return View(
        type="modal",
        callback_id=Callback.DELEGATION,
        title="Out of office",
        submit=submit,
        close=common.CLOSE,
        blocks=blocks,
    )


def _form(*, may_name_others: bool) -> list[Block]:
    blocks: list[Block] = [
        divider(),
        header("Name a delegate"),
        input_block(Field.DELEGATE, "Delegate", _people(Action.DELEGATE, "Choose a person")),
        input_block(
            Field.DELEGATE_UNTIL,
            "Last day",
            _date(Action.DELEGATE_UNTIL),
            hint="The delegation ends at the end of this day, in the time zone of the person who is away.",
        ),
        input_block(
            Field.DELEGATE_FROM,
            "First day",
            _date(Action.DELEGATE_FROM),
            optional=True,
            hint="If empty, the delegation begins now.",
        ),
        typed(
            Field.REASON,
            Action.REASON,
            common.REASON,
            optional=True,
            most=REASON,
            hint="Your delegate and administrators see it. It is kept in the audit log.",
        ),
    ]
    if may_name_others:
        blocks.append(
            input_block(
                Field.DELEGATE_FOR,
                "Person who is away",
                _people(Action.DELEGATE_FOR, "Me"),
                optional=True,
                hint="As an administrator, you can name a delegate for another person.",
            )
        )
    return blocks


def recorded(delegation: Delegation, at: datetime, *, reader: PersonId) -> Message:
    """The answer to the command that named a delegate, with the button to revoke the delegation."""
    text = f"Recorded: {sentence(delegation, at, reader=reader)}"
    return Message(text, (section(text), *actions(f"delegation:{delegation.number}", [_revoke(delegation)])))


def revoked(delegation: Delegation, *, reader: PersonId) -> Message:
    """What replaces a message after its button revoked the delegation."""
    text = revoked_text(delegation, reader=reader)
    return Message(text, (section(text),))


def recorded_by_another(delegation: Delegation, at: datetime, *, reader: PersonId, by: PersonId) -> Message:
    """The direct message to delegate or delegator about a delegation that *by*, another person, recorded."""
    text = f"{mention(by)} has named a delegate: {sentence(delegation, at, reader=reader)}"
    blocks: list[Block] = [section(text)]
    if delegation.reason:
        blocks.append(said(delegation.reason, REASON))
    if reader == delegation.delegator:
        blocks.append(context("You can still decide yourself, and you can revoke this delegation at any time."))
        blocks.extend(actions(f"delegation:{delegation.number}", [_revoke(delegation)]))
    else:
        blocks.append(
            context(
                "You are asked to decide what they may approve. "
                "The audit log records your decisions as yours, *for* them."
            )
        )
    return Message(text, tuple(blocks))


def revoked_by_another(delegation: Delegation, *, reader: PersonId, by: PersonId) -> Message:
    """The direct message to delegate or delegator about a delegation that *by*, another person, revoked."""
    delegate, delegator = _unless_reader(delegation.delegate, reader), _unless_reader(delegation.delegator, reader)
    text = (
        f"{mention(by)} has revoked a delegation: "
        f"{f'{delegate} no longer covers' if delegate else 'you no longer cover'} for {delegator or 'you'}."
    )
    return Message(text, (section(text),))


def recorded_text(delegation: Delegation, at: datetime, *, reader: PersonId) -> str:
    """What the modal says after a delegation was recorded, in mrkdwn."""
    return f"*Recorded*: {sentence(delegation, at, reader=reader)}"


def revoked_text(delegation: Delegation, *, reader: PersonId) -> str:
    """What modal and message say after a delegation was revoked, in mrkdwn."""
    delegator = _unless_reader(delegation.delegator, reader) or "you"
    return f"Revoked: {mention(delegation.delegate)} no longer covers for {delegator}."


def sentence(
    delegation: Delegation, at: datetime, *, reader: PersonId, unable: Mapping[PersonId, Standing] = NOBODY
) -> str:
    """`@Dan covers for you until …`, in mrkdwn, as *reader* reads it.

    If one of the two people is *unable* to act, a second sentence says that the delegation has no effect.
    """
    delegate, delegator = _unless_reader(delegation.delegate, reader), _unless_reader(delegation.delegator, reader)
    begins = f"from {when(delegation.starts_at)} " if delegation.starts_at > at else ""
    text = (
        f"{f'{delegate} covers' if delegate else 'you cover'} for {delegator or 'you'} "
        f"{begins}until {when(delegation.ends_at - _LAST_MINUTE)}."
    )
    absent = next((person for person in delegation.people if person in unable), None)
    if absent is None:
        return text
    return f"{text} *It has no effect now*: {mention(absent)} is {unable[absent].described}."


def for_home(standins: Standins, at: datetime, *, reader: PersonId) -> list[Block]:
    """The reader's own delegations in their Home; nothing if there are none."""
    lines = [
        capital(sentence(delegation, at, reader=reader, unable=standins.unable))
        for delegation in (*standins.given, *standins.received)
    ]
    shown = lines[:5] if len(lines) <= 5 else [*lines[:4], _and_more(len(lines) - 4)]
    return [context("\n".join(shown))] if shown else []


def _lists(standins: Standins, at: datetime, reader: PersonId) -> Iterable[Block]:
    for title, delegations, may_revoke in (
        ("Your delegates", standins.given, True),
        ("People you cover for", standins.received, standins.may_name_others),
        ("Other delegations", standins.others, True),
    ):
        if not delegations:
            continue
        yield header(title)
        for delegation in delegations[:MOST]:
            reason = f"\n{inline(delegation.reason, 300)}" if delegation.reason else ""
            yield SectionBlock(
                block_id=f"delegation:{delegation.number}",
                text=mrkdwn(capital(sentence(delegation, at, reader=reader, unable=standins.unable)) + reason),
                accessory=_revoke(delegation) if may_revoke else None,
            )
        if len(delegations) > MOST:
            yield context(_and_more(len(delegations) - MOST))


def _and_more(number: int) -> str:
    return f"and {number} more."


def _revoke(delegation: Delegation) -> InteractiveElement:
    return button("Revoke", Action.REVOKE_DELEGATION, str(delegation.number), "Revoke this delegation")


def _unless_reader(person: PersonId, reader: PersonId) -> str | None:
    """*person* as a mention; None for the reader."""
    return mention(person) if person != reader else None


def _people(action: Action, placeholder: str) -> InteractiveElement:
    return UserSelectElement(action_id=action, placeholder=PlainTextObject(text=placeholder, emoji=False))


def _date(action: Action) -> InteractiveElement:
    return DatePickerElement(action_id=action, placeholder=PlainTextObject(text="Choose a day", emoji=False))
