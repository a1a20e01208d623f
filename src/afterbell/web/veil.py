"""The secret of a form as a page carries it: another text in every page, so that the size of a compressed page tells nothing about it (BREACH). Both ways
are here; where the secret comes from is the doorman's business."""

from secrets import token_bytes


def veiled(secret: str) -> str:
    """A new text for a secret in hexadecimal digits: random bytes, then the secret's with those added to them bit by bit."""
    plain = bytes.fromhex(secret)
    pad = token_bytes(len(plain))
    return (pad + _both(pad, plain)).hex()


def unveiled(text: str) -> str:
    """The secret under a text, or something that is nobody's secret when the text was not made here."""
    try:
        given = bytes.fromhex(text)
    except ValueError:
        return ""
    half = len(given) // 2
    return _both(given[:half], given[half:]).hex()


def _both(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
