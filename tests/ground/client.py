"""An HTTP client for a server that really listens: base address, bearer token, no redirects followed, every call bounded."""

import httpx2


def client(base_url: str, token: str = "", *, seconds: float = 15.0) -> httpx2.AsyncClient:
    """Use it with `async with`; `token` empty makes a visitor whom nobody knows."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx2.AsyncClient(
        base_url=base_url, headers=headers, timeout=seconds, follow_redirects=False, trust_env=False
    )
