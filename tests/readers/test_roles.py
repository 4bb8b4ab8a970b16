"""Who is the agent: as names tell, and as the talk does."""

from __future__ import annotations

import pytest

from listening_coach.readers import read
from listening_coach.readers.roles import role_of


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Agent", "agent"), ("agent 2", "agent"), ("Agent (Sarah)", "agent"), ("Sarah [Agent]", "agent"), ("Bo - Customer", "customer"),
        ("Customer Service Rep", "agent"), ("Agent Sarah", "agent"), ("CALLER", "customer"), ("IVR", "other"), ("Sarah", "unknown"), ("speaker 0", "unknown"),
        ("SPEAKER_01", "unknown"), ("Agent to Customer", "unknown"), ("Customer / Agent", "unknown"), ("", "unknown"),
    ],
)  # fmt: skip
def test_names(name: str, role: str) -> None:
    """A name tells a role where it holds one, and only one."""
    assert str(role_of(name)) == role


PHONE = [
    "Good morning, thanks for calling Harbour Energy, this is Ines, how can I help?",
    "Oh hello, I'm calling about my bill, it's twice what it was.",
    "I see. Can I take your account number, please?",
    "It's seven seven four one.",
    "Thank you. Let me have a look at that for you.",
    "Thanks.",
    "Is there anything else I can help with today?",
    "No, that's all, bye.",
]


def _spoken(lines: list[str], names: tuple[str, str] = ("S1", "S2")) -> str:
    return "".join(f"{names[n % 2]}: {line}\n" for n, line in enumerate(lines))


def test_from_the_talk() -> None:
    """A service call tells who is who, with a confidence and the cues; the names do not matter."""
    for names in (("S1", "S2"), ("S2", "S1"), ("Nadia", "Per")):
        call = read(_spoken(PHONE, names))
        assert [str(t.role) for t in call.turns] == ["agent", "customer"] * 4
        found = call.metadata["roles_inferred"]
        assert {n: f["role"] for n, f in found.items()} == {names[0]: "agent", names[1]: "customer"}
        assert all(0.9 <= f["confidence"] < 1 for f in found.values())
        assert "offers help" in found[names[0]]["cues"]
        assert "says why they call" in found[names[1]]["cues"]


def test_outbound() -> None:
    """Who picks up first is not the agent for it."""
    call = read(
        _spoken(
            [
                "Hello?",
                "Good morning, this is Lewis from Harbour Energy, my name is Lewis. Can I take your postcode, please?",
                "SW1.",
                "Anything else I can help with?",
            ]
        )
    )
    assert [str(t.role) for t in call.turns] == ["customer", "agent"] * 2


@pytest.mark.parametrize(
    "lines",
    [
        ["So what did you do at the weekend?", "Not much, we went to the lake.", "Oh nice, I love the lake.", "It was a bit cold."],
        [
            "I think we should move the button.",
            "Let me check, yes, the system says it's on the left.",
            "My account shows it on the right.",
            "Okay, one moment please.",
        ],
        [
            "Hi, it's me.",
            "Oh hi.",
            "How are you?",
            "Fine.",
            "And the dog?",
            "Old.",
            "Still.",
            "Yes.",
            "Well, bye.",
            "Thank you for calling, it was nice to talk.",
        ],
    ],
)
def test_not_guessed(lines: list[str]) -> None:
    """Where the talk does not tell, roles stay unknown and nothing is noted."""
    call = read(_spoken(lines))
    assert {str(t.role) for t in call.turns} == {"unknown"}
    assert "roles_inferred" not in call.metadata


def test_what_is_said_counts_more() -> None:
    """Roles of the file or the caller are never overruled; with one of two known, the other follows."""
    given = read(_spoken(PHONE), roles={"S1": "customer", "S2": "agent"})
    assert [str(t.role) for t in given.turns] == ["customer", "agent"] * 4
    assert "roles_inferred" not in given.metadata
    half = read(_spoken(PHONE, ("Agent", "Bo")))
    assert {t.speaker: str(t.role) for t in half.turns} == {"Agent": "agent", "Bo": "customer"}
    assert list(half.metadata["roles_inferred"]) == ["Bo"]


def test_bystanders_stay_unknown() -> None:
    """A third who hardly speaks is neither agent nor customer."""
    call = read(_spoken(PHONE) + "S3: Beep.\n")
    assert {t.speaker: str(t.role) for t in call.turns} == {"S1": "agent", "S2": "customer", "S3": "unknown"}
