"""Every button there is about a request. Each carries a step or a request, never data: all is looked up and checked again."""

from slack_sdk.models.blocks import ButtonElement, InteractiveElement

from bot.slack.kit.blocks.layout import button
from bot.slack.kit.ids import Action
from bot.slack.kit.texts import buttons as texts
from domain.approvals.profiles import CommentRule
from domain.approvals.requests import Request, StepRef, WorkItem, request_name


def decision_buttons(request: Request, item: WorkItem, step: int, *, few: bool = False) -> list[InteractiveElement]:
    """Approve, reject and details for one step; where a comment is no duty, one more to approve with one, unless there are to be *few*."""
    ref = str(StepRef(request=request.id, gate=item.position, step=step))
    buttons: list[InteractiveElement] = [
        button("Approve", Action.APPROVE, ref, f"Approve request {request.name}", style="primary"),
        button("Reject", Action.REJECT, ref, f"Reject request {request.name}", style="danger"),
        details_button(request),
    ]
    if not few and item.profile.definition.comment_required is not CommentRule.ALWAYS:
        label = f"Approve with comment: request {request.name}"
        buttons.append(button("Approve with comment", Action.APPROVE_WITH_COMMENT, ref, label))
    return buttons


def details_button(request: Request) -> ButtonElement:
    return details_of(request.id)


def details_of(request: int) -> ButtonElement:
    """The same, where only its number is known."""
    return button(texts.DETAILS, Action.DETAILS, str(request), texts.details_label(request_name(request)))


def cancel_button(request: Request) -> ButtonElement:
    return button("Cancel request", Action.CANCEL, str(request.id), f"Cancel request {request.name}")


def resubmit_button(request: Request) -> ButtonElement:
    return button("Resubmit", Action.RESUBMIT, str(request.id), f"Resubmit request {request.name}")


def remind_button(request: Request) -> ButtonElement:
    return button("Remind", Action.REMIND, str(request.id), f"Remind the approvers of request {request.name}")


def override_button(request: Request) -> ButtonElement:
    return button("Override", Action.OVERRIDE, str(request.id), f"Override request {request.name}", style="danger")


def comment_button(request: Request) -> ButtonElement:
    return button("Comment", Action.COMMENT, str(request.id), f"Comment on request {request.name}")
