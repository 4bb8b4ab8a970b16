"""Linear scorers beside the rules: how likely it is that a turn holds a behaviour, or calls for one.

Phrases and context rules give precision and reasons; learned weights give reach. A scorer adds up the weights of the words of
a turn, of the turns around it, and of signs such as a rule's finding or how much of the customer's words is taken up. Its sum
becomes a confidence from 0 to 1. The weights are readable files in ``language/en/scorers``; ``python -m listening_coach.fitting.scorers``
fits them again from labelled calls.

- ``features`` turns a call into the features that weights are for.
- ``weights`` reads and writes the files.
- ``scorer`` scores a call.
- ``merge`` joins the scores with what the rules found.
"""
