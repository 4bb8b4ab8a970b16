"""The catalogue of the package's own formats: a row each. A new format is a row here and a small function."""

from __future__ import annotations

from ..transcript import EvidenceTier
from . import (
    amazon,
    assemblyai,
    azure,
    captions,
    chat,
    convokit,
    deepgram,
    delimited,
    google,
    markup,
    message_blocks,
    microdvd,
    nist,
    own,
    plain,
    revai,
    sheets,
    speech,
    speechmatics,
    telephony,
    textgrid,
    vcon,
    whisper,
    youtube,
)
from . import generic_json as lists
from .registry import Detect, Format, Parse

# Programs whose exports are read without a format of their own.
_JSON_WRITERS = (
    "Retell, Vapi, LiveKit, ElevenLabs agents, OpenAI, Anthropic and Gemini messages, Deepgram agent, Pipecat, Ultravox, Bland, Rasa;"
    " RingSense, HubSpot, Salesforce, Zendesk, Intercom, LivePerson, Freshchat, Freshdesk, Chatwoot, Drift, Crisp, LiveChat, Gorgias,"
    " Front, OpenPhone, Dialpad, Aircall, Webex, Zoom, Google Meet, Avoma, Modjo, Fireflies, Fathom, Read.ai, Symbl, Clarify;"
    " Slack, Teams, Telegram, Signal, Messenger, Instagram, Discord, Google Chat, Skype, Mattermost, Rocket.Chat, Twilio; any program"
)
_TEXT_WRITERS = "WhatsApp, Telegram, Signal, Discord, Teams, Google Meet, Zoom, Otter, Rev, Sonix, HappyScribe, Descript, pyannote, Whisper, Synthflow; people"
_WORDS, _TURNS, _STARTS = EvidenceTier.WORDS, EvidenceTier.TURNS, EvidenceTier.STARTS
# Where each JSON format keeps its turns, for the error that there are none.
_TURNS_AT = {
    "contact-lens": "$.Transcript", "amazon-call-analytics": "$.Transcript", "contact-lens-realtime": "$.Segments", "amazon-transcribe": "$.results.items",
    "aws-post-call-analytics": "$.SpeechSegments", "bedrock-data-automation": "$.audio_segments", "google-ccai": "$.transcript.transcriptSegments",
    "google-ccai-upload": "$.entries", "ibm-watson": "$.results", "google-speech": "$.results", "azure-batch": "$.recognizedPhrases",
    "azure-fast": "$.phrases", "azure-conversation": "$.conversations[0].conversationItems", "deepgram": "$.results", "assemblyai": "$.utterances",
    "speechmatics": "$.results", "revai": "$.monologues", "twilio": "$.sentences", "genesys": "$.transcripts", "harper-valley": "$", "vcon": "$.analysis",
    "wtf": "$.segments", "gladia": "$.transcription.utterances", "elevenlabs": "$.words", "recall": "$", "gong": "$.callTranscripts",
    "whisper": "$.segments", "whisper-cpp": "$.transcription", "chunks": "$.chunks", "vosk": "$",
}  # fmt: skip


def _json(name: str, title: str, tier: EvidenceTier, origin: str, detect: Detect, parse: Parse) -> Format:
    return Format(name, title, (".json",), tier, origin, detect, parse, json=True, turns_at=_TURNS_AT.get(name, ""))


# The order is that of detection: what has a mark of its own first, what takes almost anything last.
FORMATS: tuple[Format, ...] = (
    Format("excel", "Excel workbook", (".xlsx", ".xlsm"), _TURNS, "Microsoft Excel", sheets.is_sheet, sheets.parse, extra="excel"),
    Format(
        "docx", "Word document", (".docx",), _TURNS, "Microsoft Word and Teams", markup.is_docx, markup.word_document, extra="documents"
    ),
    _json("listening-coach", "listening_coach's own JSON", _WORDS, "Transcript.to_json", own.is_own, own.parse),
    _json("contact-lens", "Amazon Connect Contact Lens", _TURNS, "Amazon Connect", amazon.is_contact_lens, amazon.call_analytics),
    _json(
        "amazon-call-analytics",
        "Amazon Transcribe Call Analytics",
        _WORDS,
        "Amazon Transcribe",
        amazon.is_call_analytics,
        amazon.call_analytics,
    ),
    _json(
        "contact-lens-realtime",
        "Amazon Connect Contact Lens, real-time segments",
        _TURNS,
        "Amazon Connect",
        amazon.is_realtime,
        amazon.realtime,
    ),
    _json("amazon-transcribe", "Amazon Transcribe", _WORDS, "Amazon Transcribe", amazon.is_transcribe, amazon.transcribe),
    _json("aws-post-call-analytics", "AWS Post Call Analytics", _WORDS, "AWS", amazon.is_post_call, amazon.post_call),
    _json("bedrock-data-automation", "Amazon Bedrock Data Automation, sound", _WORDS, "Amazon Bedrock", amazon.is_bedrock, amazon.bedrock),
    _json(
        "google-ccai",
        "Google Contact Center AI conversation",
        _WORDS,
        "Google Cloud",
        google.is_ccai_conversation,
        google.ccai_conversation,
    ),
    _json("google-ccai-upload", "Google Contact Center AI upload", _STARTS, "Google Cloud", google.is_ccai_upload, google.ccai_upload),
    _json("ibm-watson", "IBM Watson Speech to Text", _WORDS, "IBM", speech.is_watson, speech.watson),
    _json("google-speech", "Google Speech-to-Text v1, v2", _WORDS, "Google Cloud", google.is_speech, google.speech),
    _json("azure-batch", "Azure batch transcription", _WORDS, "Microsoft Azure", azure.is_batch, azure.batch),
    _json("azure-fast", "Azure fast transcription", _WORDS, "Microsoft Azure", azure.is_fast, azure.fast),
    _json("azure-conversation", "Azure conversation analysis input", _WORDS, "Microsoft Azure", azure.is_conversation, azure.conversation),
    _json("deepgram", "Deepgram", _WORDS, "Deepgram", deepgram.is_deepgram, deepgram.deepgram),
    _json("assemblyai", "AssemblyAI", _WORDS, "AssemblyAI", assemblyai.is_assemblyai, assemblyai.assemblyai),
    _json("speechmatics", "Speechmatics json-v2", _WORDS, "Speechmatics", speechmatics.is_speechmatics, speechmatics.speechmatics),
    _json("revai", "Rev and Rev.ai", _WORDS, "Rev", revai.is_revai, revai.revai),
    _json("twilio", "Twilio Voice Intelligence", _WORDS, "Twilio", telephony.is_twilio, telephony.twilio),
    _json("genesys", "Genesys Cloud", _WORDS, "Genesys", telephony.is_genesys, telephony.genesys),
    _json("harper-valley", "Harper Valley", _WORDS, "the Harper Valley corpus", telephony.is_harper_valley, telephony.harper_valley),
    _json("vcon", "vCon container", _WORDS, "the IETF's vCon group", vcon.is_vcon, vcon.vcon),
    _json("wtf", "World Transcription Format", _WORDS, "the IETF's vCon group", vcon.is_wtf, vcon.wtf),
    _json("gladia", "Gladia", _WORDS, "Gladia", speech.is_gladia, speech.gladia),
    _json("elevenlabs", "ElevenLabs Scribe", _WORDS, "ElevenLabs", speech.is_elevenlabs, speech.elevenlabs),
    _json("recall", "Recall.ai", _WORDS, "Recall.ai", speech.is_recall, speech.recall),
    _json("gong", "Gong", _TURNS, "Gong", speech.is_gong, speech.gong),
    _json("whisper", "Whisper, whisper-timestamped, WhisperX", _WORDS, "OpenAI and others", whisper.is_whisper, whisper.whisper),
    _json("whisper-cpp", "whisper.cpp", _WORDS, "whisper.cpp", whisper.is_cpp, whisper.cpp),
    _json("chunks", "Transformers pipeline with chunks", _WORDS, "Hugging Face", whisper.is_chunks, whisper.chunks),
    _json("vosk", "Vosk and Kaldi", _WORDS, "Vosk", speech.is_vosk, speech.vosk),
    _json("youtube-json", "YouTube captions, JSON", _TURNS, "YouTube", youtube.is_events, youtube.events),
    _json("json", "JSON with a list of turns", _WORDS, _JSON_WRITERS, lists.is_list, lists.parse_list),
    _json("json-text", "JSON with a whole transcript as text", _TURNS, "any program", lists.is_text, lists.parse_text),
    _json("json-calls", "JSON list of calls, each in any of these formats", _WORDS, "any program", lists.is_calls, lists.parse_calls),
    Format(
        "contact-lens-stream",
        "Amazon Connect Contact Lens, stream of events",
        (".jsonl",),
        _TURNS,
        "Amazon Connect",
        amazon.is_stream,
        amazon.realtime,
    ),
    Format("convokit", "ConvoKit corpus folder", (".jsonl",), _STARTS, "ConvoKit", convokit.is_convokit, convokit.parse),
    Format("jsonl", "JSON Lines, a turn or a call a line", (".jsonl", ".ndjson"), _WORDS, "any program", lists.is_lines, lists.parse_lines),
    Format("elan", "ELAN", (".eaf",), _TURNS, "ELAN", markup.is_elan, markup.elan),
    Format("exmaralda", "EXMARaLDA basic transcription", (".exb",), _TURNS, "EXMARaLDA", markup.is_exmaralda, markup.exmaralda),
    Format("tei", "TEI transcription of speech", (".xml", ".tei"), _TURNS, "the TEI Consortium's tools", markup.is_tei, markup.tei),
    Format("transcriber", "Transcriber", (".trs",), _TURNS, "Transcriber and TranscriberAG", markup.is_transcriber, markup.transcriber),
    Format(
        "ttml",
        "Timed Text (TTML, DFXP)",
        (".ttml", ".dfxp", ".xml"),
        _TURNS,
        "broadcasters and video services",
        markup.is_ttml,
        markup.ttml,
    ),
    Format(
        "youtube-xml",
        "YouTube captions, XML",
        (".xml", ".srv1", ".srv2", ".srv3"),
        _TURNS,
        "YouTube",
        youtube.is_captions,
        youtube.captions,
    ),
    Format("html", "HTML page with names", (".html", ".htm"), _TURNS, "chat and meeting tools", markup.is_html, markup.page),
    Format("xml", "XML with an element a turn", (".xml",), _TURNS, "any program", markup.is_xml, markup.xml),
    Format("rtf", "RTF document", (".rtf",), _TURNS, "word processors", markup.is_rtf, markup.rtf, extra="documents"),
    Format("ass", "SubStation Alpha", (".ass", ".ssa"), _TURNS, "subtitle tools", markup.is_ass, markup.ass, extra="documents"),
    Format(
        "vtt", "WebVTT", (".vtt",), _TURNS, "Microsoft Teams, Zoom, Webex, Google Meet and subtitle tools", captions.is_vtt, captions.parse
    ),
    Format("sbv", "SubViewer captions of YouTube", (".sbv",), _TURNS, "YouTube", captions.is_sbv, captions.parse),
    Format("microdvd", "MicroDVD subtitles", (".sub",), _TURNS, "subtitle tools", microdvd.is_microdvd, microdvd.microdvd),
    Format("srt", "SubRip subtitles", (".srt",), _TURNS, "subtitle tools", captions.is_srt, captions.parse),
    Format("textgrid", "Praat TextGrid", (".textgrid",), _WORDS, "Praat", textgrid.is_textgrid, textgrid.parse, extra="textgrid"),
    Format("chat", "CHAT", (".cha",), _WORDS, "TalkBank and CHILDES", chat.is_chat, chat.parse),
    Format("rttm", "RTTM with a text", (".rttm",), _WORDS, "NIST", nist.is_rttm, nist.rttm),
    Format("ctm", "CTM", (".ctm",), _WORDS, "NIST", nist.is_ctm, nist.ctm),
    Format("stm", "STM", (".stm",), _TURNS, "NIST", nist.is_stm, nist.stm),
    Format(
        "csv",
        "CSV, TSV or Markdown table",
        (".csv", ".tsv", ".tab"),
        _WORDS,
        "spreadsheets, Salesforce reports, Rev",
        delimited.is_delimited,
        delimited.parse,
    ),
    Format(
        "message-blocks",
        "Messages below lines that name sender and date",
        (".txt",),
        _STARTS,
        "Signal (sigtop) and programs that save messages as text",
        message_blocks.is_blocks,
        message_blocks.parse,
    ),
    Format("text", "Plain text with names", (".txt", ".text", ".md", ".log"), _TURNS, _TEXT_WRITERS, plain.is_plain, plain.parse),
)
