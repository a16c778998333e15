"""Resources: looking at them, their form, and the dry run of an operation. Values are mrkdwn of ours."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.slack.kit.texts import terms
from bot.slack.kit.texts.grammar import capital, count, row, span
from domain.approvals.resources import Gate
from domain.common.operations import Operation

# Looking

ALL: Final = "All resources"
ALL_LABEL: Final = "Back to all resources"
GATES_NOTHING: Final = "Gates nothing."


def several(number: int) -> str:
    return count(number, "resource")


def bindings(bound: Sequence[tuple[Sequence[Operation], str]]) -> str:
    """Which operations each profile gates at a resource."""
    said = [
        f"{row([terms.operation(operation) for operation in operations])}: {profile}" for operations, profile in bound
    ]
    return capital("; ".join(said)) or GATES_NOTHING


def carried_out_by(connector: str | None) -> str:
    """Of a certificate authority."""
    by = f"the connector {connector}" if connector is not None else "people, by hand"
    return f"Approved operations here are carried out by {by}."


def binding(operation: Operation, profile: str | None) -> str:
    """What gates *operation* at a resource."""
    return f"{capital(terms.operation(operation))}: " + (f"*{profile}*" if profile is not None else "no gate here")


NOTHING_CHANGED: Final = "*Nothing changed.*"


# The form

NO_GATE: Final = "No gate here"


# The dry run

DRY_RUN: Final = "Dry run"
MORE_THAN_FITS: Final = "There is more than fits here."


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
