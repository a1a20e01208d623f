"""What is confidential stays out of the programme: no public listing for it, however it comes."""

from typing import Any

from afterbell.policy.projection import CONFIDENTIAL
from afterbell.policy.verdict import N_, Message, refuse
from afterbell.problem import Problem


def listed_openly(listing: dict[str, Any] | None, visibility: str | None) -> None:
    """422 for a public listing of what is confidential. None is a visibility that nobody knows yet."""
    if listing is not None and visibility in CONFIDENTIAL:
        text = N_(
            "A confidential booking has no public listing. Leave listing out, or choose visibility public or listed."
        )
        raise Problem(422, Message(text), [refuse("listing_of_confidential", Message(text), policy="confidentiality")])
