#!/usr/bin/env python3
"""How good is the answer to "why was it slow": faults that someone injected, and who is named for them.

--data is a folder of days in the shape of Nezha's data set (github.com/IntelligentDDS/Nezha): of each
day `fault_list.json`, and `fault/*.csv.gz` and `normal/*.csv.gz` with the spans of a minute each.
Kinds of spans are inferred, nothing else is told. Of each fault is asked what the traces that start
within three minutes of it have more of than all those of the day that start in none.

Without it only the shop is asked (demo/shop): faults of seven kinds are planted in a simulation of it.
--files are folders of traces that were saved as JSON, Zipkin's or Jaeger's or OTLP, which A8 asks as well.

A1, A2  latency faults: the service is named first, or among the first three
A3      the same for all faults
A4      of those that A1 finds: the category is network for delays of it, self for load on the CPU
A5      minutes without a fault against the rest of the day, and random halves: nothing stands out
A6      the shop's faults, 1.3, 2 and 10 times the usual time: service, operation and category first
A7      of the slowest tenth of 1,000 checkouts: an attribute of which one value takes twice as long
        comes first; and where there is none, none is named
A8      the sum of a trace's ledger is its duration, to the nanosecond; of --files also: the critical path is
        that of Jaeger and CRISP, but for calls that overlap, which they give to the caller
A9      without a random fifth of the traces the same service comes first, where A1 found it
A10     by how much A1 falls without a random tenth of the spans
"""
import argparse
import collections
import datetime
import gzip
import json
import math
import pathlib
import subprocess
import sys

import store_measures
import table
import why_files

LATENCY = {"network_delay": "network", "cpu_contention": "self", "cpu_consumed": "self"}


def wilson(hits, count, deviate=1.959964):
    """The 95 % interval of a share."""
    if count == 0:
        return 0.0, 1.0
    share, square = hits / count, deviate ** 2
    half = deviate * math.sqrt(share * (1 - share) / count + square / (4 * count ** 2))
    return tuple((share + square / (2 * count) + sign * half) / (1 + square / count) for sign in (-1, 1))


def faults_of(day):
    listed = json.loads((day / "fault_list.json").read_text())
    for fault in (fault for hour in listed.values() for fault in hour):
        time = datetime.datetime.strptime(fault["inject_time"], "%Y-%m-%d %H:%M:%S")
        seconds = int(time.replace(tzinfo=datetime.timezone.utc).timestamp())
        yield f"fault {seconds * 10**9} {fault['inject_pod']} {fault['inject_type']}\n"


def lines_of(data):
    """What bench_why reads."""
    for day in sorted(path.parent for path in data.glob("*/fault_list.json")):
        yield f"day {day.name}\n"
        yield from faults_of(day)
        for file in sorted(day.glob("*/*.csv.gz")):
            yield f"window {file.parent.name}/{file.name.split('.')[0]}\n"
            with gzip.open(file, "rt", newline=None) as rows:
                next(rows)  # the header
                yield from (row.rstrip("\n") + "\n" for row in rows)


def ask(program, data, options):
    """The answers by their first word."""
    command = [program, str(options.halves), str(options.fewer)]
    answers = collections.defaultdict(list)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for line in lines_of(data):
            process.stdin.write(line)
        process.stdin.close()
        for line in process.stdout:
            name, *words = line.split()
            answers[name].append(words)
    assert process.returncode == 0, process.returncode
    return answers


def ask_shop(program, shop, seeds):
    """The answers by their first word."""
    run = subprocess.run([program, shop, str(seeds)], check=True, capture_output=True, text=True)
    answers = collections.defaultdict(list)
    for line in run.stdout.splitlines():
        name, *words = line.split()
        answers[name].append(words)
    return answers


class Measures:
    def __init__(self):
        self.answers = None
        self.faults, self.latency, self.rows = [], [], []

    def take_days(self, answers):
        self.answers = answers
        self.faults = [(type_, int(rank), int(said), category)
                       for _, type_, _, rank, said, category in answers["fault"]]
        self.latency = [fault for fault in self.faults if fault[0] in LATENCY]

    def count_shop(self, answers):
        for strength, target in (("1.3", 0.80), ("2", 0.95), ("10", 0.95)):
            planted = [words for words in answers["shop"] if words[1] == strength]
            self.share(f"why.A6.{strength}x", sum(words[4] == "1" for words in planted), len(planted), target)
            first = sum(0 < int(words[3]) <= 3 for words in planted)
            self.share(f"why.A6_top3.{strength}x", first, len(planted), 1.0)
        for kind in sorted({words[0] for words in answers["shop"]}):
            planted = [words for words in answers["shop"] if words[0] == kind]
            self.share(f"why.A6.{kind}", sum(words[4] == "1" for words in planted), len(planted))
        calm = [words[3] == "0" for words in answers["calm"]]
        self.share("why.A6_calm", sum(calm), len(calm), 0.95)

    def count_attributes(self, answers):
        first = sum(words[1] == "1" for words in answers["planted"])
        self.share("why.A7", first, len(answers["planted"]), 0.95)
        silent = sum(words[1] == "0" for words in answers["plain"])
        self.share("why.A7_none", silent, len(answers["plain"]), 0.95)

    def share(self, name, hits, count, target=None):
        low, high = wilson(hits, count)
        self.rows.append(table.row(name, hits / max(count, 1), f"of {count}", target=target))
        print(f"{name:34} {hits:5}/{count:<5} {hits / max(count, 1):.3f}  [{low:.3f}, {high:.3f}]")

    def top(self, name, faults, ranks, target=None):
        self.share(name, sum(0 < rank <= ranks for _, rank, _, _ in faults), len(faults), target)

    def count_faults(self):
        self.top("why.A1", self.latency, 1, 0.93)
        self.top("why.A2", self.latency, 3, 0.965)
        self.top("why.A3", self.faults, 1, 0.62)
        self.top("why.A3_top3", self.faults, 3, 0.70)
        for kind in sorted({fault[0] for fault in self.faults}):
            of_kind = [fault for fault in self.faults if fault[0] == kind]
            self.top(f"why.top1.{kind}", of_kind, 1)
            self.top(f"why.top3.{kind}", of_kind, 3)
        said = sum(rank == 1 and said for _, rank, said, _ in self.latency)
        self.share("why.A1_said", said, len(self.latency))
        found = [fault for fault in self.latency if fault[1] == 1]
        right = sum(category == LATENCY[type_] for type_, _, _, category in found)
        self.share("why.A4", right, len(found), 0.90)

    def count_quiet(self):
        quiet = [words[-1] == "0" for words in self.answers["quiet"]]
        halves = [words[-1] == "0" for words in self.answers["half"]]
        self.share("why.A5", sum(quiet + halves), len(quiet + halves), 0.95)
        self.share("why.A5_minutes", sum(quiet), len(quiet), 0.95)
        self.share("why.A5_halves", sum(halves), len(halves), 0.95)

    def count_losses(self):
        traces = sum(int(words[0]) for words in self.answers["exact"])
        wrong = sum(int(words[1]) for words in self.answers["exact"])
        self.share("why.A8", traces - wrong, traces, 1.0)
        found = {tuple(words[:3]) for words in self.answers["fault"] if words[1] in LATENCY and words[3] == "1"}
        same = [words[-1] == "1" for words in self.answers["fewer"] if tuple(words[:3]) in found]
        self.share("why.A9", sum(same), len(same), 0.90)
        lost = [words for words in self.answers["lost"] if words[1] in LATENCY]
        first = sum(words[-1] == "1" for words in lost)
        self.share("why.A10_A1", first, len(lost))
        falls = sum(fault[1] == 1 for fault in self.latency) - first
        self.rows.append(table.row("why.A10", falls / max(len(lost), 1), "fall", target=0.05))
        missing = sum(int(words[0]) for words in self.answers["missing"])
        self.rows.append(table.row("why.A10_missing_ms", missing / 1e6, "ms"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--json")
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--files", type=pathlib.Path, nargs="+", help="folders of traces as JSON, for A8")
    parser.add_argument("--halves", type=int, default=100, help="random halves of each day")
    parser.add_argument("--fewer", type=int, default=50, help="draws of fewer traces for each fault")
    parser.add_argument("--seeds", type=int, default=20, help="of each fault of the shop and strength")
    options = parser.parse_args()
    sys.argv[1:] = [options.build]
    subprocess.run(["cmake", "--build", options.build, "--target", "bench_why", "bench_why_shop",
                    "bench_why_attributes"], check=True, stdout=subprocess.DEVNULL)
    programs = pathlib.Path(options.build) / "bench"
    root = pathlib.Path(__file__).resolve().parent.parent
    measures = Measures()
    measures.count_shop(ask_shop(programs / "bench_why_shop", root / "demo/shop/shop.yaml", options.seeds))
    measures.count_attributes(ask_shop(programs / "bench_why_attributes", root / "demo/shop/shop.yaml",
                                       5 * options.seeds))
    if options.data is not None:
        answers = ask(programs / "bench_why", options.data, options)
        for words in answers["fault"]:
            print(f"{words[0]} {words[1]:15} {words[2]:32} rank {words[3]:3} "
                  f"{words[5] if words[4] == '1' else 'nothing stands out'}")
        measures.take_days(answers)
        measures.count_faults()
        measures.count_quiet()
        measures.count_losses()
    if options.files:
        exact, traces, paths = why_files.count_exact(store_measures.import_harness(), options.files)
        measures.share("why.A8_files", exact, traces, 1.0)
        print(f"critical paths beside those of others: {paths['same']} are the same, in {paths['beside']} calls overlap, "
              f"in {paths['shared']} spans share an id")
        measures.share("why.A8_paths", traces - paths["other"], traces, 1.0)
    print()
    table.report(measures.rows, options.json)


if __name__ == "__main__":
    main()
