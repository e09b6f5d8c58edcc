#!/usr/bin/env python3
"""The edge with tracing at 100 % beside nginx: same upstream, same load, one core each.

The proxy under test is pinned to core 0; upstream, collector and load generator share core 1. The
upstream is a small program of ours, cheaper than any proxy, so that the proxy is what limits the load.
Proxies take turns, so that all see the same machine; figures are medians over the rounds.
"""
import argparse
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

import table

NGINX = """
worker_processes 1; daemon off; pid {folder}/{name}.pid; error_log {folder}/{name}.err;
events {{ worker_connections 4096; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  keepalive_requests 100000000; client_max_body_size 64m; client_body_buffer_size 8m;
  {body}
}}
"""
PROXY = """
  upstream u {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 100000000; }}
  server {{ listen 127.0.0.1:{port} backlog=4096;
    location / {{ proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; proxy_buffers 16 64k; }} }}
"""
EDGE = """
http:
  routers: {{ bench: {{ rule: "Host(`127.0.0.1`)", service: bench }} }}
  services: {{ bench: {{ loadBalancer: {{ servers: [ {{ url: "http://127.0.0.1:{upstream}" }} ] }} }} }}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port):
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"nothing listens on {port}")


def nginx(folder, name, body, core, port):
    config = folder / f"{name}.conf"
    config.write_text(NGINX.format(folder=folder, name=name, body=body))
    process = subprocess.Popen(["taskset", "-c", str(core), "nginx", "-c", config, "-e", folder / f"{name}.log"])
    wait_for_port(port)
    return process


def cpu_seconds(process):
    """What the process and its children have used, from /proc."""
    pids = [process.pid]
    pids += map(int, pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())
    ticks = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def load(port, path, connections, seconds):
    """(requests a second, p99 in ms) of one run; fails when an answer is not 2xx."""
    output = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency",
         f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(output)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", output).groups()
    return rate, float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--json")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()

    folder = pathlib.Path(tempfile.mkdtemp(prefix="clew-bench-"))
    folder.chmod(0o755)
    upstream, peer, edge, plain = (free_port() for _ in range(4))
    (folder / "edge.yaml").write_text(EDGE.format(upstream=upstream))
    clew = [pathlib.Path(options.build) / "apps/clew/clew", "edge", "--config", folder / "edge.yaml", "--threads", "1"]
    tracing = ["--tracing.jaeger=true",
               f"--tracing.jaeger.collector.endpoint=http://127.0.0.1:{upstream}/api/traces?format=jaeger.thrift"]
    taskset = ["taskset", "-c", "0"]
    address = "--entrypoints.web.address"
    processes = {
        "upstream": subprocess.Popen(["taskset", "-c", "1", pathlib.Path(options.build) / "bench/bench_upstream",
                                      str(upstream)])}
    runs = {}
    try:
        wait_for_port(upstream)
        processes["nginx"] = nginx(folder, "peer", PROXY.format(port=peer, upstream=upstream), 0, peer)
        processes["edge"] = subprocess.Popen([*taskset, *clew, address, f"127.0.0.1:{edge}", *tracing],
                                             stdout=subprocess.DEVNULL)
        processes["untraced"] = subprocess.Popen([*taskset, *clew, address, f"127.0.0.1:{plain}"],
                                                 stdout=subprocess.DEVNULL)
        wait_for_port(edge)
        wait_for_port(plain)
        for _ in range(options.rounds):
            for name, port in (("edge", edge), ("nginx", peer), ("untraced", plain)):
                before = cpu_seconds(processes[name])
                rate, p99 = load(port, "/small", 32, options.seconds)
                cpu_us = (cpu_seconds(processes[name]) - before) / (rate * options.seconds) * 1e6
                runs.setdefault((name, "small"), []).append((rate, p99, cpu_us))
                if name != "untraced":
                    runs.setdefault((name, "large"), []).append(load(port, "/large", 8, options.seconds))
    finally:
        for process in reversed(processes.values()):
            process.terminate()
            process.wait()
        shutil.rmtree(folder)

    def median(name, size, index):
        return statistics.median(run[index] for run in runs[name, size])

    rate, peer_rate = median("edge", "small", 0), median("nginx", "small", 0)
    p99, peer_p99 = median("edge", "small", 1), median("nginx", "small", 1)
    large, peer_large = median("edge", "large", 0), median("nginx", "large", 0)
    untraced = median("untraced", "small", 0)
    cpu, peer_cpu = median("edge", "small", 2), median("nginx", "small", 2)
    table.report([
        table.row("edge.requests_per_s", rate, "1/s", target=round(peer_rate), peer="nginx", peer_value=peer_rate),
        table.row("edge.p99_ms", p99, "ms", target=round(peer_p99 + 1, 2), peer="nginx", peer_value=peer_p99),
        table.row("edge.cpu_per_request", cpu, "us", target=round(peer_cpu, 2), peer="nginx", peer_value=peer_cpu),
        table.row("edge.stream_1mib_per_s", large, "1/s", target=round(peer_large), peer="nginx", peer_value=peer_large),
        table.row("edge.tracing_cost", 1 - rate / untraced, "share", target=0.1),
    ], options.json)


if __name__ == "__main__":
    main()
