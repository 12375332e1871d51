"""The parts of Python's library that model code builds with, one module for each theme."""

from initlint.trace.python.library import (
    arguments,
    arrays,
    collected,
    contexts,
    copies,
    functions,
    iterators,
    looking,
    members,
    numbers,
    paths,
    records,
    surroundings,
    texts,
    typed,
)
from initlint.trace.python.library.registry import LIBRARY

__all__ = [
    "LIBRARY", "arguments", "arrays", "collected", "contexts", "copies", "functions", "iterators", "looking",
    "members", "numbers", "paths", "records", "surroundings", "texts", "typed",
]
