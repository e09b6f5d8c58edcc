"""What a server answers over a copy of a data directory, and what its log has."""
import collections
import json
import pathlib
import shutil
import struct
import subprocess
import tempfile

import harness

# What each version is asked: how many of the newest traces, those that are kept whole, and the one
# that is told what is usual for it, if the version knows that.
Questions = collections.namedtuple("Questions", "limit traces usual")
QUESTIONS = {
    # In a merged block, in a flushed one, in the log.
    "v1": Questions(100, (1, 2, 9, 11), None),
    # In a merged block, in records of each kind.
    "v2": Questions(20, (1, 2, 10, 11, 12, 13, 14, 15), 11),
}

Record = collections.namedtuple("Record", "lsn epoch received hash format encoding decoder tenant body end")


def records_of(path):
    """The records of a segment; `end` is where the bytes of one end."""
    data, at = path.read_bytes(), 48
    while data[at:at + 4] == b"CREC":
        (lsn, epoch, received, low, high, body_size, tenant_size, form, encoding, decoder) = struct.unpack_from(
            "<QQqQQIHBBH", data, at + 8)
        body = at + 64 + tenant_size
        yield Record(lsn, epoch, received, (low, high), form, encoding, decoder, data[at + 64:body],
                     data[body:body + body_size], body + body_size)
        at = body + body_size + 7 & ~7


def sorted_batches(reply):
    """The batches of a trace, in an order that does not depend on where its spans lie."""
    return sorted(reply["batches"], key=lambda batch: json.dumps(batch, sort_keys=True))


def verified(data):
    run = subprocess.run([harness.CLEW, "block", "verify", "--data", data, "--json"], capture_output=True, text=True,
                         timeout=60)
    return [{"spans": block.get("spans"), "faults": block["faults"]}
            for block in sorted(map(json.loads, run.stdout.splitlines()), key=json.dumps)]


def usual_for(server, trace_id):
    """How long is usual, of how many traces, and which ones."""
    status, ledger = server.get_json(f"/api/clew/v1/trace/{trace_id}/ledger")
    assert status == 200, status
    usual = ledger["usual"]
    return {"nanos": usual["nanos"], "traces": usual["traces"], "kind": usual["reference"]["kind"]}


def answers_of(data, questions):
    with tempfile.TemporaryDirectory() as scratch:
        copy = pathlib.Path(scratch, "data")
        shutil.copytree(data, copy)
        answers = {"verify": verified(copy)}
        with harness.Server("--quiet", data=copy) as server:
            answers["search"] = server.search(f"limit={questions.limit}")
            answers["by_tag"] = server.search("tags=service.name%3Dgolden-1%20error%3Dtrue&limit=100")
            answers["traces"] = {}
            for number in questions.traces:
                trace_id = f"{number:02x}" * 16
                status, headers, body = server.request("api", "GET", f"/api/traces/{trace_id}",
                                                       headers={"Accept": "application/json"})
                assert status == 200 and "X-Clew-Partial" not in headers, (status, headers)
                answers["traces"][trace_id] = sorted_batches(json.loads(body))
            if questions.usual:
                answers["usual"] = usual_for(server, f"{questions.usual:02x}" * 16)
            log = server.log_text()
            assert "damage" not in log, log
        return answers
