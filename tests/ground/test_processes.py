"""Real processes: they start, say why when they do not, are killed and come back at the same address."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Ground
from tests.ground.children import ROOT, clean_environment
from tests.ground.client import client
from tests.ground.once import VARIABLE, folder
from tests.ground.patience import until
from tests.ground.processes import ColdServer, DidNotStart, Server, afterbell

# A child of the nursery ends with its nursery anywhere; one that is started cold is tied to its parent by Linux alone.
TIED = ("warm", "cold") if sys.platform.startswith("linux") else ("warm",)
HOLDS_A_SERVER = """
import asyncio, sys
from tests.ground.processes import Server
from tests.ground.warm import NURSERY
async def hold():
    NURSERY.is_open = sys.argv[2] == "warm"
    print((await Server(sys.argv[1]).start()).pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(hold())
"""


@pytest.mark.parametrize("kind", [Server, ColdServer])
async def test_a_killed_server_answers_again_at_the_same_address(migrated: Ground, kind: type[Server]) -> None:
    async with kind(migrated.url) as server:
        await server.kill()
        await server.start()
        async with client(server.base_url) as visitor:
            answer = await visitor.get("/healthz")
        assert answer.status_code == 200


@pytest.mark.parametrize("kind", [Server, ColdServer])
async def test_a_server_without_the_guard_does_not_start_and_says_so(blank: Ground, kind: type[Server]) -> None:
    with pytest.raises(DidNotStart, match="guard"):
        await kind(blank.url).start()


async def test_a_server_has_a_group_of_its_own_whatever_it_comes_from(migrated: Ground) -> None:
    async with Server(migrated.url) as warm, ColdServer(migrated.url) as cold:
        pids = [warm.pid, cold.pid]
        assert ([os.getsid(pid) for pid in pids], [os.getpgid(pid) for pid in pids]) == (pids, pids)


@pytest.mark.parametrize("start", TIED)
async def test_no_server_outlives_whoever_started_it(migrated: Ground, start: str) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_SERVER, migrated.url, start],
        cwd=ROOT,
        env=clean_environment({}) | {VARIABLE: str(folder())},
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout
        pid = int(holder.stdout.readline())
        holder.send_signal(signal.SIGKILL)
    assert await until(lambda: gone(pid))


async def gone(pid: int) -> bool:
    """Ended; whoever inherits it may take its time to reap it."""
    try:
        os.kill(pid, 0)
        stat = Path(f"/proc/{pid}/stat")
        return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_command_answers_with_its_code_and_output(migrated: Ground) -> None:
    done = afterbell(migrated.url, "doctor", "--json")
    assert (done.returncode, done.stdout) == (0, '{"ok": true, "findings": []}\n')
