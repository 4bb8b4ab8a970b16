"""All that knows a language: the normaliser, the phrase automaton and the call as words. English itself is in ``en``."""
