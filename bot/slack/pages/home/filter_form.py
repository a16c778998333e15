"""The forms of the Home: what its lists are narrowed by."""

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    InputBlock,
    Option,
    PlainTextObject,
    UserMultiSelectElement,
)
from slack_sdk.models.views import View

from bot.slack.kit.blocks.fields import MENU, input_block, matching, menu, resource_menu
from bot.slack.kit.blocks.layout import context, option
from bot.slack.kit.ids import COMMAND, Action, Callback, Field
from bot.slack.kit.places import HomePlace
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts import home as texts
from bot.slack.kit.texts.grammar import capital
from bot.slack.kit.texts.words import REQUEST
from domain.approvals.resources import Resource
from domain.approvals.status import RequestStatus
from domain.common.operations import Operation
from domain.people.people import team_and_user

ANY = "any"


def filtering(place: HomePlace, resources: Sequence[Resource]) -> View:
    """The filter of the Home at *place*, to change; *resources* are those to choose from."""
    now = place.filter
    operations = [option(capital(terms.operation(operation)), operation.value) for operation in Operation]
    chosen = [team_and_user(now.requester)[1]] if now.requester is not None else None
    blocks: list[Block] = [
        context("It filters every list in your Home until you clear it."),
        _statuses(now.statuses),
        menu(
            Field.FILTER_OPERATION, Action.FILTER_OPERATION, "Operation",
            [option("Any operation", ANY), *operations], chosen=now.operation or ANY,
        ),
        resource_menu(
            Field.FILTER_RESOURCE, Action.FILTER_RESOURCE, "Resource",
            resources, chosen=now.resource, nothing=any_resource(), hint="The resource where the request starts, or a gate it passes.",
        ),
        input_block(
            Field.FILTER_REQUESTER, "Requested by",
            # a field for several, because the chosen one of a field for one cannot be taken out again
            UserMultiSelectElement(
                action_id=Action.FILTER_REQUESTER, initial_users=chosen, max_selected_items=1,
                placeholder=PlainTextObject(text="Anybody", emoji=False),
            ),
            optional=True,
        ),
        _day(Field.FILTER_FROM, Action.FILTER_FROM, "Submitted from", now.created_from),
        _day(Field.FILTER_TO, Action.FILTER_TO, "Submitted until", now.created_to, hint="To the end of that day, in your time zone."),
        context(f"The same words filter a list that you type: `{COMMAND} list all approved operation:issue`."),
    ]  # fmt: skip
    return View(
        type="modal",
        callback_id=Callback.FILTER,
        title=texts.FILTER,
        submit="Show",
        close=common.CLOSE,
        blocks=blocks,
        private_metadata=str(place),
    )


def any_resource() -> Option:
    return option("Any resource", f"{ANY}:")


def suggested_resources(resources: Sequence[Resource], written: str) -> list[Option]:
    """What the filter's menu offers where it is searched and *written* stands in it: any first, and at most a hundred."""
    return [any_resource(), *matching({resource.key: resource.name for resource in resources}, written, MENU - 1)]


def _statuses(chosen: frozenset[RequestStatus] | None) -> InputBlock:
    options = {status: option(REQUEST[status].text, status.value) for status in RequestStatus}
    ticked = [options[status] for status in RequestStatus if status in (chosen or ())]
    element = CheckboxesElement(
        action_id=Action.FILTER_STATUS, options=list(options.values()), initial_options=ticked or None
    )
    return input_block(Field.FILTER_STATUS, "Status", element, optional=True, hint="Any, if none is ticked.")


def _day(field: Field, action: Action, label: str, chosen: date | None, *, hint: str = "") -> InputBlock:
    element = DatePickerElement(
        action_id=action,
        initial_date=chosen.isoformat() if chosen is not None else None,
        placeholder=PlainTextObject(text="Any day", emoji=False),
    )
    return input_block(field, label, element, optional=True, hint=hint)
