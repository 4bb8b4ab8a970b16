"""Calls whose speakers have a file each."""

from __future__ import annotations

from pathlib import Path

import pytest

from listening_coach.errors import ReadError
from listening_coach.readers import read, read_many

AGENT = "1\n00:00:01,000 --> 00:00:03,000\nGood morning, how can I help?\n\n2\n00:00:06,000 --> 00:00:08,000\nI will look into it.\n"
CUSTOMER = "1\n00:00:03,500 --> 00:00:05,500\nMy boiler is cold.\n"
TALK = ["Good morning, how can I help?", "My boiler is cold.", "I will look into it."]


@pytest.mark.parametrize(
    "names",
    [
        ("c7_agent.srt", "c7_customer.srt"),
        ("agent-c7.srt", "customer-c7.srt"),
        ("c7.left.srt", "c7.right.srt"),
        ("c7_ch0.srt", "c7_ch1.srt"),
    ],
)
def test_pairs_of_a_folder(tmp_path: Path, names: tuple[str, str]) -> None:
    """Two files that differ in the speaker their names tell are one call, in the order of the starts."""
    (tmp_path / names[0]).write_text(AGENT)
    (tmp_path / names[1]).write_text(CUSTOMER)
    for call in (read(tmp_path), *read_many(tmp_path), read([tmp_path / n for n in names])):
        assert [t.text for t in call.turns] == TALK
        assert len(call.speakers) == 2
        assert len(call.metadata["files"]) == 2


def test_roles_of_the_names(tmp_path: Path) -> None:
    """What the names tell are the speakers, and their roles."""
    (tmp_path / "c7_agent.srt").write_text(AGENT)
    (tmp_path / "c7_customer.srt").write_text(CUSTOMER)
    call = read(tmp_path)
    assert [(t.speaker, t.role.value) for t in call.turns] == [("agent", "agent"), ("customer", "customer"), ("agent", "agent")]
    assert call.id == "c7"


def test_files_that_are_calls(tmp_path: Path) -> None:
    """Files of several speakers stay calls of their own, whatever their names; so do files without times."""
    for name in ("c7_agent.txt", "c7_customer.txt"):
        (tmp_path / name).write_text("Agent: Hello.\nCustomer: Hi.\n")
    assert [len(c.turns) for c in read_many(tmp_path)] == [2, 2]
    with pytest.raises(ReadError, match=r"it holds several files\. Use read_many"):
        read(tmp_path)


def test_calls_stay_apart(tmp_path: Path) -> None:
    """A folder of several calls with two files each gives each call."""
    for call in ("c1", "c2"):
        (tmp_path / f"{call}_agent.srt").write_text(AGENT)
        (tmp_path / f"{call}_customer.srt").write_text(CUSTOMER)
    (tmp_path / "c3.txt").write_text("Agent: Hello.\nCustomer: Hi.\n")
    assert [(c.id, len(c.turns)) for c in read_many(tmp_path)] == [("c1", 3), ("c2", 3), ("c3", 2)]
