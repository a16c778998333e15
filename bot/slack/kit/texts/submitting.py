"""The form for a new request where it takes files, and the shortcuts that open it. Their names stand in manifest.yml too."""

from typing import Final

TOO_LONG_TO_PASTE: Final = "It is too long to stand in this field. Save it as a file, and choose that below."

BOTH_GIVEN: Final = "You pasted it as well. Remove this file, or empty the field above."
ONE_FILE: Final = "Choose a single file."
GIVE_CSR: Final = "Paste the certificate request (CSR) here, or choose its file below."
GIVE_CERTIFICATE: Final = "Paste the certificate here, or choose its file below."

READING: Final = "Reading your file… Nothing is submitted yet."
READING_MESSAGE: Final = "Reading the file of this message…"

FROM_MESSAGE: Final = "Filled in from the message. The operation is a guess: look whether it is what you need."
NOTHING_IN_MESSAGE: Final = (
    "There is neither a certificate request (CSR) nor a certificate in this message or its files. "
    "Paste or upload one in a new request."
)
FILE_AGAIN: Final = "What you chose as a file has to be chosen again."


def not_submitted(why: str) -> str:
    """The same, where it was refused: *why* is a sentence."""
    return f"Nothing was submitted. {why}"
