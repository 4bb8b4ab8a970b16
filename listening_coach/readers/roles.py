"""Who is the agent and who the customer, as names tell."""

from __future__ import annotations

import re

from ..transcript import Role

_PARTS = re.compile(r"[()\[\]/|,:]|\s[-–—]\s")
# "Customer" before these words is what the agent serves.
_SERVICE = ("service", "care", "support", "success", "experience", "relations", "rep", "representative", "advocate")


def role_of(name: str) -> Role:
    """The role that a speaker's name tells: "Agent", "Agent (Sarah)", "Sarah - customer", "Customer Service Rep Tom"."""
    found = Role.of(name)
    if found is not Role.UNKNOWN:
        return found
    parts = [part for part in (p.strip() for p in _PARTS.split(name)) if part]
    told = {role for role in (Role.of(part) for part in parts) if role is not Role.UNKNOWN}
    if len(told) == 1:
        return told.pop()
    words = name.replace("_", " ").split()
    if len(words) > 1 and words[0].casefold() == "customer" and words[1].casefold().rstrip("0123456789") in _SERVICE:
        return Role.AGENT
    # "Agent Sarah": the role and a name, which has a capital.
    if len(words) in (2, 3) and words[1][:1].isupper():
        return Role.of(words[0])
    return Role.UNKNOWN
