"""What every value of the domain is made of."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: validated when it is made, never changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="float")

    def replace(self, **changes: Any) -> Self:
        """A copy with *changes*, validated like any other (`model_copy` would not be).

        Raises pydantic.ValidationError where the copy would be impossible.
        """
        return type(self)(**{**{name: getattr(self, name) for name in type(self).model_fields}, **changes})
