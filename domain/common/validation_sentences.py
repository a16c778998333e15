"""Turns pydantic's validation errors into sentences: `must be at least 1`. The value, which can be a secret, is left out."""

from collections.abc import Mapping
from typing import Any, Final

_SENTENCES: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "must be text",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} {unit}",
    "too_long": "must have at most {max_length} {unit}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must have keys with values",
    "model_type": "must have keys with values",
    "model_attributes_type": "must have keys with values",
    "enum": "must be one of {choices}",
    "literal_error": "must be one of {choices}",
}
"""By pydantic's type of the error. For any other type, pydantic's own message, or that of the ValueError of a validator, is used."""


def validation_sentence(error: Mapping[str, Any]) -> str:
    """What is wrong, without a subject and a full stop; *error* is an entry of `ValidationError.errors()`."""
    sentence = _SENTENCES.get(error["type"])
    if sentence is None:
        return str(error["msg"]).removeprefix("Value error, ")
    context = error.get("ctx", {})
    unit = "characters" if context.get("field_type") == "Value" else "entries"  # pydantic's name for a SecretStr here
    text = sentence.format(**context, unit=unit, choices=", ".join(choices(error)))
    return text.replace("least 1 characters", "least 1 character").replace("least 1 entries", "least 1 entry")


def choices(error: Mapping[str, Any]) -> list[str]:
    """The values that may stand there, where *error* is about a value that is none of them; otherwise nothing."""
    expected = str(error.get("ctx", {}).get("expected", ""))
    return expected.replace("'", "").replace(" or ", ", ").split(", ") if expected else []
