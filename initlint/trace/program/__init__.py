"""The program that is read: its files, what a name in them refers to, and what lies outside."""
