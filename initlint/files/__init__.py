"""Which files there are, which module each is, and which can matter to which."""
