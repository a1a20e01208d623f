"""The only reader of the environment. Every setting has a default with which `make run` works; API.md lists them."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ON, OFF = frozenset({"on", "1", "true", "yes"}), frozenset({"off", "0", "false", "no"})
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
    decision_delay_seconds: int = 60

    @classmethod
    def from_environment(cls) -> "Settings":
        """Reads AFTERBELL_*; raises BadSetting naming the one that cannot be used. Makes `var/secret` (mode 0600) when no secret is set."""
        return cls(
            database_url=_database_url(_value("DATABASE_URL", DEFAULT_DATABASE)),
            base_url=_base_url(_value("BASE_URL", "http://127.0.0.1:8000")),
            secret=_secret(_value("SECRET", "")),
            smtp_url=_smtp_url(_value("SMTP_URL", "")),
            calendars=_folder(_value("CALENDARS", "")),
            lease_seconds=_seconds("LEASE_SECONDS", _value("LEASE_SECONDS", "60"), least=1),
            allow_hosts=frozenset(host.strip() for host in _value("ALLOW_HOSTS", "").split(",") if host.strip()),
            rate_limit=_switch("RATE_LIMIT", _value("RATE_LIMIT", "on")),
            decision_delay_seconds=_seconds("DECISION_DELAY_SECONDS", _value("DECISION_DELAY_SECONDS", "60"), least=0),
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
    sqlite, postgres = "sqlite+aiosqlite:///", "postgresql+asyncpg://"
    unusable = _scheme_and_host(url)[0] == "" or url.removeprefix(sqlite).partition("?")[0] in {"", ":memory:"}
    if unusable or not url.startswith((sqlite, postgres)):
        raise BadSetting(
            "AFTERBELL_DATABASE_URL must begin with sqlite+aiosqlite:/// and name a file, or with postgresql+asyncpg:// "
            "(for example postgresql+asyncpg://afterbell@127.0.0.1/afterbell)."
        )
    return url


def _base_url(url: str) -> str:
    scheme, host = _scheme_and_host(url)
    if scheme not in {"http", "https"} or not host:
        raise BadSetting("AFTERBELL_BASE_URL must be a whole address, such as https://rooms.example.org.")
    if scheme == "http" and host not in LOOPBACK:
        raise BadSetting(
            "AFTERBELL_BASE_URL must be https: sign-in cookies do not travel over plain http off this machine."
        )
    return url.rstrip("/")


def _smtp_url(url: str) -> str | None:
    scheme, host = _scheme_and_host(url)
    if url and (scheme not in {"smtp", "smtps", "smtp+starttls"} or not host):
        raise BadSetting(
            "AFTERBELL_SMTP_URL must be like smtp://host:25, smtps://user:password@host or smtp+starttls://host."
        )
    return url or None


def _scheme_and_host(url: str) -> tuple[str, str]:
    """Both empty for what is no address at all, a port that is no number included."""
    try:
        parts = urlsplit(url)
        return (parts.scheme, parts.hostname or "") if parts.port != 0 else ("", "")
    except ValueError:
        return "", ""


def _folder(text: str) -> Path:
    if text and not Path(text).is_dir():
        raise BadSetting(
            "AFTERBELL_CALENDARS must be a folder with district.ics in it; left empty, the sample is used."
        )
    return Path(text or ground() / "calendars")


def _switch(name: str, text: str) -> bool:
    if text.lower() not in ON | OFF:
        raise BadSetting(f"AFTERBELL_{name} must be on or off.")
    return text.lower() in ON


def _seconds(name: str, text: str, *, least: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= 3600:
        raise BadSetting(f"AFTERBELL_{name} must be a whole number of seconds from {least} to 3600.")
    return int(text)


def _secret(text: str) -> bytes:
    if text:
        if len(text) < 32:
            raise BadSetting("AFTERBELL_SECRET must be at least 32 characters long; `openssl rand -hex 32` makes one.")
        return text.encode()
    try:
        return _made_secret(Path("var/secret"))
    except OSError as error:
        raise BadSetting(
            f"No secret can be kept in var/ here ({error.strerror}): set AFTERBELL_SECRET, or run in a folder of yours."
        ) from error


def _made_secret(path: Path) -> bytes:
    """Whole or not at all, even when two processes make it at once or one is killed."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}-{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    secret = path.read_bytes().strip()
    if len(secret) < 32:
        raise BadSetting(
            "var/secret is damaged: delete it for a new one (everybody signs in again), or set AFTERBELL_SECRET."
        )
    return secret
