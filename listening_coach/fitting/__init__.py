"""Fitting from labelled calls: the weights of the scorers and of the score. Needs scikit-learn."""
