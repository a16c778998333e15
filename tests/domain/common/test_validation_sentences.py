"""What pydantic finds wrong is said in the same words everywhere, without the value."""

from enum import StrEnum
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator

from domain.common.validation_sentences import choices, validation_sentence


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Part(BaseModel, extra="forbid"):
    text: str = Field(default="abc", min_length=1, max_length=3)
    number: int = Field(default=1, ge=1, le=5)
    flag: bool = True
    colour: Colour = Colour.RED
    mode: Literal["socket", "http"] = "http"
    entries: tuple[str, ...] = Field(default=("a",), min_length=1, max_length=2)
    keys: dict[str, str] = {}
    secret: SecretStr = Field(default=SecretStr("x" * 32), min_length=32)
    word: str = ""
    pattern: str = Field(default="a", pattern="^a$")

    @field_validator("word")
    @classmethod
    def _is_no_bad_word(cls, word: str) -> str:
        if word == "bad":
            raise ValueError("is a bad word")
        return word


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("txt", "a", "is not known here"),
        ("text", 7, "must be text"),
        ("text", "", "must have at least 1 character"),
        ("text", "hunter2", "must have at most 3 characters"),
        ("number", "many", "must be a whole number"),
        ("number", 1.5, "must be a whole number"),
        ("number", 0, "must be at least 1"),
        ("number", 6, "must be at most 5"),
        ("flag", "maybe", "must be true or false"),
        ("colour", "rad", "must be one of red, blue"),
        ("mode", "pigeon", "must be one of socket, http"),
        ("entries", {}, "must be a list"),
        ("entries", [], "must have at least 1 entry"),
        ("entries", ["a", "b", "c"], "must have at most 2 entries"),
        ("keys", "a", "must have keys with values"),
        ("secret", "hunter2", "must have at least 32 characters"),
        ("word", "bad", "is a bad word"),
        ("pattern", "hunter2", "String should match pattern '^a$'"),
    ],
)
def test_a_fault_is_one_sentence_without_the_value(field: str, value: Any, sentence: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Part.model_validate({field: value})
    assert [validation_sentence(error) for error in raised.value.errors()] == [sentence]


def test_the_choices_of_an_enum() -> None:
    with pytest.raises(ValidationError) as raised:
        Part.model_validate({"colour": "rad", "number": 0})
    assert [choices(error) for error in raised.value.errors()] == [[], ["red", "blue"]]
