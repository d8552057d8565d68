"""``python -m microapps``."""

from .cli import main

main()
