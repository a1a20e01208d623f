"""The environment: every setting has a default, and each value that cannot work is named with one that does."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from afterbell.settings import BadSetting, Settings, ground
from tests.ground.children import clean_environment

LONG = "x" * 32


@pytest.fixture(autouse=True)
def blank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without any of our settings, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "DATABASE_URL",
        "BASE_URL",
        "SECRET",
        "SMTP_URL",
        "CALENDARS",
        "LEASE_SECONDS",
        "ALLOW_HOSTS",
        "RATE_LIMIT",
        "DECISION_DELAY_SECONDS",
    ):
        monkeypatch.delenv(f"AFTERBELL_{name}", raising=False)


def chosen(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"AFTERBELL_{name}", value)
    return Settings.from_environment()


def test_every_setting_has_a_default_with_which_it_runs() -> None:
    found = Settings.from_environment()
    secret = Path("var/secret").read_bytes()
    assert found == Settings(
        database_url="sqlite+aiosqlite:///var/afterbell.db",
        base_url="http://127.0.0.1:8000",
        secret=secret,
        smtp_url=None,
        calendars=ground() / "calendars",
        lease_seconds=60,
        allow_hosts=frozenset(),
        rate_limit=True,
    )
    assert (found.https, found.on_loopback, found.secret_is_set) == (False, True, False)


def test_what_is_set_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = chosen(
        monkeypatch,
        DATABASE_URL="postgresql+asyncpg://afterbell@127.0.0.1/afterbell",
        BASE_URL=" https://rooms.example.org/ ",
        SECRET=LONG,
        SMTP_URL="smtp+starttls://user:p%40ss@mail.example.org:587",
        CALENDARS=str(tmp_path),
        LEASE_SECONDS="2",
        ALLOW_HOSTS="127.0.0.1, calendars.example.org,",
        RATE_LIMIT="off",
        DECISION_DELAY_SECONDS="0",
    )
    assert found == Settings(
        "postgresql+asyncpg://afterbell@127.0.0.1/afterbell",
        "https://rooms.example.org",
        LONG.encode(),
        "smtp+starttls://user:p%40ss@mail.example.org:587",
        tmp_path,
        2,
        frozenset({"127.0.0.1", "calendars.example.org"}),
        False,
        0,
    )
    assert (found.https, found.on_loopback, found.secret_is_set) == (True, False, True)


SQLITE = "must begin with sqlite+aiosqlite:/// and name a file, or with postgresql+asyncpg://"
BAD = [
    ("DATABASE_URL", "postgresql://localhost/x", SQLITE),
    ("DATABASE_URL", "sqlite:///x.db", SQLITE),
    ("DATABASE_URL", "sqlite+aiosqlite:///", SQLITE),
    ("DATABASE_URL", "sqlite+aiosqlite:///:memory:", SQLITE),
    ("DATABASE_URL", "postgresql+asyncpg://x:port/y", SQLITE),
    ("BASE_URL", "rooms.example.org", "must be a whole address, such as https://rooms.example.org"),
    ("BASE_URL", "ftp://rooms.example.org", "must be a whole address"),
    ("BASE_URL", "https://", "must be a whole address"),
    ("BASE_URL", "http://127.0.0.1:eight", "must be a whole address"),
    ("BASE_URL", "http://[::1", "must be a whole address"),
    ("BASE_URL", "http://rooms.example.org", "must be https"),
    ("SECRET", "too short", "must be at least 32 characters long; `openssl rand -hex 32` makes one"),
    ("SMTP_URL", "mail.example.org:25", "must be like smtp://host:25"),
    ("SMTP_URL", "http://mail.example.org", "must be like smtp://host:25"),
    ("SMTP_URL", "smtp://mail.example.org:mail", "must be like smtp://host:25"),
    ("SMTP_URL", "smtps://", "must be like smtp://host:25"),
    ("CALENDARS", "no-such-folder", "must be a folder with district.ics in it"),
    ("LEASE_SECONDS", "0", "must be a whole number of seconds from 1 to 3600"),
    ("LEASE_SECONDS", "3601", "must be a whole number of seconds"),
    ("LEASE_SECONDS", "1.5", "must be a whole number of seconds"),
    ("LEASE_SECONDS", "", "must be a whole number of seconds"),
    ("LEASE_SECONDS", "\u0663", "must be a whole number of seconds"),
    ("DECISION_DELAY_SECONDS", "-1", "must be a whole number of seconds from 0 to 3600"),
    ("RATE_LIMIT", "perhaps", "must be on or off"),
]


@pytest.mark.parametrize(("name", "value", "words"), BAD)
def test_a_value_that_cannot_work_is_named_with_what_does(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    with pytest.raises(BadSetting) as refused:
        chosen(monkeypatch, **{name: value})
    told = str(refused.value)
    assert (told.startswith(f"AFTERBELL_{name} "), words in told) == (True, True)


@pytest.mark.parametrize(
    ("text", "on"), [("on", True), ("ON", True), ("1", True), ("off", False), ("0", False), ("no", False)]
)
def test_a_switch_is_on_or_off(monkeypatch: pytest.MonkeyPatch, text: str, on: bool) -> None:
    assert chosen(monkeypatch, RATE_LIMIT=text).rate_limit == on


def test_the_made_secret_is_kept_for_this_user_only_and_stays() -> None:
    first, second = Settings.from_environment().secret, Settings.from_environment().secret
    assert (first, len(first), stat.S_IMODE(Path("var/secret").stat().st_mode)) == (second, 64, 0o600)
    assert [path.name for path in Path("var").iterdir()] == ["secret"]


def test_a_damaged_secret_is_told_and_never_used() -> None:
    Path("var").mkdir()
    Path("var/secret").write_bytes(b"")
    with pytest.raises(BadSetting, match="var/secret is damaged: delete it for a new one"):
        Settings.from_environment()


def test_a_place_where_no_secret_can_be_kept_is_told() -> None:
    Path("var").write_text("a file, where a folder should be")
    with pytest.raises(BadSetting, match="No secret can be kept in var/ here"):
        Settings.from_environment()


def test_many_processes_that_start_at_once_have_one_secret(tmp_path: Path) -> None:
    code = "from afterbell.settings import Settings; print(Settings.from_environment().secret.decode())"
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env=clean_environment({}), stdout=subprocess.PIPE)
        for _ in range(8)
    ]
    secrets = {process.communicate(timeout=60)[0] for process in started}
    assert (len(secrets), len(secrets.pop().strip())) == (1, 64)


@pytest.mark.parametrize(
    ("base_url", "on_loopback"),
    [
        ("http://localhost:8000", True),
        ("http://[::1]:8000", True),
        ("https://127.0.0.1", True),
        ("https://rooms.example.org", False),
    ],
)
def test_loopback_is_this_machine_by_any_of_its_names(
    monkeypatch: pytest.MonkeyPatch, base_url: str, on_loopback: bool
) -> None:
    assert chosen(monkeypatch, BASE_URL=base_url).on_loopback == on_loopback
