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
    blocks = [section(texts.EXPLAINED), *blocks, *_form(may_name_others=found.may_name_others)]
    return View(
        type="modal",
        callback_id=Callback.DELEGATION,
        title=texts.TITLE,
        submit=texts.NAME_DELEGATE,
        close=common.CLOSE,
        blocks=blocks,
    )


def _form(*, may_name_others: bool) -> list[Block]:
    blocks: list[Block] = [
        divider(),
        header(texts.NAME_A_DELEGATE),
        _field(Field.DELEGATE, texts.WHO_STANDS_IN, _people(Action.DELEGATE, texts.CHOOSE_SOMEBODY)),
        _field(
            Field.DELEGATE_UNTIL,
            texts.LAST_DAY,
            _date(Action.DELEGATE_UNTIL),
            hint=texts.LAST_DAY_HINT,
        ),
        _field(
            Field.DELEGATE_FROM, texts.FIRST_DAY, _date(Action.DELEGATE_FROM), optional=True, hint=texts.FIRST_DAY_HINT
        ),
        typed(
            Field.REASON,
            Action.REASON,
            common.REASON,
            optional=True,
            most=REASON,
            hint=texts.REASON_HINT,
        ),
    ]
    if may_name_others:
        blocks.append(
            _field(
                Field.DELEGATE_FOR,
                texts.WHO_IS_AWAY,
                _people(Action.DELEGATE_FOR, texts.ME),
                optional=True,
                hint=texts.FOR_OTHERS_HINT,
            )
        )
    return blocks


def made(one: Delegation, at: datetime, *, reader: PersonId) -> Message:
    """That somebody stands in, with the button to take it back."""
    text = texts.recorded_line(sentence(one, at, reader=reader))
    return Message(_spoken(text), (section(text), *actions(f"delegation:{one.number}", [_revoke(one)])))


def revoked(one: Delegation, *, reader: PersonId) -> Message:
    """That somebody stands in no more."""
    text = revoked_line(one, reader=reader)
    return Message(_spoken(text), (section(text),))


def told(one: Delegation, at: datetime, *, reader: PersonId, by: PersonId) -> Message:
    """To delegate or delegator: what *by*, somebody else, has recorded."""
    text = texts.named(mention(by), sentence(one, at, reader=reader))
    blocks: list[Block] = [section(text)]
    if one.reason:
        blocks.append(said(one.reason, REASON))
    if reader == one.delegator:
        blocks += [context(texts.KEEPS_RIGHTS), *actions(f"delegation:{one.number}", [_revoke(one)])]
    else:
        blocks.append(context(texts.ASKED_TOO))
    return Message(_spoken(text), tuple(blocks))


def told_revoked(one: Delegation, *, reader: PersonId, by: PersonId) -> Message:
    """To delegate or delegator: that *by*, somebody else, has revoked it."""
    text = texts.taken_back(mention(by), _not_you(one.delegate, reader), _not_you(one.delegator, reader))
    return Message(_spoken(text), (section(text),))


def made_line(one: Delegation, at: datetime, *, reader: PersonId) -> str:
    """That it was recorded, in mrkdwn."""
    return texts.recorded(sentence(one, at, reader=reader))


def revoked_line(one: Delegation, *, reader: PersonId) -> str:
    """That it was revoked, in mrkdwn."""
    return texts.revoked(mention(one.delegate), _not_you(one.delegator, reader))


def sentence(one: Delegation, at: datetime, *, reader: PersonId, unable: Mapping[PersonId, Standing] = NOBODY) -> str:
    """`@Dan stands in for you until …`, in mrkdwn, to *reader*; and that it has no effect where one of both is *unable* to do anything."""
    begins = when(one.starts_at) if one.starts_at > at else None
    ends = when(one.ends_at - _LAST_MINUTE)
    said = texts.stands_in(_not_you(one.delegate, reader), _not_you(one.delegator, reader), begins, ends)
    lacking = [texts.no_effect(mention(who), terms.standing(unable[who])) for who in one.people if who in unable]
    return " ".join([said, *lacking[:1]])


def for_home(found: Standins, at: datetime, *, reader: PersonId) -> list[Block]:
    """What the Home says of its reader's own delegations; nothing where there are none."""
    own = (*found.given, *found.received)
    lines = [capital(sentence(one, at, reader=reader, unable=found.unable)) for one in own]
    shown = lines[:5] if len(lines) <= 5 else [*lines[:4], texts.more(len(lines) - 4)]
    return [context("\n".join(shown))] if shown else []


def _listed(found: Standins, at: datetime, reader: PersonId) -> Iterable[Block]:
    for title, some, may_revoke in (
        (texts.FOR_YOU, found.given, True),
        (texts.BY_YOU, found.received, found.may_name_others),
        (texts.OTHERS, found.others, True),
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
    return button(texts.REVOKE, Action.REVOKE_DELEGATION, str(one.number), texts.REVOKE_LABEL)


def _not_you(person: PersonId, reader: PersonId) -> str | None:
    """*person*, in mrkdwn; None where that is who reads."""
    return mention(person) if person != reader else None


def _spoken(text: str) -> str:
    """The one-line text: Slack draws mentions and dates in it as well."""
    return text.replace("\n", " ")


def _people(action: Action, placeholder: str) -> InteractiveElement:
    return UserSelectElement(action_id=action, placeholder=PlainTextObject(text=placeholder, emoji=False))


def _date(action: Action) -> InteractiveElement:
    return DatePickerElement(action_id=action, placeholder=PlainTextObject(text=texts.CHOOSE_DAY, emoji=False))


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
