"""The command line as people run it: a process of its own, its output, its errors and its exit code."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import listening_coach

pytestmark = pytest.mark.slow  # the command in processes of its own

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"
SCORED = SAMPLES / "shop_wrong_item.csv"
SHORT = "Agent: Hello.\nCustomer: Hi.\nAgent: Bye.\n"

BEHAVIOUR = """
title = "Uses jargon"
effect = "hinders"
detector = "phrases"
meaning = "Words that only the trade knows."
advice = "Say it plainly."
source = "Our own team"
phrases = ["(kyc|aht) (check|process)"]
fires = ["we need to do a KYC check"]
silent = ["we need your passport"]
"""
RUBRIC = """
name = "ours"
title = "Ours"
bands = [{ name = "fine", at = 0 }]
[sections.plain]
title = "Plain words"
weight = 1
[sections.plain.items]
jargon = { weight = 1, measure = "limit", per = "call", target = 2.0 }
"""


def run(*arguments: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "listening_coach", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment}, timeout=300,
    )  # fmt: skip


@pytest.fixture
def short(tmp_path: Path) -> Path:
    file = tmp_path / "short.txt"
    file.write_text(SHORT, encoding="utf-8")
    return file


def test_prints_the_report() -> None:
    """Without an option the report is printed, nothing else, and nothing goes to standard error."""
    done = run("review", SCORED)
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout == f"{listening_coach.review(SCORED)}\n"


def test_several_reports(short: Path, tmp_path: Path) -> None:
    """Several files give a table, a line each in order; in full they give their reports with a line between."""
    other = tmp_path / "other.txt"
    other.write_text(SHORT, encoding="utf-8")
    done = run("review", short, other)
    assert done.returncode == 0
    head, first, *rest = done.stdout.splitlines()
    assert head.split() == ["Score", "Outcome", "What", "cost", "most", "Call"]
    assert first.startswith("not ")
    assert [line for line in rest if line.startswith("not ")]
    done = run("review", short, other, "--full")
    first, second = done.stdout.split("─" * 96)
    assert first.startswith("Coaching report: short\n")
    assert second.strip().startswith("Coaching report: other\n")


def test_files_written(tmp_path: Path) -> None:
    """Each form goes to the file named, folders are made, and a line says what was written."""
    page, data, text = tmp_path / "new" / "a.html", tmp_path / "b.json", tmp_path / "c.md"
    done = run("review", SCORED, "--html", page, "--json", data, "--markdown", text)
    assert (done.returncode, done.stderr) == (0, "")
    report = listening_coach.review(SCORED)
    assert page.read_text(encoding="utf-8") == report.to_html()
    assert json.loads(data.read_text(encoding="utf-8")) == report.to_dict()
    assert text.read_text(encoding="utf-8") == report.to_markdown()
    assert done.stdout.startswith(f"{SCORED}: ")
    assert done.stdout.endswith(f" → {page}, {data}, {text}\n")
    assert len(done.stdout.splitlines()) == 1


def test_folder_and_bad_files(short: Path, tmp_path: Path) -> None:
    """Bad files are named on standard error, a line each, the others are written into the folder, and the exit code is 1."""
    empty, odd = tmp_path / "empty.txt", tmp_path / "odd.json"
    empty.touch()
    odd.write_bytes(b'{"turns": [')
    out = tmp_path / "out"
    done = run("review", empty, short, odd, tmp_path / "none.txt", tmp_path, "--html", out)
    assert done.returncode == 1
    assert [p.name for p in out.iterdir()] == ["short.html"]
    assert done.stdout.startswith(f"{short}: not scored: ")
    errors = done.stderr.splitlines()
    assert len(errors) == 4
    for error, name in zip(errors, ("empty.txt", "odd.json", "none.txt", str(tmp_path)), strict=True):
        assert name in error
        assert error.endswith(".")
    assert "there is no such file" in errors[2]
    assert "it is a folder" in errors[3]
    assert "Traceback" not in done.stderr


def test_names_that_are_alike(short: Path, tmp_path: Path) -> None:
    """Two files of the same name in different folders do not overwrite each other's report."""
    other = tmp_path / "elsewhere" / "short.txt"
    other.parent.mkdir()
    other.write_text(SHORT, encoding="utf-8")
    out = tmp_path / "out"
    assert run("review", short, other, "--markdown", out).returncode == 0
    assert sorted(p.name for p in out.iterdir()) == ["short-2.md", "short.md"]


def test_standard_output(short: Path) -> None:
    """With - the report goes to standard output, and nothing else does."""
    done = run("review", short, "--json", "-")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["call"]["id"] == "short"


def test_roles(tmp_path: Path) -> None:
    """--role says who is who, and may be repeated; a speaker's name may hold an equals sign."""
    file = tmp_path / "call.json"
    turns = [{"speaker": "spk_0", "text": "Hello"}, {"speaker": "a=b", "text": "Hi"}]
    file.write_text(json.dumps(turns), encoding="utf-8")
    done = run("review", file, "--role", "spk_0=agent", "--role", "a=b=customer", "--json", "-")
    assert done.returncode == 0
    assert [t["role"] for t in json.loads(done.stdout)["call"]["turns"]] == ["agent", "customer"]


def test_format_given(tmp_path: Path) -> None:
    """--format takes the files for that format, whatever their suffix."""
    file = tmp_path / "call.dat"
    file.write_text("speaker,text\nAgent,Hello\nCustomer,Hi\n", encoding="utf-8")
    done = run("review", file, "--format", "csv", "--json", "-")
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["call"]["turns"]) == 2


def test_own_behaviours_and_rubric(tmp_path: Path) -> None:
    """A rubric of one's own that scores a behaviour of one's own is used."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "jargon.toml").write_text(BEHAVIOUR, encoding="utf-8")
    rubric = tmp_path / "ours.toml"
    rubric.write_text(RUBRIC, encoding="utf-8")
    done = run("review", SCORED, "--behaviours", mine, "--rubric", rubric, "--json", "-")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    assert data["rubric"] == {"name": "ours", "version": 1}
    assert (data["score"], data["band"]) == (100.0, "fine")


def test_several_rubrics() -> None:
    """Of several rubrics the first that fits the call scores it: that for bots does not fit a call of a human agent."""
    done = run("review", SCORED, "--rubric", "bot", "--rubric", "chat", "--json", "-")
    assert done.returncode == 0
    assert json.loads(done.stdout)["rubric"]["name"] == "chat"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["review"], "Missing argument"),
        (["review", "{short}", "--nothing"], "No such option"),
        (["revew", "{short}"], "No such command"),
        (["review", "{short}", "{short}", "--html", "one.html"], "--html one.html: 2 reports do not fit in one file. Name a folder."),
        (["review", "{short}", "{short}", "--json", "-"], "--json -: standard output takes one report in one form. Name a folder."),
        (["review", "{short}", "--json", "{short}"], "that is a transcript to be read. Write the report elsewhere."),
        (["review", "{short}", "--json", "x.txt", "--html", "x.txt"], "two forms of the report would go to this file. Name two files."),
        (
            ["review", "{short}", "--role", "spk_0"],
            "--role 'spk_0': a speaker or a role is missing. Write SPEAKER=ROLE, for instance --role spk_0=agent.",
        ),
        (
            ["review", "{short}", "--role", "spk_0=boss"],
            "--role 'spk_0=boss': there is no role 'boss'. Use agent, customer, other or unknown.",
        ),
        (["review", "{short}", "--format", "wax-cylinder"], "there is no format 'wax-cylinder'"),
        (["review", "{short}", "--rubric", "none.toml"], "none.toml: it cannot be read: No such file or directory."),
        (["review", "{short}", "--behaviours", "none"], "none"),
        (["check", "none"], "none: there is no such folder or file."),
        (["check", "{folder}"], "there is no behaviour file or rubric (*.toml) in it."),
    ],
)
def test_wrong_usage(arguments: list[str], said: str, short: Path, tmp_path: Path) -> None:
    """Wrong usage is said on standard error in a sentence, the exit code is 2, and nothing was written or printed."""
    folder = tmp_path / "bare"
    folder.mkdir()
    before = sorted(tmp_path.rglob("*"))
    done = run(*(a.format(short=short, folder=folder) for a in arguments), cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert sorted(tmp_path.rglob("*")) == before
    assert short.read_text(encoding="utf-8") == SHORT


def test_cannot_be_written(short: Path, tmp_path: Path) -> None:
    """An output that cannot be written is an error of that file."""
    (tmp_path / "wall").touch()
    done = run("review", short, "--html", tmp_path / "wall" / "page.html")
    assert done.returncode == 1
    assert "it cannot be written: " in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_formats() -> None:
    """The formats are listed by the name that --format takes."""
    done = run("formats")
    assert (done.returncode, done.stderr) == (0, "")
    names = [line.split()[0] for line in done.stdout.splitlines() if line[:1].strip()]
    assert {"text", "vtt", "srt", "csv", "jsonl", "json", "amazon-call-analytics"} <= set(names)


def test_check_good(tmp_path: Path) -> None:
    """A sound behaviour file and a sound rubric are said to be good."""
    (tmp_path / "jargon.toml").write_text(BEHAVIOUR, encoding="utf-8")
    (tmp_path / "ours.toml").write_text(RUBRIC, encoding="utf-8")
    done = run("check", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [f"{tmp_path / 'jargon.toml'}: good, 2 examples hold", f"{tmp_path / 'ours.toml'}: good"]


def test_check_bad(tmp_path: Path) -> None:
    """Every fault of every file is named in one run, with what to do about it."""
    wrong = {
        "a_key.toml": BEHAVIOUR.replace("title", "titel", 1),
        "b_example.toml": BEHAVIOUR.replace('"we need to do a KYC check"', '"we need a thing"').replace(
            '"we need your passport"', '"the AHT process"'
        ),
        "c_detector.toml": BEHAVIOUR.replace('"phrases"', '"nothing"', 1),
        "d_rubric.toml": RUBRIC.replace("jargon", "jagron"),
        "e_broken.toml": "title = ",
    }
    for name, text in wrong.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "good.toml").write_text(BEHAVIOUR, encoding="utf-8")
    done = run("check", tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [f"{tmp_path / 'good.toml'}: good, 2 examples hold"]
    errors = done.stderr.splitlines()
    assert [Path(e.split(".toml")[0]).name for e in errors] == ["a_key", "b_example", "b_example", "c_detector", "d_rubric", "e_broken"]
    assert "titel: this key is not known. Did you mean 'title'?" in errors[0]
    assert errors[1].endswith(
        "b_example.toml: fires[0] 'we need a thing' is not found. We read it as: 'we need a thing'. "
        "Add a phrase that finds it, or take the example out. Examples are counted from 0."
    )
    assert errors[2].endswith(
        "b_example.toml: silent[0] 'the AHT process' is found: 'AHT process' by '(kyc|aht) (check|process)'. "
        "Narrow the phrase, add a blocker, or take the example out. Examples are counted from 0."
    )
    assert "there is no detector 'nothing'" in errors[3]
    assert "there is no behaviour 'jagron'" in errors[4]
    assert "it is not TOML" in errors[5]


WAITS = """
from listening_coach.detectors import Found, setting

def unset(call, behaviour):
    return Found([], []) if setting(behaviour, "most_words") else None

def unkeyed(call, behaviour):
    return behaviour.settings["most_words"]

def picky(call, behaviour):
    return Found([], []) if len(call.turns) > 1 else Found([], [1 / 0])
"""


def test_check_tries_detectors(tmp_path: Path) -> None:
    """A detector that fails is named with its file, with examples or without, and the other files are checked all the same."""
    (tmp_path / "waits.py").write_text(WAITS, encoding="utf-8")
    own = tmp_path / "own"
    own.mkdir()
    bare = BEHAVIOUR.partition("fires")[0]
    for name, text in {"unset": bare, "unkeyed": bare, "picky": BEHAVIOUR, "lost": bare}.items():
        module = "elsewhere" if name == "lost" else "waits"
        (own / f"{name}.toml").write_text(text.replace('"phrases"', f'"{module}:{name}"', 1), encoding="utf-8")
    (own / "sound.toml").write_text(bare, encoding="utf-8")
    done = run("check", own, PYTHONPATH=os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    assert done.returncode == 1
    assert done.stdout == f"{own / 'sound.toml'}: good, but it has no examples\n"
    failed = "the detector 'waits:picky' failed: ZeroDivisionError: division by zero. Correct the function, or the behaviour's file if it lacks something."
    assert done.stderr.splitlines() == [
        f"{own / 'lost.toml'}: lost, detector: there is no module 'elsewhere' for the detector 'elsewhere:lost'. Write 'module:function', and make "
        "sure that the module is installed or on sys.path. For a module in the folder where you are, set PYTHONPATH=. before the command.",
        f"{own / 'picky.toml'}: fires[0] 'we need to do a KYC check' cannot be tried: picky, detector: {failed}",
        f"{own / 'picky.toml'}: silent[0] 'we need your passport' cannot be tried: picky, detector: {failed}",
        f"{own / 'unkeyed.toml'}: unkeyed, detector: the detector 'waits:unkeyed' failed: KeyError: 'most_words'. "
        "Correct the function, or the behaviour's file if it lacks something.",
        f"{own / 'unset.toml'}: unset: settings.most_words is missing. The detector 'waits:unset' reads it.",
    ]


def test_check_of_the_package_itself(tmp_path: Path) -> None:
    """A file of the package has ten examples of either kind, why and instead; one that is wrong is named as any other is, by every command."""
    shutil.copytree(Path(listening_coach.__file__).parent, tmp_path / "listening_coach", ignore=shutil.ignore_patterns("__pycache__"))
    file = tmp_path / "listening_coach" / "behaviours" / "jargon.toml"
    file.write_text(BEHAVIOUR, encoding="utf-8")
    done = run("check", file, cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        f"{file}: fires has 1 example. Files of the package have at least 10: add 9.",
        f"{file}: silent has 1 example. Files of the package have at least 10: add 9.",
        f"{file}: why: this key is missing. Files of the package have it: add it.",
        f"{file}: instead: this key is missing. Files of the package have it: add it.",
    ]
    file.write_text(BEHAVIOUR.replace('title = "Uses jargon"', ""), encoding="utf-8")
    missing = f"{file}: title: this key is missing. Add it: a text that is not empty.\n"
    for command in (["check", file], ["check", "default"], ["review", SCORED]):
        done = run(*command, cwd=tmp_path, PYTHONPATH=str(tmp_path))
        assert (done.stdout, done.stderr.removeprefix("listening-coach: ")) == ("", missing)
        assert done.returncode != 0


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        ("no format has this", [], "Name the format with --format (`listening-coach formats` lists them)"),
        (
            '[{"turns": [{"speaker": "agent", "text": "hi"}]}, {"turns": [{"speaker": "agent", "text": "ho"}]}]',
            [],
            "it holds several calls. Use `listening-coach batch`, which yields them one by one.",
        ),
        ("agent: hi", ["--format", "nonsense"], "there is no format 'nonsense'"),
    ],
)
def test_errors_speak_of_options(tmp_path: Path, content: str, arguments: list[str], message: str) -> None:
    """What is an argument in Python is an option in the errors of the command."""
    path = tmp_path / "call.json"
    path.write_text(content, encoding="utf-8")
    done = run("review", path, *arguments)
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert "format=" not in done.stderr
    assert "read_many" not in done.stderr


def test_version_and_help() -> None:
    """The version is the package's, and the help tells the exit codes."""
    assert run("--version").stdout == f"listening-coach {listening_coach.__version__}\n"
    done = run("review", "--help")
    assert done.returncode == 0
    assert "Exit codes: 0 all went well; 1 some file could not be read" in " ".join(done.stdout.split())


def test_script_is_installed() -> None:
    """The command listening-coach is the same as python -m listening_coach."""
    script = Path(sys.executable).parent / ("listening-coach.exe" if os.name == "nt" else "listening-coach")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"listening-coach {listening_coach.__version__}\n"


def test_letters_that_a_console_lacks(short: Path) -> None:
    """A console of few letters shows question marks instead of an error."""
    done = run("review", short, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "Not scored: short. The call is too short" in done.stdout


def test_reader_goes_away() -> None:
    """Output into a pipe that closes, as of head, ends without a traceback."""
    process = subprocess.Popen(
        [sys.executable, "-m", "listening_coach", "review", "--full", *[str(SCORED)] * 8],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith("Coaching report: ")
    process.stdout.close()
    errors = process.stderr.read()
    process.wait(timeout=300)
    process.stderr.close()
    assert "Traceback" not in errors
    assert "BrokenPipe" not in errors


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo terminals")
def test_colours_only_in_a_terminal(short: Path) -> None:
    """A person at a terminal sees colours over the same text; a pipe gets the text alone."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "listening_coach", "review", str(short)],
        stdout=follower, stderr=follower, env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"},
    )  # fmt: skip
    os.close(follower)
    seen = b""
    while chunk := _read(leader):
        seen += chunk
    os.close(leader)
    assert process.wait(timeout=300) == 0
    text = seen.decode("utf-8").replace("\r\n", "\n")
    assert "\x1b[1m" in text
    plain = "".join(part.partition("m")[2] if number else part for number, part in enumerate(text.split("\x1b[")))
    assert [line.rstrip() for line in plain.splitlines()] == [line.rstrip() for line in run("review", short).stdout.splitlines()]


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:  # the other side has closed
        return b""


def test_check_takes_what_the_options_take(tmp_path: Path) -> None:
    """`check` takes the names that `--rubric` and `--behaviours` take: one of our rubrics, and a folder that an installed package offers."""
    package = tmp_path / "their_behaviours"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "their_thanks.toml").write_text(
        'title = "Says thanks"\neffect = "helps"\ndetector = "phrases"\nmeaning = "Thanks."\nadvice = "Thank."\nsource = "Us"\nphrases = ["thank you"]\n'
    )
    about = tmp_path / "theirs-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[listening_coach.behaviours]\ntheirs = their_behaviours\n")
    done = subprocess.run(
        [sys.executable, "-m", "listening_coach", "check", "theirs"],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "their_thanks.toml: good, but it has no examples" in done.stdout
    ours = subprocess.run([sys.executable, "-m", "listening_coach", "check", "outbound"], capture_output=True, text=True)
    assert ours.returncode == 0, ours.stderr
    assert ours.stdout.endswith("outbound.toml: good\n")


def test_what_check_accepts_is_accepted(tmp_path: Path) -> None:
    """A folder of behaviours with a rubric in it, and a single file, do for `check` and for `--behaviours`; a folder without behaviours does for neither."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "jargon.toml").write_text(BEHAVIOUR, encoding="utf-8")
    (theirs / "ours.toml").write_text(RUBRIC, encoding="utf-8")
    rubric = tmp_path / "apart.toml"
    rubric.write_text(RUBRIC, encoding="utf-8")
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "words.toml").write_text('jargon = ["kyc"]\n', encoding="utf-8")
    call = tmp_path / "call.txt"
    call.write_text("Agent: Hello.\nCustomer: Hello.\n", encoding="utf-8")
    for place in (theirs, theirs / "jargon.toml"):
        assert run("check", place).returncode == 0
        assert run("review", call, "--behaviours", place, "--rubric", rubric).returncode == 0
    for place in (tmp_path / "words", tmp_path / "words" / "words.toml", tmp_path / "none"):
        assert run("check", place).returncode == 2
        assert run("review", call, "--behaviours", place).returncode == 2
    assert run("check", rubric).returncode == 1
    assert run("check", rubric, "--behaviours", theirs).stdout == f"{rubric}: good\n"


def test_pages_with_sheets_and_sound(tmp_path: Path) -> None:
    """With `--html` a review sheet stands beside each page, each with a link to the other, and a sound file of the call's name is found."""
    call = tmp_path / "c7.srt"
    call.write_text(
        "1\n00:00:00,000 --> 00:00:02,000\nAgent: Hello.\n\n2\n00:00:02,000 --> 00:00:04,000\nCustomer: Hello.\n", encoding="utf-8"
    )
    (tmp_path / "c7.mp3").write_bytes(b"")
    done = run("review", call, "--html", tmp_path / "pages", "--sheets", "--sound", tmp_path)
    assert done.returncode == 0, done.stderr
    page, sheet = (tmp_path / "pages" / name for name in ("c7.html", "c7.review.html"))
    assert done.stdout.rstrip().endswith(f"→ {page}, {sheet}")
    assert 'href="c7.review.html"' in page.read_text(encoding="utf-8")
    assert 'src="../c7.mp3"' in page.read_text(encoding="utf-8")
    assert 'href="c7.html"' in sheet.read_text(encoding="utf-8")
    for wrong in (("--sheets",), ("--html", "-", "--sheets"), ("--html", tmp_path / "pages", "--sound", tmp_path / "none.wav")):
        assert run("review", call, *wrong).returncode == 2
