"""The modals: forms for what needs words, the details, and what is said when something changed meanwhile.

`private_metadata` holds ids only; everything is looked up and checked again when a form is sent.
"""

from typing import Final

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.slack.kit.blocks.fields import choice, typed
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.layout import context, option, packed, section
from bot.slack.kit.blocks.modals import _form, _title
from bot.slack.kit.blocks.steps import gate_name, step_name
from bot.slack.kit.blocks.text import inline, mention
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.places import Origin
from bot.slack.kit.texts import common
from bot.slack.kit.texts.words import REQUEST, deed_on, short_name
from bot.slack.pages.decisions import texts
from domain.approvals.decisions import Verdict
from domain.approvals.profiles import CommentRule
from domain.approvals.requests import Request, StepRef
from domain.approvals.status import MOVES, RequestStatus
from domain.workflow import Click

MOST_SKIPPED: Final = 12


def approve(request: Request, step: StepRef, *, pressed: Click | None = None) -> View:
    """To approve with a comment. *pressed* is the message whose button opened it."""
    item = request.work_items[step.gate]
    optional = item.profile.definition.comment_required is not CommentRule.ALWAYS
    blocks = [
        *_about(request, step),
        typed(
            Field.COMMENT,
            Action.COMMENT_TEXT,
            common.COMMENT,
            optional=optional,
            hint=texts.EVERYBODY_SEES,
            focus=True,
        ),
    ]
    origin = Origin(step=step, pressed=pressed)
    return _form(Callback.APPROVE, f"Approve {request.name}", "Approve", blocks, origin)


def reject(request: Request, step: StepRef, *, pressed: Click | None = None) -> View:
    """To reject, with a reason where the profile asks for one. *pressed* is the message whose button opened it."""
    rule = request.work_items[step.gate].profile.definition.comment_required
    blocks = [
        *_about(request, step),
        section("One rejection closes the whole request."),
        typed(
            Field.COMMENT,
            Action.COMMENT_TEXT,
            common.REASON,
            optional=not rule.requires(Verdict.REJECT),
            hint="The requester and the other approvers see it.",
            focus=True,
        ),
    ]
    return _form(Callback.REJECT, f"Reject {request.name}", "Reject", blocks, Origin(step=step, pressed=pressed))


def _about(request: Request, step: StepRef) -> list[Block]:
    item = request.work_items[step.gate]
    what = deed_on(request.operation, inline(short_name(request.material), 150, shown=True))
    return [
        section(f"*{request.name}*: {what}, requested by {mention(request.requester)}."),
        context(f"{gate_name(item)}, {step_name(item, step.step)}"),
    ]


def override(request: Request, labels: Labels, verdict: Verdict | None = None, reason: str = "") -> View:
    """To decide in place of what is missing: says which steps and approvers it goes past."""
    outcomes = [
        option(
            {
                Verdict.APPROVE: "Approve, and let the operation continue",
                Verdict.REJECT: "Reject, and close the request",
            }[one],
            one.value,
        )
        for one, status in ((Verdict.APPROVE, RequestStatus.APPROVED), (Verdict.REJECT, RequestStatus.REJECTED))
        if status in MOVES[request.status]
    ]
    what = deed_on(request.operation, inline(short_name(request.material), 150, shown=True))
    blocks: list[Block] = [
        section(
            f"*{request.name}*: {what}, requested by {mention(request.requester)}. {REQUEST[request.status].text}."
        ),
    ]
    if not outcomes:
        blocks.append(section("Nothing changes this request any more."))
        return View(
            type="modal",
            callback_id=Callback.CHANGED,
            title=_title(texts.override_title(request.name)),
            close=common.CLOSE,
            blocks=blocks,
        )
    blocks += packed(
        [
            "*Warning*: this goes past everything that is still missing, and stays on the record for good.",
            *_skipped(request, labels),
        ]
    )
    chosen = verdict if verdict is not None and any(outcome.value == verdict for outcome in outcomes) else None
    blocks.append(choice(Field.VERDICT, Action.VERDICT, "Outcome", outcomes, chosen=chosen))
    blocks.append(typed(Field.REASON, Action.REASON, common.REASON, hint=texts.EVERYBODY_SEES, initial=reason))
    return _form(Callback.OVERRIDE, texts.override_title(request.name), "Override", blocks, Origin(request=request.id))


def _skipped(request: Request, labels: Labels) -> list[str]:
    lines = [
        (
            f"• {gate_name(item)}, {step_name(item, number)}: {approved} of {step.required} approved; goes "
            f"past {labels.approvers(step.approvers, 4)}"
        )
        for item in request.work_items
        for number, step in enumerate(item.profile.steps)
        if (approved := request.approvals(item.position, number)) < step.required
    ]
    more = len(lines) - MOST_SKIPPED
    return [*lines[:MOST_SKIPPED], *([f"• and {more} more steps"] if more > 0 else [])]


def cancel(request: Request) -> View:
    """To withdraw a request, with a reason if one is given."""
    what = deed_on(request.operation, inline(short_name(request.material), 150, shown=True))
    blocks: list[Block] = [
        section(f"*{request.name}*: {what}. It closes at once; the approvers' messages say so."),
        typed(Field.REASON, Action.REASON, common.REASON, optional=True, hint=texts.EVERYBODY_SEES),
    ]
    return _form(
        Callback.CANCEL,
        f"Cancel {request.name}",
        "Cancel request",
        blocks,
        Origin(request=request.id),
        close=common.KEEP_IT,
    )


def comment(request: Request) -> View:
    """To say something beside any decision."""
    what = deed_on(request.operation, inline(short_name(request.material), 150, shown=True))
    blocks: list[Block] = [
        section(f"*{request.name}*: {what}."),
        typed(Field.COMMENT, Action.COMMENT_TEXT, common.COMMENT, hint=texts.EVERYBODY_SEES, focus=True),
    ]
    return _form(Callback.COMMENT, f"Comment on {request.name}", "Comment", blocks, Origin(request=request.id))
