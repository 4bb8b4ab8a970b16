"""Transcripts in XML and HTML: ELAN, EXMARaLDA, TEI, Transcriber, TTML; Word documents; pages and RTF as the text they show."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtraError, ReadError
from ..transcript import Role
from . import captions, plain, times
from .furniture import without_tags
from .parsed_call import ParsedCall
from .registry import find_text, find_value
from .roles import is_bot, role_of
from .source import Document
from .turn_search import find_turns
from .walker import WORD_DOCUMENT, holds_member

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_XML_START = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?>\s*)*<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)", re.DOTALL
)


def root_of(doc: Document) -> str:
    """The name of the root of an XML document; empty where it is none."""
    start = doc.start_text.lstrip("\ufeff")
    if not start.lstrip().startswith("<"):
        return ""
    found = _XML_START.match(start)
    return found[2] if found else ""


def tree_of(doc: Document) -> Element:
    """The document's root element.

    Raises:
        ReadError: the XML is broken, or has entities that grow without end.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root: Element = fromstring(doc.data if doc.encoding.startswith("utf-16") is False else doc.text)
    except ParseError as error:
        line = getattr(error, "position", (0, 0))[0]
        raise doc.fail(f"the XML is broken: {error}", at=f"line {line}", remedy="Export it again.") from None
    except DefusedXmlException as error:
        raise doc.fail(f"the XML is not to be trusted: {type(error).__name__}", remedy="Take the entities out of it.") from None
    except (ValueError, LookupError) as error:
        raise doc.fail(f"the XML cannot be read: {error}", remedy="Save it as UTF-8.") from None
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return root


def _attribute(element: Element, name: str) -> str | None:
    """The attribute of that name, in any namespace."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _said(element: Element) -> str:
    """All the text in an element."""
    return " ".join("".join(element.itertext()).split())


# ---------------------------------------------------------------------------------------------------------------- ELAN


def is_elan(doc: Document) -> bool:
    """The root ANNOTATION_DOCUMENT."""
    return root_of(doc) == "ANNOTATION_DOCUMENT"


def elan(doc: Document) -> Iterator[ParsedCall]:
    """The call of an ELAN file: a turn an annotation of the tiers that have times of their own, the tier's participant the speaker."""
    root = tree_of(doc)
    header = root.find("HEADER")
    factor = 1e-3 if header is None or header.get("TIME_UNITS", "milliseconds") == "milliseconds" else 1.0
    slots = {s.get("TIME_SLOT_ID"): _number(s.get("TIME_VALUE"), factor) for s in root.iter("TIME_SLOT")}
    turns: list[dict[str, Any]] = []
    for tier in root.iter("TIER"):
        # A tier that depends on another holds glosses, translations and words of it.
        if tier.get("PARENT_REF"):
            continue
        name = tier.get("TIER_ID") or ""
        for annotation in tier.iter("ALIGNABLE_ANNOTATION"):
            text = without_tags(_said(annotation))
            if text:
                start, end = slots.get(annotation.get("TIME_SLOT_REF1")), slots.get(annotation.get("TIME_SLOT_REF2"))
                turns.append(
                    {
                        "place": f"tier {name!r}, {annotation.get('ANNOTATION_ID')}",
                        "speaker": tier.get("PARTICIPANT") or name,
                        "text": text,
                        "start": start,
                        "end": end,
                    }
                )
    yield ParsedCall(turns, started_at=times.moment(root.get("DATE")), by_time=True)


def _number(value: str | None, factor: float = 1.0) -> float | None:
    try:
        return None if value is None else round(float(value) * factor, 6)
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------------------------ EXMARaLDA


def is_exmaralda(doc: Document) -> bool:
    """The root basic-transcription."""
    return root_of(doc) == "basic-transcription"


def exmaralda(doc: Document) -> Iterator[ParsedCall]:
    """The call of an EXMARaLDA basic transcription: a turn an event of the tiers of what was said."""
    root = tree_of(doc)
    timeline = {point.get("id"): _number(point.get("time")) for point in root.iter("tli")}
    names = {s.get("id"): _said(a) for s in root.iter("speaker") if (a := s.find("abbreviation")) is not None and _said(a)}
    turns: list[dict[str, Any]] = []
    for tier in root.iter("tier"):
        speaker = tier.get("speaker")
        # Type "t" is what was said; "a" and "d" are notes about it.
        if tier.get("type", "t") != "t" or (speaker is None and tier.get("category") not in (None, "v")):
            continue
        for event in tier.iter("event"):
            text = without_tags(_said(event))
            if text:
                start, end = timeline.get(event.get("start")), timeline.get(event.get("end"))
                turns.append(
                    {
                        "place": f"tier {tier.get('id')!r}, event {event.get('start')}",
                        "speaker": names.get(speaker) or speaker or tier.get("display-name"),
                        "text": text,
                        "start": start,
                        "end": end,
                    }
                )
    yield ParsedCall(turns, by_time=all(turn["start"] is not None for turn in turns))


# ------------------------------------------------------------------------------------------------------------------ TEI


def is_tei(doc: Document) -> bool:
    """The root TEI or TEI.2 with utterances."""
    return (
        root_of(doc) in ("TEI", "TEI.2", "teiCorpus", "text")
        and re.search(r"<(?:\w+:)?u[\s>]|<(?:\w+:)?sp[\s>]", doc.start_text) is not None
    )


def tei(doc: Document) -> Iterator[ParsedCall]:
    """The call of a TEI transcription of speech: a turn an utterance, the times from its attributes or the timeline they point to."""
    root = tree_of(doc)
    people = {_attribute(p, "id"): _person(p) for p in root.iter("person")}
    timeline = _timeline(root)
    turns: list[dict[str, Any]] = []
    for number, element in enumerate(e for e in root.iter() if e.tag in ("u", "sp")):
        text = without_tags(_utterance(element))
        if not text:
            continue
        who = (element.get("who") or "").split(" ")[0].lstrip("#")
        label = element.find("speaker")
        name, role = people.get(who, (None, None))
        parent = element
        turns.append(
            {
                "place": f"utterance {number + 1}",
                "speaker": name or who or (None if label is None else _said(label).rstrip(":.")) or None,
                "role": role,
                "text": text,
                "start": _when(parent.get("start"), timeline),
                "end": _when(parent.get("end"), timeline),
            }
        )
    yield ParsedCall(turns)


def _person(person: Element) -> tuple[str | None, str | None]:
    name = next((_said(e) for tag in ("persName", "name") if (e := person.find(f".//{tag}")) is not None and _said(e)), None)
    return name, person.get("role")


def _utterance(element: Element) -> str:
    """What is said in an utterance, without what is noted about it."""
    parts: list[str] = []

    def walk(inner: Element) -> None:
        if inner.tag in ("note", "speaker", "desc", "incident", "kinesic", "vocal", "pause", "shift", "stage", "event", "anchor"):
            return
        if inner.text:
            parts.append(inner.text)
        for child in inner:
            walk(child)
            if child.tag in ("w", "pc", "seg", "l", "p") or child.tail:
                parts.append(child.tail or (" " if child.tag != "pc" else ""))

    walk(element)
    return re.sub(r"\s+([.,?!;:])", r"\1", " ".join("".join(parts).split()))


def _timeline(root: Element) -> dict[str, float]:
    """The times of the points of a timeline, in seconds."""
    found: dict[str, float] = {}
    for line in root.iter("timeline"):
        factor = {"ms": 1e-3, "s": 1.0, "min": 60.0}.get(line.get("unit", "s"), 1.0)
        for point in line.iter("when"):
            ident = _attribute(point, "id") or ""
            if (interval := _number(point.get("interval"), factor)) is not None:
                found[ident] = round(found.get((point.get("since") or "").lstrip("#"), 0.0) + interval, 6)
            elif point.get("absolute") is not None:
                stamp = _stamp(point.get("absolute"))
                found[ident] = 0.0 if stamp is None else stamp
            else:
                found.setdefault(ident, 0.0)
    return found


def _when(value: str | None, timeline: Mapping[str, float]) -> float | None:
    if value is None:
        return None
    return timeline[value.lstrip("#")] if value.lstrip("#") in timeline else _stamp(value)


def _stamp(value: str | None) -> float | None:
    """A time as an attribute writes it, in seconds; None where it is none."""
    try:
        stamp = times.stamp(value)
    except ValueError:
        return None
    return None if stamp is None else stamp.value


# ---------------------------------------------------------------------------------------------------------- Transcriber


def is_transcriber(doc: Document) -> bool:
    """The root Trans."""
    return root_of(doc) == "Trans"


def transcriber(doc: Document) -> Iterator[ParsedCall]:
    """The call of a Transcriber file: a turn a stretch of one speaker between two points in time."""
    root = tree_of(doc)
    names = {s.get("id"): s.get("name") for s in root.iter("Speaker")}
    turns: list[dict[str, Any]] = []
    for element in root.iter("Turn"):
        speakers = (element.get("speaker") or "").split()
        first, last = _number(element.get("startTime")), _number(element.get("endTime"))
        pieces: list[tuple[float | None, str | None, str]] = []
        at, who = first, speakers[0] if speakers else None
        said = element.text or ""
        for child in element:
            if child.tag in ("Sync", "Who"):
                pieces.append((at, who, said))
                said = ""
                at = _number(child.get("time")) if child.tag == "Sync" else at
                order = int(child.get("nb", "1")) - 1 if child.tag == "Who" and child.get("nb", "1").isdigit() else 0
                who = speakers[order] if order < len(speakers) else who
            said += child.tail or ""
        pieces.append((at, who, said))
        spoken = [(a, w, text) for a, w, t in pieces if (text := without_tags(" ".join(t.split())))]
        for number, (start, speaker, text) in enumerate(spoken):
            after = next((a for a, _, _ in spoken[number + 1 :] if a is not None and start is not None and a > start), last)
            turns.append(
                {"place": f"turn at {start} s", "speaker": names.get(speaker) or speaker, "text": text, "start": start, "end": after}
            )
    yield ParsedCall(turns)


# ----------------------------------------------------------------------------------------------------------------- TTML


def is_ttml(doc: Document) -> bool:
    """The root tt."""
    return root_of(doc) == "tt"


def ttml(doc: Document) -> Iterator[ParsedCall]:
    """The call of Timed Text: a turn a paragraph, the speaker its agent, or a name before a colon."""
    root = tree_of(doc)
    agents = {_attribute(a, "id"): _said(a) for a in root.iter("agent") if _said(a)}
    rate = _number(_attribute(root, "frameRate")) or 30.0
    ticks = _number(_attribute(root, "tickRate")) or rate
    found: list[tuple[str | None, float | None, float | None, str]] = []

    def walk(element: Element, agent: str | None, base: float, inside: tuple[float | None, float | None]) -> None:
        agent = _attribute(element, "agent") or agent
        start, end = _offset(element.get("begin"), rate, ticks), _offset(element.get("end"), rate, ticks)
        lasts = _offset(element.get("dur"), rate, ticks)
        start = None if start is None else base + start
        end = base + end if end is not None else start + lasts if start is not None and lasts is not None else None
        if element.tag == "p":
            spans = [s for s in element.iter("span") if s.get("begin")]
            if start is None and spans:
                start, end = _offset(spans[0].get("begin"), rate, ticks), _offset(spans[-1].get("end"), rate, ticks)
            for line in element.iter("br"):
                line.tail = f"\n{line.tail or ''}"
            text = "\n".join(" ".join(part.split()) for part in "".join(element.itertext()).strip().split("\n") if part.strip())
            if text:
                found.append((agent, start if start is not None else inside[0], end if end is not None else inside[1], text))
            return
        for child in element:
            walk(child, agent, start if start is not None and element.tag in ("div", "body") else base, (start, end))

    for body in root.iter("body"):
        walk(body, None, 0.0, (None, None))
    if any(agent for agent, *_ in found) or any(start is None or end is None for _, start, end, _ in found):
        turns = [
            {
                "place": f"paragraph {n + 1}",
                "speaker": agents.get(agent) or agent,
                "text": text.replace("\n", " "),
                "start": start,
                "end": end,
            }
            for n, (agent, start, end, text) in enumerate(found)
        ]
        parsed = ParsedCall(turns)
    else:
        parsed = captions.call_of_cues(
            [captions.cue(n + 1, start or 0.0, end or 0.0, text) for n, (_, start, end, text) in enumerate(found)]
        )
    parsed.metadata["language"] = _attribute(root, "lang") or None
    yield parsed


def _offset(value: str | None, rate: float, ticks: float) -> float | None:
    """A time of Timed Text in seconds: a clock, one with frames, or a number with a unit."""
    if value is None:
        return None
    count = re.fullmatch(r"(\d+(?:\.\d+)?)(t|f)", value.strip())
    if count:
        return float(count[1]) / (ticks if count[2] == "t" else rate)
    frames = re.fullmatch(r"(\d+):(\d\d):(\d\d):(\d+(?:\.\d+)?)", value.strip())
    if frames:
        return int(frames[1]) * 3600 + int(frames[2]) * 60 + int(frames[3]) + round(float(frames[4]) / rate, 3)
    return _stamp(value)


# ----------------------------------------------------------------------------------------------------------- as text


class _Shown(HTMLParser):
    """The text that a page shows, a line a block."""

    _BLOCKS = frozenset(
        (
            "p",
            "div",
            "br",
            "li",
            "tr",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "section",
            "article",
            "dt",
            "dd",
            "blockquote",
            "ul",
            "ol",
            "table",
            "pre",
        )
    )
    _HIDDEN = frozenset(("script", "style", "head", "title", "template", "noscript", "svg"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self._HIDDEN
        if tag in self._BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in self._HIDDEN))
        if tag in self._BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))

    def text(self) -> str:
        """The lines shown."""
        lines = ("\t".join(" ".join(cell.split()) for cell in line.strip("\t ").split("\t")) for line in "".join(self.parts).split("\n"))
        return "\n".join(line for line in lines if line.strip()) + "\n"


def is_html(doc: Document) -> bool:
    """A page of HTML that shows lines with names."""
    start = doc.start_text.lstrip("\ufeff \t\n")
    if not re.match(r"<(?:!doctype html|html|head|body|div|p|table|ul|ol|section|article)\b", start, re.IGNORECASE):
        return False
    shown = _page(doc.start_text)
    return plain.is_talk(shown) or "\t" in shown


def _page(text: str) -> str:
    shown = _Shown()
    shown.feed(text)
    shown.close()
    return shown.text()


def _in_text(doc: Document, text: str, what: str, name: str) -> Iterator[ParsedCall]:
    """The calls in the text of a document, which tell the document's own format."""
    for found in find_text(doc, text, what):
        found.metadata["format"] = name
        yield found


def page(doc: Document) -> Iterator[ParsedCall]:
    """The call that a page of HTML shows."""
    yield from _in_text(doc, _page(doc.text), "the text of the page", "html")


def is_rtf(doc: Document) -> bool:
    """The mark {\\rtf."""
    return doc.start_text.lstrip("\ufeff \t\n").startswith("{\\rtf")


def rtf(doc: Document) -> Iterator[ParsedCall]:
    """The call in an RTF document.

    Raises:
        MissingExtraError: striprtf is not installed.
    """
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError as error:
        raise MissingExtraError.of("striprtf", "documents", "Reading RTF") from error
    try:
        text = rtf_to_text(doc.text, errors="replace")
    except Exception as error:
        raise doc.fail(f"the RTF is broken: {error or type(error).__name__}"[:160], remedy="Save it as plain text (.txt).") from error
    yield from _in_text(doc, text, "its text", "rtf")


def is_docx(doc: Document) -> bool:
    """A zip archive that holds a Word document."""
    return doc.head.startswith(b"PK\x03\x04") and holds_member(doc.data, WORD_DOCUMENT)


def word_document(doc: Document) -> Iterator[ParsedCall]:
    """The call in a Word document: its paragraphs as lines, its tables as rows.

    Raises:
        ReadError: the document is broken, or holds no talk.
        MissingExtraError: python-docx is not installed.
    """
    try:
        import docx
        from docx.table import Table
    except ImportError as error:
        raise MissingExtraError.of("python-docx", "documents", "Reading a Word document") from error
    try:
        content = list(docx.Document(io.BytesIO(doc.data)).iter_inner_content())
    except Exception as error:
        raise doc.fail(
            f"the Word document is broken: {error or type(error).__name__}"[:160], remedy="Save it again, or as plain text (.txt)."
        ) from error
    lines: list[str] = []
    for block in content:
        if isinstance(block, Table):
            lines += ["\t".join(" ".join(cell.text.split()) for cell in row.cells) for row in block.rows]
        else:
            lines += [*block.text.split("\n"), ""]
    yield from _in_text(doc, "\n".join(lines) + "\n", "its text", "docx")


# ------------------------------------------------------------------------------------------------------------------ ASS


def is_ass(doc: Document) -> bool:
    """The section [Script Info] of SubStation Alpha."""
    return doc.start_text.lstrip("\ufeff \n").startswith("[Script Info]")


def ass(doc: Document) -> Iterator[ParsedCall]:
    """The call of Advanced SubStation Alpha: a turn a dialogue line, its name the speaker.

    Raises:
        MissingExtraError: pysubs2 is not installed.
    """
    try:
        import pysubs2
    except ImportError as error:
        raise MissingExtraError.of("pysubs2", "documents", "Reading SubStation Alpha") from error
    try:
        events = pysubs2.SSAFile.from_string(doc.text, format_="ass").events
    except Exception as error:
        raise doc.fail(
            f"the subtitles are broken: {error or type(error).__name__}"[:160], remedy="Save them again, or as SubRip (.srt)."
        ) from error
    spoken = [e for e in events if not e.is_comment and e.plaintext.strip()]
    names = [e.name.strip() for e in spoken]
    if not any(names) and (styles := _speaking_styles([e.style for e in spoken])):
        names = styles
    if any(names):
        turns = [
            {
                "place": f"line {n + 1}",
                "speaker": names[n] or None,
                "text": " ".join(e.plaintext.split()),
                "start": e.start / 1000,
                "end": e.end / 1000,
            }
            for n, e in enumerate(spoken)
        ]
        yield ParsedCall(turns, by_time=True)
    else:
        yield captions.call_of_cues([captions.cue(n + 1, e.start / 1000, e.end / 1000, e.plaintext) for n, e in enumerate(spoken)])


def _speaking_styles(styles: list[str]) -> list[str]:
    """The styles of lines as speakers, where each style tells a role; nothing where they only tell how lines look."""
    told = {style for style in styles if role_of(style) is not Role.UNKNOWN or is_bot(style)}
    return styles if len(told) > 1 and told == set(styles) else []


# ------------------------------------------------------------------------------------------------------------- any XML


def is_xml(doc: Document) -> bool:
    """XML of no kind with a reader of its own, in which elements are turns."""
    if not root_of(doc):
        return False
    try:
        return find_turns(_as_value(tree_of(doc))) is not None
    except ReadError:
        return False  # a text that begins with "<Agent>"


def xml(doc: Document) -> Iterator[ParsedCall]:
    """The call in XML whose elements have the fields of turns, as attributes or as elements in them."""
    for found in find_value(doc, _as_value(tree_of(doc)), "the XML"):
        found.metadata["format"] = "xml"
        yield found


def _as_value(element: Element) -> dict[str, Any]:
    """An element as JSON would hold it: its attributes, what stands in it by name, its own text as ``text``."""
    value: dict[str, Any] = {key.rpartition("}")[2]: text for key, text in element.attrib.items()}
    of_name: dict[str, list[Any]] = {}
    for child in element:
        bare = len(child) == 0 and not child.attrib
        of_name.setdefault(child.tag, []).append(_said(child) if bare else _as_value(child))
    for name, values in of_name.items():
        value.setdefault(name, values[0] if len(values) == 1 else values)
    own = " ".join(" ".join([element.text or "", *(child.tail or "" for child in element)]).split())
    if own:
        value.setdefault("text", own)
    return value
