"""The only reader of the environment. Every setting has a default with which `make run` works; API.md lists them."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEFAULT_DATABASE = "sqlite+aiosqlite:///var/afterbell.db"


class BadSetting(ValueError):
    """A setting that cannot work; the text names the setting and says what would."""


def ground() -> Path:
    """The folder that holds `alembic/` and `calendars/`: beside the package in a wheel, at the root of the project in a checkout."""
    packaged = Path(__file__).parent / "_ground"
    return packaged if packaged.is_dir() else Path(__file__).parents[2]


@dataclass(frozen=True)
class Settings:
    """What the environment says. `smtp_url` None means that letters are kept and shown at /messages, not sent."""

    database_url: str
    base_url: str
    secret: bytes
    smtp_url: str | None
    calendars: Path
    lease_seconds: int
    allow_hosts: frozenset[str]
    rate_limit: bool

    @classmethod
    def from_environment(cls) -> "Settings":
        """Reads AFTERBELL_*; raises BadSetting naming the one that cannot be used. Makes `var/secret` (mode 0600) when no secret is set."""
        return cls(
            database_url=_database_url(_value("DATABASE_URL", DEFAULT_DATABASE)),
            base_url=_base_url(_value("BASE_URL", "http://127.0.0.1:8000")),
            secret=_secret(_value("SECRET", "")),
            smtp_url=_value("SMTP_URL", "") or None,
            calendars=Path(_value("CALENDARS", "") or ground() / "calendars"),
            lease_seconds=_seconds(_value("LEASE_SECONDS", "60")),
            allow_hosts=frozenset(host.strip() for host in _value("ALLOW_HOSTS", "").split(",") if host.strip()),
            rate_limit=_value("RATE_LIMIT", "on").lower() not in {"off", "0", "false", "no"},
        )

    @property
    def https(self) -> bool:
        """Whether pages are reached over TLS: decides `Secure` and the `__Host-` prefix of cookies."""
        return self.base_url.startswith("https://")

    @property
    def on_loopback(self) -> bool:
        """Whether the address that mails and links carry stays on this machine."""
        return (urlsplit(self.base_url).hostname or "") in LOOPBACK

    @property
    def secret_is_set(self) -> bool:
        """Whether somebody chose the secret; a made one is fine on loopback only."""
        return bool(_value("SECRET", ""))


def _value(name: str, default: str) -> str:
    return os.environ.get(f"AFTERBELL_{name}", default).strip()


def _database_url(url: str) -> str:
    if not url.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise BadSetting(
            "AFTERBELL_DATABASE_URL must begin with sqlite+aiosqlite:/// or postgresql+asyncpg:// "
            "(for example postgresql+asyncpg://afterbell@127.0.0.1/afterbell)."
        )
    return url


def _base_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadSetting("AFTERBELL_BASE_URL must be a whole address, such as https://rooms.example.org.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise BadSetting(
            "AFTERBELL_BASE_URL must be https: sign-in cookies do not travel over plain http off this machine."
        )
    return url.rstrip("/")


def _seconds(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 3600:
        raise BadSetting("AFTERBELL_LEASE_SECONDS must be a whole number of seconds from 1 to 3600.")
    return int(text)


def _secret(text: str) -> bytes:
    if text:
        if len(text) < 32:
            raise BadSetting("AFTERBELL_SECRET must be at least 32 characters long; `openssl rand -hex 32` makes one.")
        return text.encode()
    path = Path("var/secret")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes().strip()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()
