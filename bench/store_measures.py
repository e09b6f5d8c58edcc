"""How bench/store.py measures: the server from outside, and DuckDB beside it."""
import contextlib
import http.client
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


def import_harness():
    sys.path.insert(0, str(ROOT / "tests/e2e"))
    import harness
    return harness


class Cost:
    """CPU of all threads of a server, also by their names, and the time, since it was made."""

    def __init__(self, server):
        self.server, self.cpu, self.begin = server, cpu_seconds(f"/proc/{server.process.pid}"), time.monotonic()
        self.threads = cpu_of_threads(server.process)
        self.cpu_seconds = self.seconds = 0.0
        self.of_threads = {}

    def until_now(self):
        now = Cost(self.server)
        now.cpu_seconds = now.cpu - self.cpu
        now.seconds = now.begin - self.begin
        now.of_threads = {name: cpu - self.threads.get(name, 0.0) for name, cpu in now.threads.items()}
        return now


def cpu_seconds(folder):
    fields = pathlib.Path(folder, "stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def cpu_of_threads(process):
    """Those of one name together."""
    threads = {}
    for folder in pathlib.Path(f"/proc/{process.pid}/task").iterdir():
        name = (folder / "comm").read_text().strip()
        threads[name] = threads.get(name, 0.0) + cpu_seconds(folder)
    return threads


def anonymous_mb(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


class MostMemory:
    """The most anonymous memory that a server's process has while this is open, in MB; it may be
    started meanwhile."""

    def __init__(self, server):
        self.server, self.most, self.done = server, 0.0, threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.done.wait(0.05):
            with contextlib.suppress(OSError, IndexError):  # It has ended, or not begun.
                self.most = max(self.most, anonymous_mb(self.server.process))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.done.set()
        self.thread.join()


def metric(server, name):
    """The value, or the sum of all values under labels."""
    values = [float(line.rsplit(" ", 1)[1]) for line in server.get("/metrics")[1].decode().splitlines()
              if line.startswith((name + " ", name + "{"))]
    if not values:
        raise KeyError(name)
    return sum(values)


def bytes_below(path):
    return sum(file.stat().st_size for file in pathlib.Path(path).rglob("*") if file.is_file())


def load(harness, server, *flags):
    """The generator's report, and the most anonymous memory the server had meanwhile."""
    command = [harness.CLEW, "load", "--quiet", "--json", "--endpoint",
               f"http://127.0.0.1:{server.ports['otlp_grpc']}", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        most = 0
        while run.poll() is None:
            most = max(most, anonymous_mb(server.process))
            time.sleep(0.1)
        assert run.returncode == 0, run.returncode
        return json.load(run.stdout), most


def load_for(harness, server, least_seconds, spans):
    """Sends loads of so many spans, one seed after the other, for so long at least: all their
    spans, and the seconds of sending."""
    sent, seconds, seed = 0, 0.0, 0
    while seconds < least_seconds:
        seed += 1
        report, _ = load(harness, server, "--no-floor", "--spans", str(spans), "--seed", str(seed))
        sent += report["sent"]["spans"]
        seconds += report["sent"]["seconds"]
    return sent, seconds


def entropy_floor(harness, spans):
    """What the generator says that its load holds, in whole and by column."""
    output, _ = harness.run_clew("load", "--dry-run", "--quiet", "--json", "--spans", str(spans))
    return json.loads(output)["entropyFloor"]


def wait_for_merges(server):
    """Until no merge is due and nothing has been done for a while; merges rest in between."""
    cpu, since, begin = -1.0, time.monotonic(), time.monotonic()
    while time.monotonic() - since < 8 and time.monotonic() - begin < 900:
        now = cpu_seconds(f"/proc/{server.process.pid}")
        if now - cpu > 0.1 or metric(server, "clew_store_unmerged_blocks") > 0:
            cpu, since = now, time.monotonic()
        time.sleep(0.2)


def start_seconds(server):
    begin = time.monotonic()
    server.start()
    return time.monotonic() - begin


def drop_caches():
    try:
        os.sync()
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")
        return True
    except OSError:
        return False


def trace_ids(harness, server, count):
    """Ids of traces of all blocks, as many of each as it has and the count lets it, in an order of chance."""
    found = duckdb(harness, f"""
        select replace(trace_id::varchar, '-', '') id from (
          select trace_id, min(turn) turn from (
            select trace_id, row_number() over (partition by filename order by hash(trace_id)) turn
            from read_parquet('{server.data}/blocks/*/*/traces.parquet', filename = true))
          group by trace_id)
        order by turn, hash(trace_id) limit {count}""")
    ids = [row["id"] for row in found]
    random.Random(1).shuffle(ids)
    return ids


def duckdb(harness, query):
    """The rows of a query."""
    done = subprocess.run(["node", harness.ROOT / "tests/clients/duckdb_query.mjs", query],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def forget_blocks(server):
    """Takes the files of all blocks out of the system's cache, and nothing else."""
    for path in pathlib.Path(server.data).glob("blocks/*/*/*"):
        file = os.open(path, os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)


def cold_lookups(server, ids):
    """As lookups, of a server that runs and is started again, with no block in the system's cache before each."""
    assert server.stop() == 0
    server.start()
    return lookups(server, ids, before_each=lambda: forget_blocks(server))


def lookups(server, ids, before_each=lambda: None):
    """Median and 99th percentile of the milliseconds of a trace by id."""
    times = []
    connection = http.client.HTTPConnection("127.0.0.1", server.ports["api"])
    for trace_id in ids:
        before_each()
        begin = time.monotonic()
        connection.request("GET", f"/api/v2/traces/{trace_id}", headers={"Accept": "application/protobuf"})
        response = connection.getresponse()
        body = response.read()
        times.append((time.monotonic() - begin) * 1e3)
        assert response.status == 200 and len(body) > 100, (response.status, trace_id)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.99)]


class DuckDb:
    """Writes the rows of a block as a file of its own, zstd, and reads both. Its timestamps
    with a zone are microseconds, so its file lacks what ours keeps below them."""

    def __init__(self, harness, spans_file):
        self.harness = harness
        self.ours = f"read_parquet('{spans_file}')"
        self.spans = int(self.sql(f"select count(*) n from {self.ours}")[0]["n"])
        self.folder = tempfile.TemporaryDirectory()
        self.file = pathlib.Path(self.folder.name) / "duckdb.parquet"
        self.sql(f"copy (select * from {self.ours}) to '{self.file}' (format parquet, codec zstd)")

    def sql(self, query):
        return duckdb(self.harness, query)

    def bytes_per_span(self):
        return self.file.stat().st_size / self.spans

    def scan_seconds(self):
        """Medians of the seconds that a group-by over ours and over its own file takes."""
        query = ('select "resource.service.name", count(*), sum(duration_nano), max(start_unix_nano), '
                 "count(distinct name) from {} group by 1")
        tables = {"ours": self.ours, "own": f"read_parquet('{self.file}')"}
        queries = {name: query.format(table) for name, table in tables.items()}
        done = subprocess.run(["node", self.harness.ROOT / "tests/clients/duckdb_times.mjs"], text=True, check=True,
                              input=json.dumps({"threads": 2, "queries": queries}), stdout=subprocess.PIPE)
        millis = json.loads(done.stdout)
        return millis["ours"] / 1e3, millis["own"] / 1e3
