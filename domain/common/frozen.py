"""The base class of all immutable values in the domain."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidatorFunctionWrapHandler, WrapValidator


class Frozen(BaseModel):
    """A value: validated when it is made, never changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="float")

    def replace(self, **changes: Any) -> Self:
        """A copy with *changes*, validated like any other (`model_copy` would not be).

        Raises pydantic.ValidationError where the copy would be impossible.
        """
        return type(self)(**{**{name: getattr(self, name) for name in type(self).model_fields}, **changes})


def whole(kind: type[Frozen]) -> WrapValidator:
    """On a field: a value of *kind* was validated when it was made and never changed since, and is taken as it is.

    Without it pydantic runs a model's after-validators again each time what holds it is built.
    """

    def as_it_is(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
        return value if type(value) is kind else validate(value)

    return WrapValidator(as_it_is)
