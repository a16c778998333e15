"""Who stands in for whom: the form to name a delegate, with what there is above it, and the answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
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

from bot.slack.kit.blocks.fields import typed
from bot.slack.kit.blocks.layout import actions, button, context, divider, header, mrkdwn, plain_text, said, section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.text import inline, mention, when
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts.grammar import capital
from bot.slack.pages.delegations import texts
from domain.approvals.delegation import Delegation
from domain.people.people import PersonId, Standing
from domain.workflow import Standins

MOST: Final = 20
"""How many of each kind are listed."""
REASON: Final = 500
NOBODY: Final[Mapping[PersonId, Standing]] = MappingProxyType({})
_LAST_MINUTE: Final = timedelta(minutes=1)


def out_of_office(found: Standins, at: datetime, *, reader: PersonId, done: str = "") -> View:
    """What there is, with buttons to revoke, and the form for one more.

    *done*, mrkdwn, says what has just been recorded: then there is no form, so that nothing is sent twice.
    """
    blocks: list[Block] = [section(done)] if done else []
    blocks.extend(_listed(found, at, reader))
    if done:
        return View(type="modal", callback_id=Callback.DELEGATION, title=texts.TITLE, close=common.CLOSE, blocks=blocks)
    blocks = [
        section(
            "While you are away, somebody else can decide what you may approve, on the record as theirs "
            "*for* you. They get my messages too, and you keep your own rights. Nobody can decide twice, "
            "and requests that you made yourself stay with others."
        ),
        *blocks,
        *_form(may_name_others=found.may_name_others),
    ]
    return View(
        type="modal",
        callback_id=Callback.DELEGATION,
        title=texts.TITLE,
        submit="Name delegate",
        close=common.CLOSE,
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
            common.REASON,
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


def told(one: Delegation, at: datetime, *, reader: PersonId, by: PersonId) -> Message:
    """To delegate or delegator: what *by*, somebody else, has recorded."""
    text = f"{mention(by)} has named a delegate: {sentence(one, at, reader=reader)}"
    blocks: list[Block] = [section(text)]
    if one.reason:
        blocks.append(said(one.reason, REASON))
    if reader == one.delegator:
        blocks += [
            context("You keep your own rights, and can revoke this at any time."),
            *actions(f"delegation:{one.number}", [_revoke(one)]),
        ]
    else:
        blocks.append(
            context("You are asked where they may approve, and what you decide is on the record as yours *for* them.")
        )
    return Message(_spoken(text), tuple(blocks))


def told_revoked(one: Delegation, *, reader: PersonId, by: PersonId) -> Message:
    """To delegate or delegator: that *by*, somebody else, has revoked it."""
    text = texts.taken_back(mention(by), _not_you(one.delegate, reader), _not_you(one.delegator, reader))
    return Message(_spoken(text), (section(text),))


def made_line(one: Delegation, at: datetime, *, reader: PersonId) -> str:
    """That it was recorded, in mrkdwn."""
    return f"*Recorded*: {sentence(one, at, reader=reader)}"


def revoked_line(one: Delegation, *, reader: PersonId) -> str:
    """That it was revoked, in mrkdwn."""
    return (
        f"Revoked: {mention(one.delegate)} does not stand in for {_not_you(one.delegator, reader) or 'you'} any more."
    )


def sentence(one: Delegation, at: datetime, *, reader: PersonId, unable: Mapping[PersonId, Standing] = NOBODY) -> str:
    """`@Dan stands in for you until …`, in mrkdwn, to *reader*; and that it has no effect where one of both is *unable* to do anything."""
    begins = when(one.starts_at) if one.starts_at > at else None
    ends = when(one.ends_at - _LAST_MINUTE)
    said = texts.stands_in(_not_you(one.delegate, reader), _not_you(one.delegator, reader), begins, ends)
    lacking = [
        f"*It has no effect now*: {mention(who)} is {terms.standing(unable[who])}."
        for who in one.people
        if who in unable
    ]
    return " ".join([said, *lacking[:1]])


def for_home(found: Standins, at: datetime, *, reader: PersonId) -> list[Block]:
    """What the Home says of its reader's own delegations; nothing where there are none."""
    own = (*found.given, *found.received)
    lines = [capital(sentence(one, at, reader=reader, unable=found.unable)) for one in own]
    shown = lines[:5] if len(lines) <= 5 else [*lines[:4], texts.more(len(lines) - 4)]
    return [context("\n".join(shown))] if shown else []


def _listed(found: Standins, at: datetime, reader: PersonId) -> Iterable[Block]:
    for title, some, may_revoke in (
        ("Who stands in for you", found.given, True),
        ("For whom you stand in", found.received, found.may_name_others),
        ("Everybody else's", found.others, True),
    ):
        if some:
            yield header(title)
            yield from _rows(some[:MOST], at, reader, found.unable, may_revoke=may_revoke)
            if len(some) > MOST:
                yield context(texts.more(len(some) - MOST))


def _rows(
    some: Sequence[Delegation], at: datetime, reader: PersonId, unable: Mapping[PersonId, Standing], *, may_revoke: bool
) -> Iterable[Block]:
    for one in some:
        reason = f"\n{inline(one.reason, 300)}" if one.reason else ""
        text = mrkdwn(capital(sentence(one, at, reader=reader, unable=unable)) + reason)
        yield SectionBlock(
            block_id=f"delegation:{one.number}", text=text, accessory=_revoke(one) if may_revoke else None
        )


def _revoke(one: Delegation) -> InteractiveElement:
    return button("Revoke", Action.REVOKE_DELEGATION, str(one.number), "Revoke this delegation")


def _not_you(person: PersonId, reader: PersonId) -> str | None:
    """*person*, in mrkdwn; None where that is who reads."""
    return mention(person) if person != reader else None


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
