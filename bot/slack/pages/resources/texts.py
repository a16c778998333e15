"""Resources: looking at them, their form, and the dry run of an operation. Values are mrkdwn of ours."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.slack.kit.texts import terms
from bot.slack.kit.texts.grammar import capital, count, row, span
from domain.approvals.resources import Gate, ResourceKind
from domain.common.operations import Operation

# Looking

TITLE: Final = "Resources"
RESOURCE_TITLE: Final = "Resource"
NONE_YET: Final = (
    "There is no resource yet. RA profiles, end entity profiles, certificate profiles and certificate authorities are what "
    "operations are asked for, and where approval profiles gate them."
)
NONE_MATCHES: Final = "No resource matches."
NEW: Final = "New resource"
NEW_LABEL: Final = "New resource: create one"
ALL: Final = "All resources"
ALL_LABEL: Final = "Back to all resources"
GATES_NOTHING: Final = "Gates nothing."
APPROVALS: Final = "Approvals"
UNUSED: Final = "No other resource uses it."
OPEN_PROFILE: Final = "Open profile"
DELETE_SURE: Final = "Delete this resource?"
DELETE_MEANS: Final = "Nothing can be asked for here any more. Requests that were submitted keep their gates."


def several(number: int) -> str:
    return count(number, "resource")


def open_label(key: str) -> str:
    return f"Open the resource {key}"


def open_profile_label(key: str) -> str:
    return f"Open profile {key}"


def edit_label(key: str) -> str:
    return f"Edit the resource {key}"


def delete_label(key: str) -> str:
    return f"Delete the resource {key}"


def line(name: str, kind: ResourceKind, uses: Sequence[str]) -> str:
    """A resource in the list."""
    return f"*{name}*, {terms.resource(kind)}" + (f", uses {row(uses)}" if uses else "")


def bindings(bound: Sequence[tuple[Sequence[Operation], str]]) -> str:
    """Which operations each profile gates at a resource."""
    said = [
        f"{row([terms.operation(operation) for operation in operations])}: {profile}" for operations, profile in bound
    ]
    return capital("; ".join(said)) or GATES_NOTHING


def identity(kind: ResourceKind, key: str, saved: str) -> str:
    """The line below the name; *saved* says when and by whom, or nothing."""
    return f"{capital(terms.resource(kind))}, key {key}{saved}"


def carried_out_by(connector: str | None) -> str:
    """Of a certificate authority."""
    by = f"the connector {connector}" if connector is not None else "people, by hand"
    return f"Approved operations here are carried out by {by}."


def uses(kind: ResourceKind, name: str | None) -> str:
    return f"Uses {terms.resource(kind)}: " + (f"*{name}*" if name is not None else "none")


def used_by(names: Sequence[tuple[ResourceKind, str]], more: int) -> str:
    return f"Used by {row([f'{terms.resource(kind)} *{name}*' for kind, name in names], more)}"


def binding(operation: Operation, profile: str | None) -> str:
    """What gates *operation* at a resource."""
    return f"{capital(terms.operation(operation))}: " + (f"*{profile}*" if profile is not None else "no gate here")


def created(key: str) -> str:
    return f"*Created*, with the key {key}."


NOTHING_CHANGED: Final = "*Nothing changed.*"
SAVED: Final = "*Saved.* Requests that were submitted before keep their gates."


def deleted(name: str) -> str:
    return f"*Deleted*: {name}."


# The form

EDIT_TITLE: Final = "Edit resource"
NEW_TITLE: Final = "New resource"
KIND: Final = "Kind"
CHOOSE_KIND: Final = "Choose a kind, and the fields that it has appear."
CONNECTOR_FIELD: Final = "Connector"
CONNECTOR_HINT: Final = (
    "What carries out approved operations here, such as local-ca:issuing. Empty: people do it by hand."
)
WHAT_GATES_WHAT: Final = "Which approval profile gates what"
NO_GATE: Final = "No gate here"


def uses_field(kind: ResourceKind) -> str:
    return f"Uses {terms.resource(kind)}"


# The dry run

DRY_RUN: Final = "Dry run"
DRY_RUN_LABEL: Final = "Dry run: try out which gates an operation would meet"
OPERATION: Final = "Operation"
WHERE: Final = "Where?"
TRY_IT: Final = "Try it"
CHOOSE_OPERATION: Final = "Choose an operation, and the resources where it may begin appear. Nothing is submitted."
MORE_THAN_FITS: Final = "There is more than fits here."
REQUESTER_NOT_COUNTED: Final = "Whoever asks cannot approve, unless the profile says so: that is not counted here."


def dry_run_label(key: str) -> str:
    return f"Dry run: which gates an operation at {key} would meet"


def nothing_offers(operation: Operation) -> str:
    return f"Nothing offers to {terms.operation(operation)} yet."


def meets_no_gate(operation: Operation, entry: str) -> str:
    return f"*{capital(terms.operation(operation))}* at *{entry}* meets no gate: a request would be approved at once."


def meets(operation: Operation, entry: str, gates: int) -> str:
    order = ", one after the other" if gates > 1 else ""
    return f"*{capital(terms.operation(operation))}* at *{entry}* meets {count(gates, 'gate')}{order}:"


def gate(number: int, met: Gate, resource: str, profile: str) -> str:
    """A gate that an operation would meet; names are mrkdwn."""
    expires = met.profile.definition.expires_after
    return (
        f"*Gate {number}*: {terms.resource(met.kind)} {resource}, approval profile *{profile}*, version {met.profile.number}, "
        + (f"expires after {span(expires)}" if expires is not None else "never expires")
    )


def step(number: int, name: str, required: int, people: int, first: Sequence[str]) -> str:
    """A step of such a gate: how many *people* could decide it, the *first* of them by name."""
    could = f"{count(people, 'person', 'people')} could decide it now" if people else "nobody could decide it now"
    return f"• Step {number}, {name}: needs {required}; {could}" + (
        f": {row(first, people - len(first))}" if people else ""
    )


def step_escalates(number: int, name: str, after: timedelta, people: int, first: Sequence[str]) -> str:
    """How many more *people* could decide it then."""
    could = f"{people} more could decide: {row(first, people - len(first))}" if people else "nobody else could decide"
    return f"• Step {number}, {name}: after {span(after)} without a decision, {could}"


def warning(text: str) -> str:
    return f"• *Warning*: {text}"
