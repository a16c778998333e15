"""Which refusals belong beside a field of a form, and beside which."""

from bot.slack.kit.blocks.text import cut
from bot.slack.kit.ids import Callback, Field
from bot.slack.kit.texts.refusals import sentence
from bot.slack.pages.submission.blocks import resource_field
from domain.common.errors import (
    AlreadyDelegated,
    CommentRequired,
    DelegationEndsFirst,
    DelegationInThePast,
    DelegationTooLong,
    EmptyComment,
    NameTaken,
    NoSuchResource,
    NotADelegate,
    NothingToDelegate,
    OpenRequestExists,
    OperationNotOffered,
    OwnDelegate,
    PrivateKeyInText,
    ReasonRequired,
    Refusal,
    TextTooLong,
    UnkeepableText,
)
from domain.common.operations import Operation
from domain.configuration.refusals import LastAdministrator, NoSuchUserGroup
from domain.pki import NEEDS, BadMaterial
from domain.pki import Field as MaterialField

SENTENCE = 500
_MATERIAL: dict[MaterialField, Field] = {
    "csr": Field.CSR,
    "certificate": Field.CERTIFICATE,
    "reason": Field.REVOCATION_REASON,
}
_TEXTS = {Callback.APPROVE: Field.COMMENT, Callback.REJECT: Field.COMMENT, Callback.COMMENT: Field.COMMENT}

_ALWAYS: dict[type[Exception], Field] = {
    NameTaken: Field.PROFILE_NAME,
    NoSuchUserGroup: Field.TEAM_USERGROUP,
    LastAdministrator: Field.TEAM_PEOPLE,
    OwnDelegate: Field.DELEGATE,
    NotADelegate: Field.DELEGATE,
    AlreadyDelegated: Field.DELEGATE,
    NothingToDelegate: Field.DELEGATE_FOR,
    DelegationInThePast: Field.DELEGATE_UNTIL,
    DelegationEndsFirst: Field.DELEGATE_UNTIL,
    DelegationTooLong: Field.DELEGATE_UNTIL,
}
"""Refusals that are about one field, in whatever form it stands."""


def beside(error: Refusal | BadMaterial, form: Callback, operation: Operation | None = None) -> dict[str, str]:
    """The errors to answer a form with, block id to sentence; empty where *error* is not about a field.

    *operation* is what the form for a new request asks for.
    """
    match error:
        case BadMaterial():
            field: str = _MATERIAL[error.field]
        case (
            TextTooLong()
            | UnkeepableText()
            | PrivateKeyInText()
            | CommentRequired()
            | ReasonRequired()
            | EmptyComment()
        ):
            field = _TEXTS.get(form, Field.REASON)
        case NoSuchResource() | OperationNotOffered() if operation is not None:
            field = resource_field(operation)
        case OpenRequestExists() if operation is not None:
            field = _MATERIAL[NEEDS[operation][0]]
        case _ if type(error) in _ALWAYS:
            field = _ALWAYS[type(error)]
        case _:
            return {}
    return {str(field): cut(sentence(error), SENTENCE)}
