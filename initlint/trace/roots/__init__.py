"""Where the trace begins, and how what is found there is run."""
