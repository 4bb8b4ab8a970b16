"""The sample calls read as they were meant, and every label of ours stands where it says."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from listening_coach import EvidenceTier, Role, Transcript, read
from listening_coach.fitting.labelled import CUSTOMER_LABELS, TARGETS, load
from listening_coach.fitting.outcome import verdicts

DATA = Path(__file__).resolve().parent.parent / "data"
SAMPLES = DATA / "samples"
GOLD = DATA / "gold"


class Sample(NamedTuple):
    file: str
    turns: int
    tier: str
    roles: dict[str, str]
    listening: str
    interruptions: int


AGENT_CUSTOMER = {"Agent": "agent", "Customer": "customer"}
CAPITALS = {"AGENT": "agent", "CUSTOMER": "customer"}
CALLS = (
    Sample("airline_missed_connection.json", 77, "words", CAPITALS, "bad", 7),
    Sample("bank_card_fraud.json", 67, "words", CAPITALS, "good", 1),
    Sample("council_missed_bins.txt", 61, "none", AGENT_CUSTOMER, "bad", 4),
    Sample("energy_estimated_bill.srt", 70, "turns", {"Adviser": "agent", "Customer": "customer"}, "middling", 2),
    Sample("hospital_appointment.vtt", 66, "turns", AGENT_CUSTOMER, "good", 0),
    Sample("insurance_kitchen_leak.json", 87, "words", {"Monique Barnes": "agent", "Kevin Lindqvist": "customer"}, "good", 1),
    Sample("internet_outage.jsonl", 64, "words", {"agent": "agent", "customer": "customer"}, "middling", 1),
    Sample("it_help_desk_vpn.txt", 64, "starts", AGENT_CUSTOMER, "middling", 0),
    Sample("mobile_roaming_bill.vtt", 60, "turns", {"IVR": "other", **AGENT_CUSTOMER}, "bad", 6),
    # The file does not tell what the pharmacist's part is, so it stays unknown.
    Sample("pharmacy_refill.txt", 52, "starts", {**CAPITALS, "PHARMACIST": "unknown"}, "good", 0),
    Sample("renewal_outbound.json", 63, "turns", {"Mr Oakden": "customer", "Lewis": "agent"}, "bad", 6),
    Sample("shop_wrong_item.csv", 67, "turns", AGENT_CUSTOMER, "middling", 1),
)
# The labelled calls that scorers learn from, and how many each file holds.
LABELLED = {"learn.jsonl": 146, "written.jsonl": 576, **{f"round_{n}.jsonl": 36 for n in range(1, 21)}}
EXCHANGES, EXCHANGE_COUNT = "exchanges.jsonl", 5264
NAMES = [Path(c.file).stem for c in CALLS]
TIMED = [c.file for c in CALLS if c.tier in ("words", "turns")]

KINDS: dict[str, set[str | None]] = {
    "summary": {"echo", "paraphrase", "reflection", "recap"},
    "empathy": {"feeling", "perspective", "sympathy", "reassurance"},
    "policy_hiding": {"policy", "system", "not_my_job", "blame", "helplessness", "brush_off"},
    "hold": {None, "return"},
}
UNKINDED = frozenset(
    [
        "interruption",
        "verbal_nod",
        "understanding_check",
        "action_point",
        "apology",
        "gratitude",
        "greeting",
        "closing",
        "status_update",
        "ownership",
        "open_question",
        "closed_question",
        "feedback_request",
        "personal_touch",
        "name_use",
        "assurance",
        "hedging",
        "explanation",
        "negative_language",
        "positive_language",
        "channel_preference",
        "pressure",
    ]
)


@cache
def call(file: str) -> Transcript:
    return read(SAMPLES / file)


@cache
def gold(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))
    return found


def of_behaviour(name: str, behaviour: str) -> list[dict[str, Any]]:
    return [m for m in gold(name)["moments"] if m["behaviour"] == behaviour]


@pytest.mark.parametrize("sample", CALLS, ids=NAMES)
def test_sample_reads(sample: Sample) -> None:
    """Each sample gives its turns, its speakers with their roles, and the evidence its format can carry."""
    transcript = call(sample.file)
    assert len(transcript.turns) == sample.turns
    assert transcript.evidence_tier == EvidenceTier(sample.tier)
    assert {t.speaker: str(t.role) for t in transcript.turns} == sample.roles
    assert all(t.text.strip() for t in transcript.turns)


@pytest.mark.parametrize("sample", CALLS, ids=NAMES)
def test_sample_has_the_length_of_a_call(sample: Sample) -> None:
    """Each sample has between 40 and 120 turns, and both parties speak in at least fifteen of them."""
    transcript = call(sample.file)
    assert 40 <= len(transcript.turns) <= 120
    for role in (Role.AGENT, Role.CUSTOMER):
        assert sum(t.role is role for t in transcript.turns) >= 15


@pytest.mark.parametrize("file", TIMED)
def test_times_are_in_order(file: str) -> None:
    """Turns start in the order they stand in, last a plausible time, and overlap somewhere."""
    turns = call(file).turns
    starts = [t.start for t in turns]
    assert None not in starts
    assert starts == sorted(t.start for t in turns if t.start is not None)
    for turn in turns:
        assert turn.duration_s is not None
        assert 0.08 <= turn.duration_s / len(turn.text.split()) <= 2.5, turn.text
    assert any((a.gap_s(b) or 0) < -0.25 for a, b in pairwise(turns))


@pytest.mark.parametrize("file", [c.file for c in CALLS if c.tier == "words"])
def test_words_make_the_turn(file: str) -> None:
    """Where words are timed, they lie one after the other within their turn, and hold all that the turn says."""
    for turn in call(file).turns:
        assert " ".join(w.text for w in turn.words) == turn.text
        assert turn.start is not None
        assert turn.end is not None
        times = [time for word in turn.words for time in (word.start, word.end)]
        assert times == sorted(times)
        assert turn.start <= times[0] < times[-1] <= turn.end


def test_first_and_last_words() -> None:
    """The first and the last turn of one sample of each kind say what they were written to say, at the time meant."""
    bank = call("bank_card_fraud.json").turns
    assert bank[0].text == "Thank you for calling Fairmont Savings, this is Denise. How can I help you this afternoon?"
    assert bank[-1].text == "Bye bye."
    pharmacy = call("pharmacy_refill.txt").turns
    assert (pharmacy[3].start, pharmacy[3].text) == (
        17.0,
        "Well, I've been better, hon. My husband had his bypass Thursday. He just came home yesterday.",
    )
    energy = call("energy_estimated_bill.srt").turns
    assert energy[0].text == "Good morning, Tallis Energy, you're through to Siobhan. Could I take your account number, please?"
    shop = call("shop_wrong_item.csv").turns
    assert (shop[0].start, shop[0].end) == (0.43, 5.97)
    assert call("council_missed_bins.txt").turns[3].text == "That's it. It's about the bins, they've missed us again. That's the third—"


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("insurance_kitchen_leak.json", datetime.fromisoformat("2025-10-14T09:32:05-05:00")),
        ("pharmacy_refill.txt", datetime.fromisoformat("2025-09-16T13:42:00")),
    ],
)
def test_date_of_the_call(file: str, expected: datetime) -> None:
    """A date that the file holds is the call's date."""
    assert call(file).started_at == expected


def test_nods_lie_under_the_other_speaker() -> None:
    """A nod under the other's speech starts and ends while they talk on: the samples hold such overlaps, not only gaps."""
    under = 0
    for file in TIMED:
        turns = call(file).turns
        for nod in of_behaviour(Path(file).stem, "verbal_nod"):
            place = nod["turn"]
            host = turns[place - 1]
            if nod["details"]["place"] == "turn" and host.overlap_s(turns[place]) == pytest.approx(turns[place].duration_s):
                under += 1
    assert under >= 12


def test_every_sample_is_listed() -> None:
    """The data folder's page names each sample with its turns, tier and listening; no file is without labels or labels without file."""
    page = (DATA / "README.md").read_text(encoding="utf-8")
    rows = {row[1]: row for row in (re.split(r"\s*\|\s*", line) for line in page.splitlines() if line.startswith("| `"))}
    for sample in CALLS:
        row = rows[f"`{sample.file}`"]
        assert row[4:7] == [sample.tier, str(sample.turns), sample.listening]
        assert f"**{Path(sample.file).stem}**" in page
    assert {p.name for p in SAMPLES.iterdir()} == {c.file for c in CALLS}
    assert {p.name for p in GOLD.iterdir()} == {f"{name}.json" for name in NAMES} | {"turns", "other_talk.jsonl", EXCHANGES} | set(LABELLED)


def test_exchanges_are_whole() -> None:
    """Each exchange reads and is short, its labels are known and of the turn's side, and the page tells how many there are."""
    found = list(load(GOLD / EXCHANGES))
    assert len({exchange.id for exchange in found}) == len(found) == EXCHANGE_COUNT
    assert f"| `{EXCHANGES}` | {EXCHANGE_COUNT:,} | {sum(len(each.turns) for each in found):,} |" in (DATA / "README.md").read_text(
        encoding="utf-8"
    )
    for each in found:
        assert 2 <= len(each.turns) <= 8
        assert all(text.strip() for _, text in each.turns)
        for turn, labels in each.labels.items():
            assert all((label in CUSTOMER_LABELS) is (each.turns[turn][0] == "customer") for label in labels), (each.id, turn)


@pytest.mark.parametrize(("file", "calls"), LABELLED.items())
def test_labelled_calls_are_whole(file: str, calls: int) -> None:
    """Each labelled call reads, every label is known and stands in a turn of its side, and the ratings are ratings; the page tells how many there are."""
    found = list(load(GOLD / file))
    turns = sum(len(call.turns) for call in found)
    assert len({call.id for call in found}) == len(found) == calls
    assert f"| `{file}` | {calls} | {turns:,} |" in (DATA / "README.md").read_text(encoding="utf-8")
    for call in found:
        assert {role for role, _ in call.turns} == {"agent", "customer"}
        assert all(text.strip() for _, text in call.turns)
        for marks in (call.labels, call.open):
            for turn, labels in marks.items():
                assert all((label in CUSTOMER_LABELS) is (call.turns[turn][0] == "customer") for label in labels), (call.id, turn)
                assert labels <= TARGETS.keys()
        assert 1 <= call.ratings["overall"] <= 5
        assert verdicts(call)
        assert set(call.ratings["coach"]) | set(call.ratings["good"]) <= {*TARGETS, "IN", "NM", "TH"}


def test_range_of_the_samples() -> None:
    """Good, middling and bad listening stand three times at least; four calls have turn times or better, two of them word times."""
    listening = [c.listening for c in CALLS]
    assert min(listening.count(kind) for kind in ("good", "middling", "bad")) >= 3
    assert sum(c.tier in ("words", "turns") for c in CALLS) >= 4
    assert sum(c.tier == "words" for c in CALLS) >= 2
    assert len({Path(c.file).suffix for c in CALLS}) == 6


@pytest.mark.parametrize("sample", CALLS, ids=NAMES)
def test_gold_fits_its_sample(sample: Sample) -> None:
    """The labels name their call, its file, its number of turns and how the agent listened."""
    labels = gold(Path(sample.file).stem)
    assert labels["call"] == Path(sample.file).stem
    assert labels["sample"] == f"samples/{sample.file}"
    assert labels["turns"] == sample.turns
    assert labels["listening"] == sample.listening


@pytest.mark.parametrize("sample", CALLS, ids=NAMES)
def test_gold_quotes_stand_in_their_turns(sample: Sample) -> None:
    """Every label's quote is what stands at its span in its turn, said by a speaker of the role it names, of a known kind."""
    turns = call(sample.file).turns
    moments = gold(Path(sample.file).stem)["moments"]
    assert moments == sorted(moments, key=lambda m: m["turn"])
    seen = set()
    for moment in moments:
        turn = turns[moment["turn"]]
        assert moment["quote"] == turn.text[moment["start"] : moment["end"]]
        assert moment["quote"].strip() == moment["quote"] != ""
        # The pharmacist's file does not tell the role that the label knows.
        assert moment["role"] == str(turn.role) or (turn.role is Role.UNKNOWN and moment["role"] == "other")
        assert moment["kind"] in KINDS.get(moment["behaviour"], {None})
        assert moment["behaviour"] in UNKINDED or moment["behaviour"] in KINDS
        key = (moment["turn"], moment["behaviour"], moment["start"])
        assert key not in seen
        seen.add(key)


@pytest.mark.parametrize("sample", CALLS, ids=NAMES)
def test_gold_lists_stand_in_customer_turns(sample: Sample) -> None:
    """Occasions, events, points and repeated questions quote the customer; what answers them is an agent's later turn."""
    turns = call(sample.file).turns
    labels = gold(Path(sample.file).stem)
    for key in ("empathy_occasions", "events", "customer_points", "repeated_questions"):
        for entry in labels[key]:
            assert entry["quote"] in turns[entry["turn"]].text
            assert turns[entry["turn"]].role is Role.CUSTOMER
    for entry in (*labels["empathy_occasions"], *labels["events"]):
        assert entry["answered"] is (entry["answer"] is not None)
        if entry["answered"]:
            assert turns[entry["answer"]].role is Role.AGENT
            assert entry["answer"] > entry["turn"]
    assert {e["kind"] for e in labels["empathy_occasions"]} <= {"distress", "anger", "worry", "blow"}
    for entry in labels["repeated_questions"]:
        assert entry["first"] < entry["turn"]
        assert turns[entry["first"]].role is Role.CUSTOMER


@pytest.mark.parametrize("sample", CALLS, ids=NAMES)
def test_gold_recaps_carry_their_coverage(sample: Sample) -> None:
    """An agent's recap carries the share of the customer's points that it covers, and a point is covered only in a recap."""
    name = Path(sample.file).stem
    points = gold(name)["customer_points"]
    recaps = {m["turn"]: m["details"] for m in of_behaviour(name, "summary") if m["kind"] == "recap" and m["role"] == "agent"}
    assert {p["covered_in"] for p in points} <= {None, *recaps}
    for turn, details in recaps.items():
        covered = sum(p["covered_in"] == turn for p in points)
        assert details == {"points": len(points), "covered": covered, "coverage": round(covered / len(points), 2)}


def test_gold_has_a_full_and_a_partial_recap() -> None:
    """One closing recap covers every point, another only some, and a bad call has none."""
    shares = {
        name: [m["details"]["coverage"] for m in of_behaviour(name, "summary") if m["kind"] == "recap" and "details" in m] for name in NAMES
    }
    assert shares["insurance_kitchen_leak"] == [1.0]
    assert shares["hospital_appointment"] == [0.78]
    assert shares["mobile_roaming_bill"] == []


@pytest.mark.parametrize("sample", CALLS, ids=NAMES)
def test_gold_interruptions_fit_the_times(sample: Sample) -> None:
    """Each interruption is by the other party, overlaps as the file's times say, or is marked as shown by the text alone."""
    turns = call(sample.file).turns
    found = of_behaviour(Path(sample.file).stem, "interruption")
    assert len(found) == sample.interruptions
    for moment in found:
        details = moment["details"]
        mine, theirs = turns[moment["turn"]], turns[details["of_turn"]]
        assert (details["by"], details["of"]) == (str(mine.role), str(theirs.role))
        assert mine.role is not theirs.role
        assert details["of_turn"] < moment["turn"]
        if details["resumed_in"] is not None:
            assert details["resumed_in"] > moment["turn"]
            assert turns[details["resumed_in"]].role is theirs.role
        if sample.tier == "none":
            assert details["inferred"] is True
            assert theirs.text.endswith("—")
        else:
            assert details["overlap_s"] == pytest.approx(theirs.overlap_s(mine), abs=0.03)
            assert details["overlap_s"] >= 0.5 or moment.get("borderline")


@pytest.mark.parametrize("sample", CALLS, ids=NAMES)
def test_gold_action_points_are_whole(sample: Sample) -> None:
    """Each action point has an owner, an action and a firmness; what it says of its due time stands in the turn."""
    turns = call(sample.file).turns
    for moment in of_behaviour(Path(sample.file).stem, "action_point"):
        details = moment["details"]
        assert details["owner"] in ("agent", "company", "customer")
        assert (details["owner"] == "customer") is (moment["role"] == "customer")
        assert details["firmness"] in ("firm", "soft")
        assert details["when"] in ("now", "later")
        assert details["action"]
        if details["due_text"] is not None:
            assert details["when"] == "later"
            assert details["due_text"] in turns[moment["turn"]].text
        if "due" in details:
            assert datetime.fromisoformat(details["due"])
            assert details["due_text"]
        assert details.get("repeats_turn", -1) < moment["turn"]


@pytest.mark.parametrize("sample", CALLS, ids=NAMES)
def test_gold_nods_tell_their_place(sample: Sample) -> None:
    """A nod marked as a turn of its own is all that the turn says; one marked as opening starts it."""
    turns = call(sample.file).turns
    for moment in of_behaviour(Path(sample.file).stem, "verbal_nod"):
        rest = turns[moment["turn"]].text.replace(moment["quote"], "", 1).strip(" .,?!")
        place = moment["details"]["place"]
        assert (place == "turn") is (rest == "")
        assert (place == "opening") <= (moment["start"] == 0)
