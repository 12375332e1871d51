"""Findings that are not to be reported: comments in the code, and a file of those that are known."""
