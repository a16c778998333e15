"""Why a change of the configuration is refused. Each docstring is the sentence that the person reads."""

from domain.common.errors import Refusal
from domain.configuration.plan import Kind


class NothingMirrored(Refusal):
    """Countersign has not synced this workspace yet, so it does not know its people.
    Set SLACK_BOT_TOKEN, or start it once with `countersign run`."""


class StillUsed(Refusal):
    """{reasons}"""

    reasons: str
    """Sentences, one a line."""


class PlanChanged(Refusal):
    """The configuration changed while you looked at this plan. Nothing was applied. Check the new plan."""


class NotAReader(Refusal):
    """Only administrators and auditors can look at profiles, resources, groups and roles."""


class ProfileChanged(Refusal):
    """{who} changed the approval profile {profile} in the meantime: {what}. Nothing was saved. Check it again."""

    who: str
    profile: str
    """Its name."""
    what: str
    key: str
    """Empty if it was deleted."""


class ResourceChanged(Refusal):
    """{who} changed the resource {resource} in the meantime: {what}. Nothing was saved. Check it again."""

    who: str
    resource: str
    """Its name."""
    what: str
    key: str
    """Empty if it was deleted."""


class TeamChanged(Refusal):
    """{who} changed the {kind} {team} in the meantime: {what}. Nothing was saved. Check it again."""

    who: str
    kind: Kind
    team: str
    """Its name."""
    what: str
    key: str
    """Empty if it was deleted."""


class TeamInUse(Refusal):
    """The {kind} {team} is still named by {users}. Remove it there first."""

    kind: Kind
    team: str
    """Its name."""
    users: str


class NoSuchTeam(Refusal):
    """There is no {kind} {key} any more."""

    kind: Kind
    key: str


class NoSuchUserGroup(Refusal):
    """This user group no longer exists in Slack. Choose another one."""


class BuiltIn(Refusal):
    """The role {role} is built in. You can change who holds it, but not rename or delete it."""

    role: str
    """Its name."""


class LastAdministrator(Refusal):
    """This would leave no administrator. First make another active full member of this workspace an administrator."""


class TeamExists(Refusal):
    """There is already a {kind} exactly like this, {team}, with the key {key}. Nothing was created."""

    kind: Kind
    team: str
    """Its name."""
    key: str


class TeamTooForeign(Refusal):
    """This {kind} lists people of another workspace, and a form in Slack would lose them.
    Change it in the configuration file (countersign config export and apply)."""

    kind: Kind


class ResourceExists(Refusal):
    """There is already a resource exactly like this, {resource}, with the key {key}. Nothing was created."""

    resource: str
    """Its name."""
    key: str


class NotThere(Refusal):
    """There is no {kind} {key} any more. Choose another approver."""

    kind: str
    """`group` or `role`."""
    key: str


class FormTooOld(Refusal):
    """This form was open for too long and its steps were discarded. Nothing was saved. Open it again."""


class NoSuchStep(Refusal):
    """Step {number} is no longer in this form. Check it again."""

    number: int
    """Counted from 1."""


class TooMuchForAForm(Refusal):
    """This step names more approvers than a form in Slack can hold, or people of another workspace, and a form would lose some.
    Change it in the configuration file (countersign config export and apply)."""


class RulesTooLong(Refusal):
    """These rules say more than a form in Slack can hold, and it would lose some.
    Change them in the configuration file (countersign config export and apply)."""


class TooManySteps(Refusal):
    """A profile has at most {most} steps."""

    most: int


class ResourceInUse(Refusal):
    """The resource {resource} is still named by {users}. Remove it there first."""

    resource: str
    """Its name."""
    users: str


class WrongKind(Refusal):
    """{resource} is not a {kind}."""

    resource: str
    """Its name."""
    kind: str
