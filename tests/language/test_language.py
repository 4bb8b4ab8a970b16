"""Languages are folders: a second one is a sibling of English, and what is wrong in one is said by file and key."""

from __future__ import annotations

import pickle
import re
from datetime import datetime
from pathlib import Path

import pytest

import listening_coach as lc
from listening_coach.errors import LanguageError
from listening_coach.language import language as module
from listening_coach.language.language import Language, load

PACKAGE = Path(module.__file__).parents[1]
# A language of a dozen words.
TOY = {
    "language.toml": 'code = "xq"\nname = "Toyish"\n',
    "spelling.toml": """
fillers = ["hu"]
doubled = ["mi"]
noise = ["rido"]
[spelled]
dnk = "dankon"
dns = "mi donos"
[[respelled]]
pattern = "ŭ"
becomes = "u"
""",
    "words/clauses.toml": 'long_joints = ["kaj", "sed"]\nlong_subjects = ["mi", "vi"]\n',
    "words/context.toml": 'denied = ["ne"]\n',
    "words/small_words.toml": 'stop_words = ["la", "{sentence_ends}"]\n',
    "tables.toml": '[numbers]\nunu = "1"\n',
    "behaviours/thanks.toml": """
title = "Thanks"
effect = "helps"
detector = "clauses"
meaning = "Says thanks."
advice = "Say thanks."
source = "Our own team"
phrases = ["dankon"]
[[context]]
not_after = ["{context.denied}"]
reach_words = 2
""",
    "behaviours/promise.toml": """
title = "Promises"
effect = "helps"
detector = "phrases"
meaning = "Promises to give."
advice = "Promise it."
source = "Our own team"
phrases = ["mi donos ... (unu|0)"]
""",
}


@pytest.fixture
def toyish(tmp_path: Path) -> Path:
    folder = tmp_path / "xq"
    for name, text in TOY.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


CALL = lc.Transcript.from_turns(
    [
        ("customer", "Saluton, mi mi bezonas la libron."),
        ("agent", "Hu, DNK pro via voko kaj mi hu donos la libron unu."),
        ("customer", "Ne dankon. [rido] Dns 3?"),
    ]
)


def test_a_sibling_folder_is_enough(toyish: Path) -> None:
    """A folder of a dozen words reads calls in a language of its own, with its behaviours, spellings, clauses, contexts and numbers."""
    coach = lc.Coach(language=toyish)
    assert [(m.turn, m.behaviour, m.quote) for m in coach.annotate(CALL)] == [
        (1, "thanks", "DNK pro via voko"),
        (1, "promise", "mi hu donos la libron unu"),
        (2, "promise", "Dns 3"),
    ]
    assert set(coach.behaviours) == {"thanks", "promise"}
    words = coach._finder.call(CALL).words
    assert " ".join(words).split("\n")[1:4] == [
        " saluton mi bezonas la libron . ", " dankon pro via voko kaj mi donos la libron unu . ", " ne dankon . mi donos 0 ? ",
    ]  # fmt: skip
    assert lc.review(CALL).score is None  # the library's own coach reads English
    assert pickle.loads(pickle.dumps(coach)).annotate(CALL) == coach.annotate(CALL)  # noqa: S301 - our own bytes


def test_a_report_in_it(toyish: Path) -> None:
    """A call is reviewed in the language, whatever its metadata say, and nothing of English is found in it."""
    report = lc.Coach(language=str(toyish)).review(lc.Transcript(CALL.turns, metadata={"language": "de"}))
    assert {m.behaviour for m in report.moments} == {"thanks", "promise"}
    assert report.action_points == ()
    assert report.sentiment.moods == ()
    assert report.metrics.agent_words == 10  # "hu" is no word


def test_what_a_language_does_not_have(toyish: Path) -> None:
    """Missing classes, tables and code are empty: no date is found, no mood, no stem."""
    toy = load(toyish)
    assert toy.words["clauses.tags"] == frozenset()
    assert toy.rows["clauses.tags"] == frozenset()
    assert dict(toy.table("families")) == {}
    assert toy.find_dates(["tomorrow"]) == []
    assert toy.resolve_date("tomorrow", datetime(2024, 5, 6)) is None
    assert toy.polarity_of_text("awful") == 0.0
    assert toy.role_cues == ()
    assert toy.stem("libron") == "libron"
    assert [w for w in ("la", "libron", ".", "3") if toy.is_content(w)] == ["libron"]
    with pytest.raises(
        LanguageError, match=r"the language Toyish has no weights of questions\. Write \[questions\] in its weights\.toml\."
    ):
        toy.weights_of("questions")


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("language.toml", 'code = "xq"', r"language\.toml: name: this key is missing"),
        ("language.toml", 'code = "xq"\nname = ""', r"name: the value is ''"),
        ("language.toml", "code = xq", r"language\.toml: it is not TOML"),
        ("language.toml", 'code = "xq"\nname = "Toyish"\ncolour = 1', r"colour: this key is not known"),
        ("spelling.toml", 'fillers = "hu"', r"spelling\.toml: fillers"),
        ("spelling.toml", 'laughter = ["("]', r"the pattern '\(' is no regular expression"),
        ("words/clauses.toml", "joints = [1]", r"clauses\.toml: joints\[0\]"),
        ("words/clauses.toml", 'joints = ["{no_such}"]', r"the class \{no_such\} in clauses\.joints is not defined"),
        ("words/clauses.toml", 'joints = ["{more}"]\nmore = ["{joints}"]', r"the class \{joints\} in clauses\.more contains itself"),
        ("tables.toml", "[numbers]\nunu = 1", r"tables\.toml: numbers\.unu"),
    ],
)
def test_a_wrong_file(toyish: Path, file: str, text: str, message: str) -> None:
    """What is wrong in a folder is an error that names the file and the key."""
    (toyish / file).write_text(text, encoding="utf-8")
    with pytest.raises(LanguageError, match=message):
        Language(toyish)


def test_classes_of_classes(toyish: Path) -> None:
    """A class may name others, of its own file or another, and the signs; words in it stand once."""
    (toyish / "words" / "more.toml").write_text(
        'small = ["la", "unu du", "{clauses.long_joints}"]\nall = ["{small}", "{boundaries}", "la"]\n'
    )
    toy = Language(toyish)
    assert toy.words["more.all"] == {"la", "kaj", "sed", "\n", ".", "?", "!"}
    assert toy.rows["more.all"] == {("unu", "du")}
    assert toy.lists["more.small"] == ("la", "unu du", "kaj", "sed")


def test_one_of_each() -> None:
    """A language is loaded once in a process, and pickles as its folder."""
    assert load() is load("en") is load(module.HERE / "en")
    assert pickle.loads(pickle.dumps(load())) is load()  # noqa: S301 - our own bytes


# Where code names a class: its["clauses.joints"] or a constant that holds such a name; where a behaviour or language file does: "{context.denied}".
IN_CODE = re.compile(r'(?:its|self\.words|language\.words|language\.rows)\["(\w+\.\w+)"\]|^_CONTRADICTS = "(\w+\.\w+)"$', re.MULTILINE)
IN_FILES = re.compile(r'"\{(\w+\.\w+)\}"')


def test_classes_named_in_code_exist() -> None:
    """Every class that code or a behaviour file names is one of English, and every class of English is named or part of one that is."""
    code = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]
    files = [path.read_text(encoding="utf-8") for of in ("behaviours", "language") for path in (PACKAGE / of).rglob("*.toml")]
    named = {"".join(groups) for text in code for groups in IN_CODE.findall(text)} | {
        name for text in files for name in IN_FILES.findall(text)
    }
    english = load()
    assert named <= english.lists.keys()
    inner = {f"{p.stem}.{name}" for p in english.folder.glob("words/*.toml") for name in re.findall(r'"\{(\w+)\}"', p.read_text())}
    assert english.lists.keys() <= named | inner


def test_english_words_are_canonical() -> None:
    """The words of the classes are spelled as calls are read, else they could never be met."""
    english = load()
    as_written = {"speech"}  # compared with words as they stand in the text
    wrong = {
        (name, word)
        for name, words in english.words.items()
        for word in words
        if name.partition(".")[0] not in as_written and word.isalpha() and english.spelled(word) != (word,)
    }
    assert wrong == set()
