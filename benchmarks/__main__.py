"""Measure, print the tables, keep the results: `python -m benchmarks --help`."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from types import FrameType

from benchmarks import (
    allocations,
    audit,
    closing,
    directory,
    home,
    jobs,
    loader,
    options,
    place,
    pools,
    report,
    reserving,
    signon,
    spending,
    watch,
)
from benchmarks.closing import Result, Say
from benchmarks.options import Options

STOPPED = 130
MEASURES: dict[str, Callable[[Options, Say], Iterator[Result]]] = {
    "close": closing.measure,
    "spend": spending.measure,
    "signon": signon.measure,
    "home": home.measure,
    "audit": audit.measure,
    "pools": pools.measure,
    "jobs": jobs.measure,
    "directory": directory.measure,
    "allocations": allocations.measure,
    "reserve": reserving.measure,
}


def main(arguments: Sequence[str]) -> int:
    """Run all that is asked for; every result is kept as soon as it is there. Gives the exit code."""
    signal.signal(signal.SIGTERM, _stop)
    given = options.read(arguments, time.strftime("%Y-%m-%dT%H-%M-%S"))
    try:
        for kind in given.kinds:
            for result in MEASURES[kind](given, _say):
                _keep(given, result)
    except KeyboardInterrupt:
        _say("stopped; servers and files of the measurement are gone, finished results are kept")
        return STOPPED
    except (watch.CommandError, place.DiskTooFullError, loader.UnexpectedError) as error:
        _say(str(error))
        return 1
    print(report.text([one for one in report.read(given.out / "results") if one["session"] == given.session]))
    return 0


def _keep(given: Options, result: Result) -> None:
    """Write one result and, with it, the tables of the page."""
    folder = given.out / "results"
    folder.mkdir(parents=True, exist_ok=True)
    size = options.size_text(result["items"]).replace(" ", "").lower() if "items" in result else result["clients"]
    path = folder / f"{result['what']}-{size}-{given.session}-{result['run']}.json"
    text = json.dumps({"session": given.session, **result}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    report.write(given.out / "README.md", report.text(report.read(folder)))


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
