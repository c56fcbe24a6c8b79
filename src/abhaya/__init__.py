"""Abhaya: the whole road of an online child-exploitation report, from receipt to proof in court."""

__version__ = "0.1.0"
