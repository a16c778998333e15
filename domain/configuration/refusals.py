"""Why a change of what is configured is refused; each docstring is what the person reads."""

from domain.errors import Refusal


class NothingMirrored(Refusal):
    """Countersign has not met this workspace yet, so it cannot tell who is meant.
    Set SLACK_BOT_TOKEN, or start it once with `countersign run`."""


class StillUsed(Refusal):
    """{reasons}"""


class PlanChanged(Refusal):
    """What is configured changed while this plan was looked at. Nothing was applied; look at the new plan."""


class ProfileChanged(Refusal):
    """Somebody else changed the approval profile {profile} meanwhile: it is at version {number} now.
    Nothing was saved; look at it again."""


class ResourceInUse(Refusal):
    """The resource {resource} is still named by {users}. Let those go of it first."""


class WrongKind(Refusal):
    """{resource} is no {kind}."""
