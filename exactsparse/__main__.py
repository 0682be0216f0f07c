"""``python -m exactsparse``."""

from exactsparse.cli import main

if __name__ == "__main__":
    main()
