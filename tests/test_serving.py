"""What keeps `serve` and `worker` from starting, and that a wrong start ends with code 1 and one sentence that helps."""

import re
import socket
from collections.abc import Mapping
from subprocess import CompletedProcess

import pytest

from tests.conftest import District, Ground
from tests.ground.client import client
from tests.ground.processes import Server, afterbell

ABROAD = "https://rooms.example.org"


def words(done: CompletedProcess[str]) -> str:
    """Both streams without the frame around errors."""
    return " ".join(re.sub("[─│╭╮╰╯]", " ", done.stdout + done.stderr).split())


def refusal(url: str, *command: str, **settings: str) -> str:
    """Why the command will not start."""
    done = afterbell(url, *command, settings=settings)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stdout + done.stderr
    return words(done).removeprefix("Error ")


NO_SECRET = "Off this machine AFTERBELL_SECRET must be set; `openssl rand -hex 32` makes one."
DEMO = (
    "This is the demo district, whose sign-in links are public: it is served on this machine only. "
    "Use an empty database and `afterbell setup`."
)


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        (["serve", "--host", "0.0.0.0", "--port", "0"], {}),
        (["serve", "--port", "0"], {"BASE_URL": ABROAD}),
        (["worker"], {"BASE_URL": ABROAD}),
    ],
)
def test_off_this_machine_a_secret_must_have_been_chosen(
    migrated: Ground, command: list[str], settings: Mapping[str, str]
) -> None:
    assert refusal(migrated.url, *command, **settings, SECRET="") == NO_SECRET


@pytest.mark.parametrize(
    ("command", "settings"),
    [(["serve", "--host", "0.0.0.0", "--port", "0"], {}), (["worker"], {"BASE_URL": ABROAD})],
)
def test_the_demo_is_served_on_this_machine_only(
    district: District, command: list[str], settings: Mapping[str, str]
) -> None:
    assert refusal(district.url, *command, **settings) == DEMO


async def test_control_a_chosen_secret_and_real_people_may_be_served_abroad(migrated: Ground) -> None:
    async with Server(migrated.url, BASE_URL=ABROAD) as server, client(server.base_url) as visitor:
        assert (await visitor.get("/healthz")).status_code == 200


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_taken_port_is_told_with_another(migrated: Ground) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = refusal(migrated.url, "serve", "--port", str(port))
    assert told == (
        f"Port {port} on 127.0.0.1 cannot be used (Address already in use). Try another: PORT={port + 1} make run, or --port {port + 1}."
    )


@pytest.mark.parametrize("engine", ["sqlite"])
def test_sqlite_is_served_by_one_process(migrated: Ground) -> None:
    assert refusal(migrated.url, "serve", "--port", "0", "--processes", "2") == (
        "SQLite has one writer: --processes above 1 needs PostgreSQL (AFTERBELL_DATABASE_URL)."
    )


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["worker"], ["doctor"], ["migrate"], ["tick"]])
def test_a_database_that_does_not_answer_is_told_in_a_sentence(command: list[str]) -> None:
    told = refusal("postgresql+asyncpg://afterbell@127.0.0.1:1/afterbell", *command)
    assert told.startswith("The database of AFTERBELL_DATABASE_URL cannot be used: ")


def test_a_setting_that_cannot_work_is_told_in_a_sentence() -> None:
    assert refusal("sqlite:///x.db", "serve").startswith("AFTERBELL_DATABASE_URL must begin with")
