"""Can-do and can't-do wording: phrases whose quote runs on to the end of their clause, so that a report shows what was said."""

from __future__ import annotations

from ..behaviours import Behaviour
from ..language.call import Call
from ..language.clauses import phrase_end
from . import Found, word_sets
from .phrases import standing

# A quote is cut after so many words behind its phrase where the file's setting ``quote_words`` does not say otherwise.
_QUOTE_WORDS = 10.0


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of a behaviour by its phrases.

    Of the kinds in the file's list ``runs_on``, and of phrases that end in "to", the quote runs to the end of the clause.
    """
    runs_on, most = word_sets(call, behaviour)["runs_on"], int(behaviour.settings.get("quote_words", _QUOTE_WORDS))
    moments = []
    done = (-1, -1)
    for h in standing(call, behaviour):
        if (h.turn, h.first) < done:
            continue  # within the clause that is quoted already
        last = phrase_end(call, h.last, most) if h.rule.kind in runs_on or h.rule.pattern.endswith(" to") else h.last
        done = (h.turn, last)
        moments.append(call.moment(behaviour.id, h.turn, h.first, last, kind=h.rule.kind, rule=h.rule.pattern))
    return Found(moments, [])
