"""A tick that cannot do its work leaves it to the next one."""

import pytest

from bot.runtime.scheduler import calm
from domain.common.errors import Busy, Conflict


@pytest.mark.parametrize("refusal", [Busy, Conflict])
async def test_a_database_that_is_slow_is_one_line_in_the_log(
    refusal: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    async def sweep() -> None:
        raise refusal

    await calm("expire_due", sweep)()
    [said] = caplog.records
    assert said.message.startswith("expire_due waits for its next turn: ")
    assert said.exc_info is None


async def test_what_is_a_mistake_is_not_passed_over() -> None:
    async def sweep() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await calm("expire_due", sweep)()
