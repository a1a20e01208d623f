"""Sealing under the house's secret: what leaves the house, or lies in it, and only the house may open again."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal_of(secret: bytes, purpose: bytes) -> Fernet:
    """A seal of its own for every purpose: what was sealed for another, or for another person, does not open (InvalidToken)."""
    derived = HKDF(SHA256(), 32, salt=None, info=b"afterbell " + purpose).derive(secret)
    return Fernet(urlsafe_b64encode(derived))
