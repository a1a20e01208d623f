"""Tokens that people carry: made here, stored only as hashes."""

import hashlib
import secrets
from hmac import new as hmac


def new_token(prefix: str = "") -> str:
    """A new 192-bit token, safe in addresses and headers."""
    return prefix + secrets.token_urlsafe(24)


def hashed(token: str) -> str:
    """What the database keeps of a token; it has enough bits of its own to need no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_code() -> str:
    """Six digits, to be typed by hand beside the mailed link."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_hash(secret: bytes, link_hash: str, code: str) -> str:
    """Six digits alone could be guessed from a hash, so the server's secret and the link's hash go in."""
    return hmac(secret, f"{link_hash}:{code}".encode("utf-8", "replace"), "sha256").hexdigest()
