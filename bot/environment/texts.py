"""What the commands say at the command line, and the process over HTTP; `doctor` and `plan` have modules of their own."""

from typing import Final

NOT_UP_TO_DATE: Final = "The database is not up to date. Run `countersign migrate` first."
CANNOT_BE_APPLIED: Final = "This cannot be applied as it is; see above."
APPLY: Final = "Apply this?"

# What is answered to those who look after the process, or call it wrongly, in a line of plain text
DATABASE_SILENT: Final = "the database does not answer"
LENGTH_NEEDED: Final = "how long is it?"
TOO_LARGE: Final = "too large"


def setting(name: str, fault: str) -> str:
    return f"{name}: {fault}"


def port_unusable(name: str, where: str, why: str) -> str:
    return f"{name}: {where} cannot be listened on: {why}"


def database_unusable(name: str, why: str) -> str:
    return f"The database {name} cannot be used: {why}"


def migrated(name: str) -> str:
    return f"{name} is up to date now."


def migrated_already(name: str) -> str:
    return f"{name} was up to date already."


def exists(file: str) -> str:
    return f"{file} exists. Give --force to replace it."


def unwritable(file: str, why: str) -> str:
    return f"{file} cannot be written: {why}"


def slack_refused(error: str) -> str:
    return f"Slack refused: {error}. `countersign doctor` says what to do."


def slack_unreachable(url: str, why: str) -> str:
    return f"Slack cannot be reached at {url}: {why}"
