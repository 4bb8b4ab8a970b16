"""Names of people and places, found by Microsoft Presidio: the extra ``masking``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from .errors import MissingExtraError
from .sensitive import Span

# Presidio's names of what it finds, and ours.
_KINDS = {"PERSON": "name", "LOCATION": "place", "NRP": "group", "ORGANIZATION": "organisation"}
_MODELS = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm", "en_core_web_trf")
_LEAST_CERTAIN = 0.5


def finder() -> Any:
    """What finds names in texts, built once in a process.

    Raises:
        MissingExtraError: Presidio or a language model of spaCy's is not installed.
    """
    return _finder()


@cache
def _finder() -> Any:
    try:
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider
    except ImportError as error:
        raise MissingExtraError.of("presidio-analyzer", "masking", "masking names") from error
    import spacy.util

    # Presidio would fetch a model that is missing; nothing here goes to the network.
    model = next((name for name in _MODELS if spacy.util.is_package(name)), None)
    if model is None:
        raise MissingExtraError(
            "masking names needs a language model of spaCy's, and none is installed",
            remedy=f"Install one, for instance with: python -m spacy download {_MODELS[0]}",
        )
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]})
    analyzer = AnalyzerEngine(nlp_engine=engine.create_engine(), supported_languages=["en"])

    def find(texts: Sequence[str]) -> list[list[Span]]:
        return [
            [
                Span(hit.start, hit.end, _KINDS[hit.entity_type])
                for hit in analyzer.analyze(text=text, language="en", entities=[*_KINDS], score_threshold=_LEAST_CERTAIN)
            ]
            for text in texts
        ]

    return find
