"""``python -m listening_coach`` is the command ``listening-coach``."""

from .cli import main

if __name__ == "__main__":
    main()
