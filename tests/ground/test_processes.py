"""Real processes: they start, say why when they do not, are killed and come back at the same address."""

import pytest

from tests.conftest import Ground
from tests.ground.client import client
from tests.ground.processes import DidNotStart, Server, afterbell


async def test_a_killed_server_answers_again_at_the_same_address(migrated: Ground) -> None:
    async with Server(migrated.url) as server:
        await server.kill()
        await server.start()
        async with client(server.base_url) as visitor:
            answer = await visitor.get("/healthz")
        assert answer.status_code == 200


async def test_a_server_without_the_guard_does_not_start_and_says_so(blank: Ground) -> None:
    with pytest.raises(DidNotStart, match="guard"):
        await Server(blank.url).start()


def test_a_command_answers_with_its_code_and_output(migrated: Ground) -> None:
    done = afterbell(migrated.url, "doctor", "--json")
    assert (done.returncode, done.stdout) == (0, '{"ok": true, "findings": []}\n')
