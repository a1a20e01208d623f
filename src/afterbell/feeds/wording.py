"""A public date in the words of its calendar's language: what it is called, where, and what a family asks first. Only what the listing says."""

from collections.abc import Mapping
from typing import Any

from afterbell.policy.verdict import N_
from afterbell.web.words import say, tongues

FREE = frozenset({"free", "gratis", "gratuito", "$0", "0"})
JOINS: Mapping[str, str] = {"walk_in": N_("Just come"), "call": N_("Call first"), "link": N_("Sign up online")}


def in_tongue(words: Mapping[str, str], language: str) -> str:
    """In that language, or in whichever there is."""
    return words.get(language) or words.get("en") or next((text for text in words.values() if text), "")


def title(listing: Mapping[str, Any], kind: Mapping[str, str], language: str) -> str:
    """What was written for families; without a listing the kind of activity. A booking's own title is written for the school and never public."""
    return in_tongue(listing.get("summary") or {}, language) or in_tongue(kind, language)


def description(listing: Mapping[str, Any], kind: Mapping[str, str], language: str) -> str:
    """A line for each thing that is known."""
    join = (
        (N_("How to take part"), way_to_join(listing, language)),
        (N_("Ask"), str(listing.get("public_contact") or "")),
    )
    told = [*facts(listing, language), *((say(what, language), answer) for what, answer in join if answer)]
    lines = [in_tongue(kind, language), *(f"{what}: {answer}" for what, answer in told)]
    if listing.get("places") == "full":
        lines.append(say(N_("All places are taken."), language))
    link = sign_up(listing)
    return "\n".join([*lines, *([link] if link else [])])


def facts(listing: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """What families ask first, as (what, answer); only what the organization said."""
    asked = (
        (N_("Cost"), cost(listing, language)),
        (N_("Languages"), tongues(listing.get("languages") or (), language)),
        (N_("Ages"), str(listing.get("ages") or "")),
        (N_("Childcare"), say(N_("Yes, during it"), language) if listing.get("childcare") is True else ""),
    )
    return [(say(what, language), answer) for what, answer in asked if answer]


def cost(listing: Mapping[str, Any], language: str) -> str:
    """As it was written; what is free is said in the reader's language."""
    written = str(listing.get("cost") or "")
    return say(N_("Free of charge"), language) if written.strip().casefold() in FREE else written


def way_to_join(listing: Mapping[str, Any], language: str) -> str:
    """How to take part, in a few words; empty when nothing was said."""
    way = JOINS.get(str(listing.get("join") or ""))
    return say(way, language) if way else ""


def sign_up(listing: Mapping[str, Any]) -> str:
    """Where to sign up online; whatever is no https address is nowhere."""
    link = str(listing.get("link") or "")
    return link if link.startswith("https://") else ""
