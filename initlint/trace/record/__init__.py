"""What a root leaves behind while it runs, and the facts that are made of it."""
