"""Who stands in for whom: the form to name a delegate, with what there is above it, and the answers."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    InputBlock,
    InteractiveElement,
    PlainTextObject,
    SectionBlock,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.blocks.fields import typed
from bot.blocks.layout import actions, button, context, divider, header, mrkdwn, plain_text, section
from bot.blocks.message import Message
from bot.blocks.text import inline, mention, sentence_case, when
from bot.ids import Action, Callback, Field
from domain.delegation import Delegation
from domain.people import PersonId
from domain.workflow import Standins

MOST: Final = 20
"""How many of each kind are listed."""
REASON: Final = 500
_EXPLAINED: Final = (
    "While you are away, somebody else can decide what you may approve, on the record as theirs *for* you. "
    "They get my messages too, and you keep your own rights. Nobody can decide twice, and requests that you made yourself stay with others."
)
_LAST_MINUTE: Final = timedelta(minutes=1)


def out_of_office(found: Standins, at: datetime, *, reader: PersonId, done: str = "") -> View:
    """What there is, with buttons to revoke, and the form for one more.

    *done*, mrkdwn, says what has just been recorded: then there is no form, so that nothing is sent twice.
    """
    blocks: list[Block] = [section(done)] if done else []
    blocks.extend(_listed(found, at, reader))
    if done:
        return View(type="modal", callback_id=Callback.DELEGATION, title="Out of office", close="Close", blocks=blocks)
    blocks = [section(_EXPLAINED), *blocks, *_form(may_name_others=found.may_name_others)]
    return View(
        type="modal",
        callback_id=Callback.DELEGATION,
        title="Out of office",
        submit="Name delegate",
        close="Close",
        blocks=blocks,
    )


def _form(*, may_name_others: bool) -> list[Block]:
    blocks: list[Block] = [
        divider(),
        header("Name a delegate"),
        _field(Field.DELEGATE, "Who stands in?", _people(Action.DELEGATE, "Choose somebody")),
        _field(
            Field.DELEGATE_UNTIL,
            "Last day",
            _date(Action.DELEGATE_UNTIL),
            hint="To the end of that day, in the time zone of whoever is away.",
        ),
        _field(
            Field.DELEGATE_FROM, "First day", _date(Action.DELEGATE_FROM), optional=True, hint="Now, if left empty."
        ),
        typed(
            Field.REASON,
            Action.REASON,
            "Reason",
            optional=True,
            most=REASON,
            hint="Your delegate and administrators see it; it stays on the record.",
        ),
    ]
    if may_name_others:
        blocks.append(
            _field(
                Field.DELEGATE_FOR,
                "Who is away?",
                _people(Action.DELEGATE_FOR, "Me"),
                optional=True,
                hint="As an administrator you can do this for somebody who is absent.",
            )
        )
    return blocks


def made(one: Delegation, at: datetime, *, reader: PersonId) -> Message:
    """That somebody stands in, with the button to take it back."""
    text = f"Recorded: {sentence(one, at, reader=reader)}"
    return Message(_spoken(text), (section(text), *actions(f"delegation:{one.number}", [_revoke(one)])))


def revoked(one: Delegation, *, reader: PersonId) -> Message:
    """That somebody stands in no more."""
    text = revoked_line(one, reader=reader)
    return Message(_spoken(text), (section(text),))


def made_line(one: Delegation, at: datetime, *, reader: PersonId) -> str:
    """That it was recorded, in mrkdwn."""
    return f"*Recorded*: {sentence(one, at, reader=reader)}"


def revoked_line(one: Delegation, *, reader: PersonId) -> str:
    """That it was revoked, in mrkdwn."""
    return f"Revoked: {mention(one.delegate)} does not stand in for {_whom(one, reader)} any more."


def sentence(one: Delegation, at: datetime, *, reader: PersonId) -> str:
    """`@Dan stands in for you until …`, in mrkdwn, to *reader*."""
    who, verb = (mention(one.delegate), "stands") if one.delegate != reader else ("you", "stand")
    begins = f"from {when(one.starts_at)} " if one.starts_at > at else ""
    return f"{who} {verb} in for {_whom(one, reader)} {begins}until {when(one.ends_at - _LAST_MINUTE)}."


def for_home(found: Standins, at: datetime, *, reader: PersonId) -> list[Block]:
    """What the Home says of its reader's own delegations; nothing where there are none."""
    lines = [sentence_case(sentence(one, at, reader=reader)) for one in (*found.given, *found.received)]
    shown = lines[:5] if len(lines) <= 5 else [*lines[:4], f"and {len(lines) - 4} more."]
    return [context("\n".join(shown))] if shown else []


def _listed(found: Standins, at: datetime, reader: PersonId) -> Iterable[Block]:
    for title, some, may_revoke in (
        ("Who stands in for you", found.given, True),
        ("For whom you stand in", found.received, found.may_name_others),
        ("Everybody else's", found.others, True),
    ):
        if some:
            yield header(title)
            yield from _rows(some[:MOST], at, reader, may_revoke=may_revoke)
            if len(some) > MOST:
                yield context(f"and {len(some) - MOST} more.")


def _rows(some: Sequence[Delegation], at: datetime, reader: PersonId, *, may_revoke: bool) -> Iterable[Block]:
    for one in some:
        reason = f"\n{inline(one.reason, 300)}" if one.reason else ""
        text = mrkdwn(sentence_case(sentence(one, at, reader=reader)) + reason)
        yield SectionBlock(
            block_id=f"delegation:{one.number}", text=text, accessory=_revoke(one) if may_revoke else None
        )


def _revoke(one: Delegation) -> InteractiveElement:
    return button("Revoke", Action.REVOKE_DELEGATION, str(one.number), "Revoke this delegation")


def _whom(one: Delegation, reader: PersonId) -> str:
    return "you" if one.delegator == reader else mention(one.delegator)


def _spoken(text: str) -> str:
    """The one-line text: Slack draws mentions and dates in it as well."""
    return text.replace("\n", " ")


def _people(action: Action, placeholder: str) -> InteractiveElement:
    return UserSelectElement(action_id=action, placeholder=PlainTextObject(text=placeholder, emoji=False))


def _date(action: Action) -> InteractiveElement:
    return DatePickerElement(action_id=action, placeholder=PlainTextObject(text="Choose a day", emoji=False))


def _field(
    block_id: str, label: str, element: InteractiveElement, *, optional: bool = False, hint: str = ""
) -> InputBlock:
    return InputBlock(
        block_id=block_id,
        label=PlainTextObject(text=label, emoji=False),
        element=element,  # type: ignore[arg-type]  # the SDK's own hint leaves out what it allows
        optional=optional or None,
        hint=plain_text(hint, 1900) if hint else None,
    )
