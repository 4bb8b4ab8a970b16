"""All that knows a language.

``language`` loads one from its folder (``en`` is English). ``normaliser`` turns texts into canonical words, ``automaton`` finds
phrases in them, ``call`` holds a transcript as words with its hits, ``clauses`` is the one reader of sentences and clauses, ``context``
decides whether a hit counts where it stands, and ``identify`` tells whether a call is in the language at all.
"""
