"""Sends spans with, and reads them by, programs that need more than Debian and npm: python3 tests/interop/run.py BUILD [SUITE...]

Each suite fetches what it needs from its own registry into build/interop. One that cannot is skipped and says why;
only one that runs and does not find its spans as sent has failed."""
import importlib
import sys
import traceback

import suite

SUITES = ("python", "go", "telemetrygen", "rust", "java", "collector", "caddy", "prometheus", "arrow", "pandas",
          "spark")


def run_one(name):
    """One line that says how it went; True unless it failed."""
    try:
        ran = importlib.import_module(f"check_{name}").check()
        print(f"ran      {name}: {ran}", flush=True)
    except suite.Skipped as reason:
        print(f"skipped  {name}: {reason}", flush=True)
    except Exception as error:  # pylint: disable=broad-except
        traceback.print_exc()
        print(f"failed   {name}: {error}", flush=True)
        return False
    return True


def main():
    names = sys.argv[2:] or SUITES
    unknown = sorted(set(names) - set(SUITES))
    if unknown:
        sys.exit(f"there is no suite {', '.join(unknown)}; there are {', '.join(SUITES)}")
    outcomes = [run_one(name) for name in names]
    sys.exit(not all(outcomes))


if __name__ == "__main__":
    main()
