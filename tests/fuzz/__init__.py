"""Inputs as enemies and accidents make them: real ones, changed.

A kind of input has seeds that read well and a function that reads a body as the program does and raises where
a promise is broken: nothing but the errors that the reader's docstring names, results that the store takes,
and the same again where something is written and read back. `make fuzz` changes seeds for a set time; what
breaks a promise is kept, made small, as `.bin` beside the seeds in tests/corpus. tests/test_fuzz.py replays
that, and tries a few changes more.
"""
