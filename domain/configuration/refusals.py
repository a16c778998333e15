"""Why a change of what is configured is refused; each docstring is what the person reads."""

from domain.errors import Refusal


class NothingMirrored(Refusal):
    """Countersign has not met this workspace yet, so it cannot tell who is meant.
    Set SLACK_BOT_TOKEN, or start it once with `countersign run`."""


class StillUsed(Refusal):
    """{reasons}"""


class PlanChanged(Refusal):
    """What is configured changed while this plan was looked at. Nothing was applied; look at the new plan."""


class NotAReader(Refusal):
    """Only administrators and auditors can look at approval profiles and resources."""


class ProfileChanged(Refusal):
    """{who} changed the approval profile {profile} meanwhile: {what}. Nothing was saved; look at it again."""


class ResourceChanged(Refusal):
    """{who} changed the resource {resource} meanwhile: {what}. Nothing was saved; look at it again."""


class NotThere(Refusal):
    """There is no {kind} {key} any more. Choose another approver."""


class FormTooOld(Refusal):
    """This form has been open for too long, and its steps are forgotten. Nothing was saved; please open it again."""


class NoSuchStep(Refusal):
    """There is no step {number} in this form any more. Please look at it again."""


class TooManySteps(Refusal):
    """A profile has at most {most} steps."""


class ResourceInUse(Refusal):
    """The resource {resource} is still named by {users}. Let those go of it first."""


class WrongKind(Refusal):
    """{resource} is no {kind}."""
