"""The shop, end to end: real services, a fault in one of them, and the traces that come of it."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse

import harness

SERVICES = {"frontend", "cart", "catalog", "recommendation", "ads", "currency", "checkout",
            "inventory", "shipping", "payment", "fraud", "fulfilment", "email"}


class Shop:
    """`demo/shop/shop`, its spans going to a server."""

    def __init__(self, server, *arguments):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clew-shop-"))
        self.log = self.folder / "shop.log"
        url = f"http://127.0.0.1:{server.ports['otlp_http']}/v1/traces"
        with open(self.log, "wb") as output:
            self.process = subprocess.Popen(
                [harness.BUILD / "demo/shop/shop", "--shop", harness.ROOT / "demo/shop/shop.yaml",
                 "--traces-url", url, *arguments], stdout=output, stderr=subprocess.STDOUT)

    def __enter__(self):
        harness.wait_for(lambda: "are open" in self.log.read_text(), self.process, self.log)
        return self

    def __exit__(self, *error):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        if error[0] is not None:
            print(self.log.read_text())
        shutil.rmtree(self.folder, ignore_errors=True)


def search(server, query, limit=200):
    return server.search(urllib.parse.urlencode({"q": query, "limit": limit}))


def wait_until(condition, what):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def is_whole(server, trace):
    """Whether all services of a checkout have sent their spans."""
    wanted = SERVICES - {"recommendation", "ads"}
    return {service for service, _ in server.trace_spans(trace["traceID"])} == wanted


def test_a_checkout_passes_through_its_services():
    with harness.Server() as server, Shop(server, "--rate", "20"):
        found = []

        def checkout_is_there():
            found[:] = [trace for trace in search(server, '{ name = "POST /checkout" }')
                        if is_whole(server, trace)]
            return found

        wait_until(checkout_is_there, "no whole trace of a checkout")
        assert found[0]["rootServiceName"] == "frontend"
        spans = server.trace_spans(found[0]["traceID"])
        ids = {span["spanId"] for _, span in spans}
        roots = [span for _, span in spans if span.get("parentSpanId") not in ids]
        assert [root["name"] for root in roots] == ["POST /checkout"], roots
        assert harness.attributes(roots[0])["app.device"] in ("web", "ios", "android")
        update = next(span for service, span in spans
                      if service == "payment" and span["name"] == "UPDATE account")
        assert harness.attributes(update)["db.system.name"] == "postgresql"
        consumers = [service for service, span in spans if span["kind"] == "SPAN_KIND_CONSUMER"]
        assert sorted(consumers) == ["email", "fulfilment"]


def test_every_fault_can_be_had():
    for fault, query in (
            ("lock-wait", '{ name = "UPDATE account" && duration > 300ms }'),
            ("n+1", '{ name = "HGETALL" } | count() > 40'),
            ("retry-storm", '{ kind = server && span.error.type = "503" }'),
            ("network-delay", '{ span.server.address = "cart" && duration > 300ms }'),
            ("slow-peer", '{ span.server.address =~ ".*example" && duration > 300ms }'),
            ("cold-cache", '{ name = "SELECT products" && duration > 300ms }'),
            ("queue-wait", '{ name = "process order" && traceDuration > 300ms }')):
        service = ("--in", "payment") if fault == "lock-wait" else ()
        with harness.Server() as server, \
                Shop(server, "--rate", "20", "--fault", fault, "--after", "0", "--strength", "10",
                     *service):
            wait_until(lambda: search(server, query), f"nothing shows of {fault}")


def test_it_says_what_it_cannot_do():
    def shop(*arguments):
        result = subprocess.run([harness.BUILD / "demo/shop/shop", *arguments], text=True,
                                cwd=harness.ROOT, capture_output=True, timeout=30)
        return result.returncode, result.stderr

    code, error = shop("--fault", "fire")
    assert code == 1 and "no fault is called 'fire'; there are: n+1 retry-storm" in error, error
    code, error = shop("--fault", "lock-wait", "--in", "ads")
    assert code == 1 and "in service 'ads'" in error, error
    code, error = shop("--shop", "/nowhere.yaml")
    assert code == 1 and "cannot read /nowhere.yaml" in error, error


def test_the_script_runs_it_and_ends_it():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="clew-demo-"))
    log = folder / "output.txt"
    environment = {**os.environ, "CLEW_DEMO_DATA": str(folder), "CLEW_DEMO_PORTS": "free",
                   "CLEW_BUILD": os.path.relpath(harness.BUILD, harness.ROOT)}
    try:
        with open(log, "wb") as output:
            process = subprocess.Popen([harness.ROOT / "demo/shop/run"], env=environment,
                                       stdout=output, stderr=subprocess.STDOUT)
        harness.wait_for(lambda: "Ctrl-C" in log.read_text(), process, log)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0, log.read_text()
        assert " visits" in (folder / "logs" / "shop.log").read_text()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    harness.run_tests(globals())
