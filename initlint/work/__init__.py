"""The work: what one process does, who does it, and what all of it amounts to."""
