"""The form for a new request where it takes files, and the shortcuts that open it. Their names stand in manifest.yml too."""

from typing import Final

TOO_LONG_TO_PASTE: Final = "It is too long for this field. Save it as a file and choose the file below."

BOTH_GIVEN: Final = "You also pasted it. Remove this file or clear the field above."
ONE_FILE: Final = "Choose only one file."
GIVE_CSR: Final = "Paste the certificate request (CSR) here, or choose its file below."
GIVE_CERTIFICATE: Final = "Paste the certificate here, or choose its file below."

READING: Final = "Reading your file… Nothing is submitted yet."
READING_MESSAGE: Final = "Reading the file of this message…"

FROM_MESSAGE: Final = "Filled in from the message. Please check that the operation is right."
NOTHING_IN_MESSAGE: Final = (
    "This message and its files contain no certificate request (CSR) and no certificate. "
    "Paste or upload one in a new request."
)
FILE_AGAIN: Final = "Choose your file again."


def not_submitted(why: str) -> str:
    """The same, where it was refused: *why* is a sentence."""
    return f"Nothing was submitted. {why}"
