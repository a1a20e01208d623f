"""A form's secret as pages carry it: never the same text twice, always the same secret under it, and no other text passes for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.web.veil import unveiled, veiled

SECRETS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(SECRETS)
def test_a_secret_comes_back_and_never_looks_the_same(secret: str) -> None:
    texts = [veiled(secret) for _ in range(8)]
    assert [unveiled(text) for text in texts] == [secret] * 8
    assert len(set(texts)) == 8
    assert not any(secret[at : at + 16] in text for text in texts for at in range(0, 64, 16))


@given(SECRETS, st.integers(0, 127))
def test_a_text_with_one_digit_changed_is_another_secret(secret: str, at: int) -> None:
    text = veiled(secret)
    other = text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]
    assert unveiled(other) != secret


@pytest.mark.parametrize("text", ["", "x", "0", "é" * 64, "0" * 63, "00" * 7])
def test_what_was_not_made_here_is_nobodys_secret(text: str) -> None:
    assert len(unveiled(text)) < 64
    assert unveiled("ab" * 32) != "ab" * 32, "control: the bare secret does not pass"


def test_no_secret_makes_no_text() -> None:
    assert (veiled(""), unveiled("")) == ("", "")
