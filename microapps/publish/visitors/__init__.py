"""Visitors: an app is run once in its containment, and each visitor is a fork of that process.

:mod:`.protocol` types what page, site and process say to each other.
"""

__all__: list[str] = []
