"""No status without its word, no id that was ever renamed."""

from bot.slack.kit.blocks import steps
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import words
from bot.slack.kit.texts.commands import USAGES, Subcommand
from bot.slack.pages.details import audit_texts as audit
from domain.approvals.status import OperationStatus, RequestStatus, WorkItemStatus
from domain.audit import entries as domain_audit
from domain.common.operations import Operation
from tests.bot.slack.cast import everything


def test_every_status_has_a_word_of_its_own() -> None:
    assert set(words.REQUEST) == set(RequestStatus)
    assert set(words.WORK_ITEM) == set(WorkItemStatus)
    assert set(words.OPERATION) == set(OperationStatus)
    assert set(words.STEP) == set(words.StepState)
    assert set(words.CONTENT) == set(Operation)
    assert set(audit.ACTIONS) == set(domain_audit.Action)
    assert set(audit.SOURCES) == set(domain_audit.Source)
    assert set(USAGES) == set(Subcommand)
    for table in (words.REQUEST, words.WORK_ITEM, words.OPERATION, words.STEP):
        said = [word.text for word in table.values()]
        assert len(set(said)) == len(said)


def test_every_state_of_a_step_occurs() -> None:
    seen = {
        steps.step_state(request, item, number)
        for _, request in everything()
        for item in request.work_items
        for number in range(len(item.profile.steps))
    }
    assert seen == set(words.StepState)


def test_ids_are_never_renamed() -> None:
    """Old messages carry them. An id may be added here; none may go or change."""
    assert {action.value for action in Action} >= {
        "approve", "approve_with_comment", "reject", "details", "cancel", "override", "comment", "resubmit", "reload",
        "details_next", "details_previous", "home_older", "home_newest", "list_older", "list_newest", "new_request",
        "show_waiting", "operation", "resource", "revocation_reason", "csr", "certificate", "reason", "comment_text", "verdict",
    }  # fmt: skip
    assert {callback.value for callback in Callback} >= {
        "submit", "approve", "reject", "override", "cancel", "comment", "details", "changed", "home"
    }  # fmt: skip
    assert {field.value for field in Field} >= {
        "operation", "resource", "csr", "certificate", "revocation_reason", "reason", "comment", "verdict"
    }  # fmt: skip
