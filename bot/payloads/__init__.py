"""Slack's JSON → typed, frozen input. Nothing after this room sees raw payloads.

Whatever is malformed or forged ends in `BadInput`, one clear sentence; what somebody typed wrongly in `Misused` or `FormFaults`.
"""

from bot.payloads.clicks import (
    Click,
    DetailsPageClick,
    HomePageClick,
    ListPageClick,
    RequestClick,
    StepClick,
    ViewRef,
    click,
    details_page_click,
    home_page_click,
    list_page_click,
    request_click,
    step_click,
)
from bot.payloads.commands import Command, command
from bot.payloads.faults import BadInput, FormFaults, Misused
from bot.payloads.forms import (
    CancelForm,
    CommentForm,
    DecisionForm,
    Form,
    FormChange,
    HomeOpened,
    OverrideForm,
    SubmitForm,
    approve_form,
    cancel_form,
    comment_form,
    form_change,
    home_opened,
    override_form,
    reject_form,
    submit_form,
)
from bot.payloads.shortcuts import AnyShortcut, MessageShortcut, message_shortcut, shortcut
from bot.payloads.who import Who

__all__ = [
    "AnyShortcut",
    "BadInput",
    "CancelForm",
    "Click",
    "Command",
    "CommentForm",
    "DecisionForm",
    "DetailsPageClick",
    "Form",
    "FormChange",
    "FormFaults",
    "HomeOpened",
    "HomePageClick",
    "ListPageClick",
    "MessageShortcut",
    "Misused",
    "OverrideForm",
    "RequestClick",
    "StepClick",
    "SubmitForm",
    "ViewRef",
    "Who",
    "approve_form",
    "cancel_form",
    "click",
    "command",
    "comment_form",
    "details_page_click",
    "form_change",
    "home_opened",
    "home_page_click",
    "list_page_click",
    "message_shortcut",
    "override_form",
    "reject_form",
    "request_click",
    "shortcut",
    "step_click",
    "submit_form",
]
