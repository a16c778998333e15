"""What a connector is: it carries out approved operations. SPEC.md section 6."""

from collections.abc import Mapping
from typing import Protocol

from domain.approvals.execution import ApprovedOperation, Outcome


class Unclear(Exception):
    """Nobody knows whether the operation was carried out. The message, a sentence, says why."""


class Connector(Protocol):
    """Carries out operations for the resources whose configuration names it.

    A connector is handed the same operation again whenever nobody knows what came of the last time: the process was killed, an answer was
    lost, two replicas overlapped. `ApprovedOperation.key` is the same then, and the operation must be carried out once.
    """

    async def execute(self, operation: ApprovedOperation) -> Outcome:
        """Carry *operation* out, and answer with what came of it.

        `Executed` or `Failed` end it. `Accepted` says that the result is reported later (`domain.workflow.releases.report`). `Later` says
        that it was certainly not done; where that is not certain, raise `Unclear`: it is delivered again, as after whatever else is raised.
        It is not asked past `valid_until`, and must not carry out what is past it.
        """

    async def recall(self, operation: ApprovedOperation) -> Outcome | None:
        """What has already become of *operation*, without doing anything: `Later` where it was not done, None where that is not known here.

        Asked before anything else where an earlier delivery was cut off, so that what was done is not taken for lapsed.
        """


Connectors = Mapping[str, Connector]
"""By the name that a resource gives as its connector: `local-ca:issuing`."""
