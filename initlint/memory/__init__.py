"""What is remembered: results on disk by content, and what roots told, from lint to lint and from fix to fix."""
