"""What is no transcript is refused with what it seems to be, and what would be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import listening_coach as lc
from listening_coach.errors import FormatUnknownError, ReadError
from listening_coach.readers import read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("turns:\n  - speaker: agent\n    text: Hello there\n  - speaker: customer\n    text: Hi\n", "it is YAML"),
        ("---\ncall: 7\nagent: Ines\nturns:\n  - agent: Hello\n  - customer: Hi\n", "it is YAML"),
        ("2026-05-06 09:30:01,120 INFO agent: started\n2026-05-06 09:30:02,500 WARNING agent: slow\n2026-05-06 09:30:03,700 INFO x: y\n", "it is a program's log"),
        ("[2026-05-06T09:30:01Z] [INFO] agent: up\n[2026-05-06T09:30:02Z] [ERROR] agent: down\n", "it is a program's log"),
        ("May  6 09:30:01 host app[12]: agent: up\nMay  6 09:30:02 host app[12]: agent: down\n", "it is a program's log"),
        ("INFO:root:agent: up\nERROR:root:agent: down\nINFO:root:agent: up\n", "it is a program's log"),
        ("# Call tool\n\nUsage: run it\n\n```\nagent: x\n```\n\nSee [the page](https://example.org).\n\n## License\n\nMIT\n", "it is a page of notes"),
        ("[server]\nhost = 1\n\n[client]\nagent: x\nport = 2\n", "it is a file of settings"),
        ("import os\nfrom pathlib import Path\n\ndef agent(x):\n    return x\n", "it is the source text of a program"),
        ("From: a@x.org\nTo: b@x.org\nSubject: Agent: hi\nDate: Wed, 6 May 2026\n\nDear Tom,\nthanks.\n", "it is an e-mail"),
        ("BEGIN:VCARD\nVERSION:3.0\nFN:Tom\nEND:VCARD\n", "it is a card of an address book"),
        ("HOST=x\nPORT=80\nDEBUG=true\nKEY=abc\n", "it is a file of settings"),
        ("host: x\nport: 80\nagent: on\nlevel: info\n", "it is a file of settings"),
        ("[14:00:01] INFO  Server: up\n[14:00:02] WARN  Agent: slow\n[14:00:03] INFO  Server: done\n", "it is a program's log"),
        ('Traceback (most recent call last):\n  File "a.py", line 1\nValueError: bad: 3\n', "it is a program's report of an error"),
        ("Meeting minutes\n\nDate: 4 March\nPresent: Ines, Tom\n\nWe agreed on a boiler.\n", "no line of it names a speaker"),
        ("Soup\n\nServes: 4\n\nIngredients:\nwater, salt\n\nMethod:\nBoil it.\nAdd salt.\n", "no line of it names a speaker"),
        ("# Tools\n\nA set of tools.\n\nLicense: MIT\nAuthor: Tom\n", "no line of it names a speaker"),
        ("CREATE TABLE calls (agent: text);\nINSERT INTO calls VALUES ('agent: hi');\n", "it is SQL"),
    ],
)  # fmt: skip
def test_text_that_is_no_talk(text: str, message: str) -> None:
    """YAML, logs, pages of notes, settings, programs and SQL are said to be what they are."""
    with pytest.raises(FormatUnknownError, match=message):
        read(text)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"id": "j", "status": "processing", "utterances": None}, r"it is a job that is not finished \(its status is 'processing'\)"),
        ({"jobName": "j", "TranscriptionJob": {"TranscriptionJobStatus": "IN_PROGRESS"}}, "it is a job that is not finished"),
        ({"id": "j", "status": "error", "error": "the file is empty"}, r"it is a job that failed \(its status is 'error'; 'the file is empty'\)"),
        ({"error": {"code": 401, "message": "Invalid key"}}, "it is an error of a service: 'Invalid key'"),
        ({"message": "Not found"}, "it is an answer of a service without a transcript: 'Not found'"),
        ({"data": {"id": "t1", "attributes": {"status": "pending"}}}, r"it is a job that is not finished \(its status is 'pending'\)"),
        ({"data": {"object": "callTranscript", "dialogue": None, "status": "in-progress"}}, "it is a job that is not finished"),
        ({"jobs": [{"id": "x", "status": "rejected", "errors": [{"message": "Bad sound"}]}]}, "it is a job that failed .*'Bad sound'"),
        ({"__type": "AccessDeniedException", "Message": "User is not authorized"}, "it is an answer of a service without a transcript: 'User is not"),
        ({"detail": "Too many requests"}, "it is an error of a service: 'Too many requests'"),
        ([{"ttfb": 0.2, "at": 1.0}, {"ttfb": 0.3, "at": 2.0}], r"nearest to turns is \$, 2 objects with ttfb, at"),
        ({"a": {"rows": [{"w": 1, "h": 2}]}}, r"its fields are a; nearest to turns is \$\.a\.rows, 1 objects with w, h"),
    ],
)  # fmt: skip
def test_json_that_is_no_talk(value: object, message: str) -> None:
    """Jobs that are not done, errors of services and lists without speech are said to be what they are, with the fields nearest to turns."""
    with pytest.raises(ReadError, match=message):
        read(json.dumps(value))


def test_an_example_is_shown() -> None:
    """The error for text of no format ends in three lines that would be read, and they are."""
    with pytest.raises(FormatUnknownError) as caught:
        read("nothing that anybody says\nat all\n")
    lines = caught.value.remedy.splitlines()[-3:]
    assert [t.role.value for t in read("\n".join(lines) + "\n").turns] == ["agent", "customer", "agent"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("conversation_id,utterance,intent\n1,Hello there,a\n1,Hi to you,b\n", "no column says who speaks; there are conversation_id, utterance, intent"),
        ('"Hello there, my friend",0.5,1.5\n"Hi to you as well",2,3\n', "the table has no header"),
        ("id,speaker,start\n1,agent,0\n", "names no column for the text"),
    ],
)  # fmt: skip
def test_tables_that_lack_something(text: str, message: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A table without a column for the speaker or the text, or without a header, is told so."""
    path = tmp_path_factory.mktemp("t") / "call.csv"
    path.write_text(text)
    with pytest.raises(ReadError, match=message):
        read(path)


def test_skipped_rows_are_counted() -> None:
    """Rows without speech are counted in the metadata, by reason."""
    rows = [
        {"role": "system", "content": "You are a phone agent."},
        {"role": "assistant", "content": "Hello, how can I help?"},
        {"role": "assistant", "content": None, "tool_calls": [{"id": 1}]},
        {"role": "tool", "content": "{}"},
        {"role": "user", "content": "I need a plumber."},
    ]
    call = read(json.dumps({"messages": rows}))
    assert [t.role.value for t in call.turns] == ["agent", "customer"]
    assert call.metadata["skipped"] == {"system prompt": 1, "no text": 1, "tool": 1}


def test_a_bot_beside_a_human_agent() -> None:
    """A bot is the agent alone, and other beside a human agent."""
    alone = read("Bot: Hello, this is Ada.\nCustomer: A person, please.\n")
    beside = read("Bot: Hello, this is Ada.\nCustomer: A person, please.\nAgent: Hi, Ines here.\n")
    assert [t.role.value for t in alone.turns] == ["agent", "customer"]
    assert [t.role.value for t in beside.turns] == ["other", "customer", "agent"]


def test_notes_on_what_looks_wrong() -> None:
    """Channels that say the same, labels that contradict the talk and turns that name nobody are noted, not changed."""
    words = ["Good morning, how can I help?", "My boiler is cold.", "I am sorry to hear that.", "It is an old one."]
    twice = [
        {"speaker": s, "text": t, "start": n * 3 + d, "end": n * 3 + 2}
        for n, t in enumerate(words)
        for s, d in (("agent", 0.0), ("customer", 0.05))
    ]
    assert [n["kind"] for n in read(json.dumps(twice)).metadata["notes"]] == ["identical_channels"]
    swapped = read(
        "Customer: Thank you for calling, how can I help you today?\nAgent: I'm calling about my bill.\n"
        "Customer: Can I have your account number, please?\nAgent: It's 4.\n"
    )
    assert [n["kind"] for n in swapped.metadata["notes"]] == ["labels_contradict_talk"]
    assert swapped.turns[0].role.value == "customer"


def test_metadata_is_added() -> None:
    """``metadata`` is added to what the file says and replaces it; an id in it is the call's."""
    call = lc.read("Agent: Hello.\nCustomer: Hi.\n", metadata={"id": "c9", "team": "north", "language": "en-GB"})
    assert (call.id, call.metadata["team"], call.metadata["language"]) == ("c9", "north", "en-GB")
    assert [c.metadata["team"] for c in lc.read_many("Agent: Hello.\nCustomer: Hi.\n", metadata={"team": "north"})] == ["north"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00M4A mp42isom\x00", "a sound or video file"),
        (b"\x1aE\xdf\xa3\x01\x00\x00\x00", "a sound or video file"),
        (b"\xff\xf1\x50\x80\x02\x1f\xfc\x00", "a sound file"),
        (b"FORM\x00\x00\x10\x00AIFFCOMM", "a sound file"),
        (b"GIF89a\x01\x00\x01\x00", "a picture"),
    ],
)
def test_bytes_of_other_files(data: bytes, message: str) -> None:
    """Sound, video and pictures are said to be what they are, whatever their mark and wherever it stands."""
    with pytest.raises(ReadError, match=message):
        read(data)


def test_words_that_begin_like_a_mark() -> None:
    """A text may begin with the letters of a sound file's mark."""
    assert [t.text for t in read(b"FORM: Hello there.\nAgent: Hi, how can I help?\nFORM: With my form.\n").turns][1:] == [
        "Hi, how can I help?",
        "With my form.",
    ]


def test_table_of_tokens() -> None:
    """A word a row without times or speakers makes no turns."""
    with pytest.raises(ReadError, match="it is a table of tokens"):
        read(b"token,offset,pos\nThank,0,VERB\nyou,6,PRON\nfor,10,ADP\ncalling,14,VERB\n")


def test_table_without_a_text(tmp_path: Path) -> None:
    """A table of measurements is said to lack a column for the text."""
    path = tmp_path / "rows.csv"
    path.write_text("timestamp,cpu,requests\n2026-03-04T14:00:00Z,0.3,10\n2026-03-04T14:01:00Z,0.4,12\n")
    with pytest.raises(ReadError, match="names no column for the text"):
        read(path)


@pytest.mark.parametrize(
    "text",
    [
        '<resources>\n<string name="app_name">Tools for a shop</string><string name="hello">Hello there you</string></resources>',
        '{"features": [{"properties": {"name": "Shop", "text": "A shop for boilers"}}]}',
    ],
)
def test_things_with_names_and_texts(text: str) -> None:
    """Things that have a name and a text are no turns."""
    with pytest.raises(ReadError):
        read(text)
