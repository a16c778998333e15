"""The certificate operations that wait for approval (SPEC.md section 2)."""

from enum import StrEnum


class Operation(StrEnum):
    """What a requester asks for. The value is what is stored and what the API says."""

    ENROLL = "enroll"
    RE_ENROLL = "re_enroll"
    ISSUE = "issue"
    RENEW = "renew"
    REKEY = "rekey"
    REVOKE = "revoke"

    @property
    def label(self) -> str:
        """The operation in words, as in "re-enroll"."""
        return self.value.replace("_", "-")
