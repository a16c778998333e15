"""Editing a step in a form must lose nothing of it."""

import pytest

from domain.approvals.profiles import Approvers, Notify, Step
from domain.configuration.refusals import TooMuchForAForm
from domain.people.people import GroupId, PersonId
from domain.workflow.configuration.profile_drafts import MOST_CHOSEN, editable

GROUPS = tuple(GroupId(f"group-{number}") for number in range(MOST_CHOSEN + 1))


def test_what_a_form_can_show_can_be_edited() -> None:
    step = Step(name="All", approvers=Approvers(users=(PersonId("T1/U1"),), groups=GROUPS[1:]))
    assert editable(step, "T1") is step


@pytest.mark.parametrize(
    "step",
    [
        Step(name="Many", approvers=Approvers(groups=GROUPS)),
        Step(name="Many silent", notify=Notify(silent=Approvers(groups=GROUPS))),
        Step(name="Elsewhere", approvers=Approvers(users=(PersonId("T2/U1"),))),
    ],
    ids=lambda step: step.name,
)
def test_what_a_form_would_lose_is_refused_in_words(step: Step) -> None:
    with pytest.raises(TooMuchForAForm, match="configuration file"):
        editable(step, "T1")
