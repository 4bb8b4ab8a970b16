"""Calls in other languages are refused: by what their metadata say, and by their words; English of every kind is not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import listening_coach as lc
from listening_coach.errors import LanguageError

ENGLISH = (
    "Good morning, this is Priya from Fernhill Energy, how can I help you today? | Hi, my meter was read wrong and I was charged twice in April. | "
    "I'm sorry about that, let me check it for you. Could I take your account number, please? | It is four five six one. | Thank you. "
    "I can see the two payments here, so I will send the second one back to you by Friday. | All right, thanks, that would be great. | "
    "You are welcome. Is there anything else I can do for you? | No, that is all. | Have a lovely day then. Goodbye."
)
GERMAN = (
    "Guten Morgen, hier ist Anna von der Waldquelle, was kann ich für Sie tun? | Hallo, meine Rechnung ist viel zu hoch, und ich war im Urlaub. | "
    "Oh, das tut mir leid. Warten Sie bitte einen Moment, ich schaue mal nach. Wie ist denn Ihre Nummer? | Vier fünf sechs eins. | Danke. Ich sehe, "
    "dass im April zwei Rechnungen gebucht worden sind, also bekommen Sie das Geld bis Freitag zurück. | Na gut, danke. | "
    "Gern. Kann ich sonst noch etwas für Sie tun? | Nein, das war alles. | Dann noch einen schönen Tag. Auf Wiederhören."
)


def call(text: str, **metadata: Any) -> lc.Transcript:
    parts = text.split(" | ")
    return lc.Transcript.from_turns([("customer" if n % 2 else "agent", part) for n, part in enumerate(parts)], metadata=metadata)


@pytest.fixture(scope="module")
def usual() -> lc.Coach:
    return lc.Coach()


@pytest.mark.parametrize(
    ("metadata", "named"),
    [
        ({"language": "de"}, "German (de)"), ({"language": "de-DE"}, "German (de-DE)"), ({"language_code": "es_MX"}, "Spanish (es_MX)"),
        ({"languageCode": "deu"}, "German (deu)"), ({"lang": "German"}, "German"), ({"Language": "zh-Hans-CN"}, "Chinese (zh-Hans-CN)"),
        ({"detected_language": ["fr", "de"]}, "French (fr)"), ({"language": "spanish"}, "Spanish"), ({"language": "yue"}, "Cantonese (yue)"),
    ],
)  # fmt: skip
def test_metadata_that_name_another_language(usual: lc.Coach, metadata: Mapping[str, Any], named: str) -> None:
    """A language code or name of another language is the reason why the call is not scored."""
    report = usual.review(call(ENGLISH, **metadata))
    assert report.score is None
    assert report.not_scored == (
        f"the transcript says that its language is {named}; have it read as English all the same with language='en' or --language en"
    )
    assert report.moments == ()
    assert report.action_points == ()
    assert report.focus == ()


@pytest.mark.parametrize(
    "value",
    [
        "en",
        "en-US",
        "en_GB",
        "EN",
        "eng",
        "English",
        "multi",
        "und",
        "auto",
        "",
        None,
        "es, en",
        ["de", "en-GB"],
        "unknown",
        "x-klingon",
        7,
    ],
)
def test_metadata_that_do_not(usual: lc.Coach, value: object) -> None:
    """English, several languages with English among them, and values that name no language leave a call scored."""
    assert usual.review(call(ENGLISH, language=value, codec="de")).score is not None


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (GERMAN, "but look like German"),
        (
            "hola si no me llega la factura a mi casa y no se que hacer | a ver un momento si aqui esta me dice que no se le ha mandado a usted | "
            "no es posible a mi me dijo he pagado | me lo manda por favor si no hay problema a ver si me lo dice otra vez",
            "but look like Spanish",
        ),
        (
            "Namaste mera naam Priya hai main aapki kya madad kar sakti hoon | Haan ji mera bill bahut zyada aaya hai aur main to ghar par nahi tha | "
            "Mujhe bahut afsos hai. Ek minute please main check karti hoon. Haan ji April mein do baar payment hua hai. Ye hamari galti hai.",
            "",
        ),
        (
            "お電話ありがとうございます。どうされましたか。 | 請求書の金額が高すぎます。先月は旅行に行っていました。 | 申し訳ございません。少々お待ちください。"
            "確認いたします。 | はい。四月に二回お支払いがありました。こちらの間違いです。返金いたします。"
            "ありがとうございます。いつ口座に入りますか。三日以内です。",
            "",
        ),
    ],
    ids=["German", "Spanish without signs", "Hindi in Latin letters", "Japanese"],
)
def test_words_of_another_language(usual: lc.Coach, text: str, seen: str) -> None:
    """Words that are plainly not English are the reason; a language that is recognised is named."""
    report = usual.review(call(text))
    assert report.score is None
    assert report.not_scored is not None
    assert report.not_scored.startswith(f"its words are not English{' ' + seen if seen else ''}; have it read")
    assert report.moments == ()


@pytest.mark.parametrize(
    "text",
    [
        # Dialect.
        "aye hen whit can ah dae for ye the day | Ah've nae heatin since yestreen an ah cannae get haud o naebody | Och that's nae guid, ah'm awfy sorry "
        "tae hear that. Gie me a wee minute an ah'll see whit's gaun on. Somebody's comin oot the morn | Are ye sure? | Ah ken, ah'm gonnae phone them masel",
        # West African English.
        "Good morning, how una dey, wetin I fit do for you? | I no get light since yesterday and nobody dey answer my call | Ah sorry o, abeg make I check am "
        "for you. E be like say your meter get wahala, dem go send person come check am tomorrow | You sure? Na so dem talk last time and nobody come",
        # A second language.
        "Hello I am call about my order. It is not arrive. I wait already two week. | Number please? | Number is four five six. My name Chen. Blue color, size "
        "medium. Pay by card. No, nobody call me. Address same. Please send fast. I need for birthday daughter. | Saturday. Okay. Wait. Okay good. Bye bye.",
        # Telegraphic, without small words.
        "Booking cancelled. Reference 123. Thanks. Confirm date: Friday. Room double. Breakfast included. | Price ninety pounds. Card payment accepted. Hotel "
        "Acorn, Cambridge. Arrival Monday, departure Tuesday. | Guests two. Wifi free. Parking free. Rating four stars. Booking complete. Goodbye.",
        # A recogniser's output.
        "uh yeah hi um calling about broadband keeps dropping uh every evening basically router lights flashing red tried restarting um nothing | okay account "
        "number please | uh three three four nine | right bear with me loading okay line test running takes couple minutes | sure no worries",
        # Spelled out.
        "b r a i t h w a i t e at gmail dot com | b r a i t h w a i t e | yes and the code is q x 7 4 k l p | q x 7 4 k l p | that's it thanks | two secs",
        # Few words of anything.
        "Guten Tag. | Ja bitte. | Danke.",
    ],
    ids=["Scots", "Pidgin", "second language", "telegraphic", "recogniser", "spelled", "short"],
)  # fmt: skip
def test_english_of_every_kind(usual: lc.Coach, text: str) -> None:
    """Dialect, second-language, telegraphic and recognised English, and texts too short to tell, are not refused for their language."""
    assert "its words are not" not in (usual.review(call(text)).not_scored or "")


def test_overriding() -> None:
    """``language`` has a call read as English whatever it says of itself, for one call or for all of a coach."""
    labelled = call(ENGLISH, language="de")
    assert lc.review(labelled).score is None
    assert lc.review(labelled, language="en").score == lc.review(call(ENGLISH)).score is not None
    assert lc.Coach(language="en").review(labelled).score == lc.review(call(ENGLISH)).score
    assert lc.Coach(language="en").review(call(GERMAN)).score is not None


@pytest.mark.slow
@pytest.mark.parametrize(("options", "line"), [([], "the transcript says that its language is German (de)"), (["--language", "en"], "")])
def test_the_command_line(tmp_path: Path, options: list[str], line: str) -> None:
    """``--language`` has the files read in a language whatever they say."""
    path = tmp_path / "call.json"
    path.write_text(call(ENGLISH, language="de").to_json(), encoding="utf-8")
    command = [sys.executable, "-m", "listening_coach", "review", str(path), "--json", "-", *options]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert (report["not_scored"] or "").startswith(line)
    assert (report["score"] is None) is bool(line)


def test_annotate_does_not_ask(usual: lc.Coach) -> None:
    """``annotate`` marks what it is given; only scoring is refused."""
    assert [m.behaviour for m in usual.annotate(call(ENGLISH, language="de"))] == [m.behaviour for m in usual.annotate(call(ENGLISH))] != []


def test_a_language_that_the_coach_does_not_read(usual: lc.Coach) -> None:
    """Asking a coach for another language than its own is an error that says which it reads."""
    with pytest.raises(LanguageError, match=r"this coach reads English \(en\), not 'de'\. Build a Coach"):
        usual.review(call(ENGLISH), language="de")
    with pytest.raises(LanguageError, match=r"there is no language 'tlh'\. The library knows: en\."):
        lc.Coach(language="tlh")
