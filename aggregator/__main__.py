"""`python -m aggregator` is the `aggregator` command."""

from aggregator.cli import start

if __name__ == "__main__":
    start()
