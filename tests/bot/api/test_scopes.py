"""Which token may do what: each call of the API with a token of each scope, and none."""

from typing import Final

import aiohttp

from domain.platforms.tokens import Scope
from tests.bot.api.platform import Platform, platform, served

READERS: Final = {Scope.READ, Scope.READ_ALL}
MAY: Final = {
    "POST /requests": {Scope.SUBMIT},
    "GET /resources": {Scope.SUBMIT, *READERS},
    "GET /requests": READERS,
    "GET /requests/{name}": READERS,
    "GET /requests/{name}/certificate": READERS,
    "GET /events": READERS,
    "POST /requests/{name}/comments": {Scope.COMMENT},
    "POST /requests/{name}/cancellation": {Scope.CANCEL},
    "POST /requests/{name}/result": {Scope.REPORT},
}


async def test_every_call_is_for_the_scopes_that_it_says(sqlite_url: str) -> None:
    async with served(sqlite_url) as company:
        async with aiohttp.ClientSession() as session:
            described = (await Platform(company, None, session).calls("GET", "/openapi.json")).body
            offered = {
                f"{method.upper()} {path.removeprefix('/v1')}"
                for path, methods in described["paths"].items()
                for method in methods
            }
            assert offered == set(MAY), "each call has its row, and each row its call"
            for call in MAY:
                method, path = call.split()
                refused = await Platform(company, None, session).calls(method, path.format(name="REQ-1"))
                assert refused.status == 401, call
        for scope in Scope:
            async with platform(company, scope) as one:
                for call, scopes in MAY.items():
                    method, path = call.split()
                    answer = await one.calls(
                        method, path.format(name="REQ-1"), **({"json": {}} if method == "POST" else {})
                    )
                    assert (answer.status == 403) == (scope not in scopes), (scope, call, answer)
