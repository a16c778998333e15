"""The forms about a request: to submit, approve, reject, override, cancel and comment; and what is said when one can no longer be sent."""

from typing import Final

from bot.slack.kit.texts import terms
from bot.slack.kit.texts.grammar import capital
from domain.approvals.decisions import Verdict
from domain.common.operations import Operation
from domain.pki import RevocationReason

EVERYBODY_SEES: Final = "Everybody on the request sees it."

# To submit

SUBMIT_TITLE: Final = "New request"
SUBMIT: Final = "Submit"
WHAT: Final = "What do you need?"
CHOOSE_OPERATION: Final = "Choose an operation, and the fields that it needs appear."
WHERE: Final = "Where?"
CERTIFICATE: Final = "Certificate"
CERTIFICATE_HINT: Final = "The certificate of today, as PEM or base64, from BEGIN CERTIFICATE to END CERTIFICATE."
CSR: Final = "Certificate request (CSR)"
CSR_HINT: Final = (
    "PKCS#10, as PEM or base64, from BEGIN CERTIFICATE REQUEST to END CERTIFICATE REQUEST, with at most 500 names; keys are RSA, EC, "
    "Ed25519, Ed448 or ML-DSA. Never paste a private key."
)
WHY_REVOKE: Final = "Why is it to be revoked?"
WHY_REVOKE_HINT: Final = "RFC 5280 section 5.3.1; it will stand in the CRL."
WHY: Final = "Why is this needed? The approvers read it."


def operation(one: Operation) -> str:
    """A choice of what to ask for."""
    return {
        Operation.ISSUE: "Issue a certificate",
        Operation.RENEW: "Renew a certificate",
        Operation.REKEY: "Rekey a certificate",
        Operation.REVOKE: "Revoke a certificate",
        Operation.ENROLL: "Enroll an end entity",
        Operation.RE_ENROLL: "Re-enroll an end entity",
    }[one]


def revocation_reason(one: RevocationReason) -> str:
    """A choice of why to revoke."""
    return capital(terms.revocation_reason(one))


def nothing_offers(one: Operation) -> str:
    return f"Nothing offers to {terms.operation(one)} yet. An administrator can add a resource to the configuration."


def resubmission_of(request: str) -> str:
    return f"Resubmission of {request}: both requests will name each other."


def kept(request: str) -> str:
    """The hint of a field for what was too long to be shown in it."""
    return f"Too long to be shown here. Leave this empty to use what {request} asked for."


# To decide


APPROVE: Final = "Approve"
REJECT: Final = "Reject"
CLOSES_ALL: Final = "One rejection closes the whole request."
REJECT_HINT: Final = "The requester and the other approvers see it."


def approve_title(request: str) -> str:
    return f"Approve {request}"


def reject_title(request: str) -> str:
    return f"Reject {request}"


def about(request: str, what: str, requester: str) -> str:
    """What a form decides on: *what* is the deed and its object."""
    return f"*{request}*: {what}, requested by {requester}."


def place(gate: str, step: str) -> str:
    return f"{gate}, {step}"


# To override

OVERRIDE: Final = "Override"
OVERRIDE_WARNING: Final = (
    "*Warning*: this goes past everything that is still missing, and stays on the record for good."
)
NOTHING_CHANGES_IT: Final = "Nothing changes this request any more."
OUTCOME: Final = "Outcome"


def override_title(request: str) -> str:
    return f"Override {request}"


def outcome(verdict: Verdict) -> str:
    return {
        Verdict.APPROVE: "Approve, and let the operation continue",
        Verdict.REJECT: "Reject, and close the request",
    }[verdict]


def about_to_override(request: str, what: str, requester: str, status: str) -> str:
    return f"*{request}*: {what}, requested by {requester}. {status}."


def goes_past(gate: str, step: str, approved: int, required: int, approvers: str) -> str:
    return f"• {gate}, {step}: {approved} of {required} approved; goes past {approvers}"


def more_steps(more: int) -> str:
    return f"• and {more} more steps"


# To cancel and to comment

CANCEL: Final = "Cancel request"
COMMENT: Final = "Comment"


def cancel_title(request: str) -> str:
    return f"Cancel {request}"


def about_to_cancel(request: str, what: str) -> str:
    return f"*{request}*: {what}. It closes at once; the approvers' messages say so."


def comment_title(request: str) -> str:
    return f"Comment on {request}"


def about_to_comment(request: str, what: str) -> str:
    return f"*{request}*: {what}."


# What happened meanwhile
