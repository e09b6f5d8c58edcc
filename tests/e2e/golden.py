"""What a server answers over a copy of a data directory."""
import json
import pathlib
import shutil
import subprocess
import tempfile

import harness


# Those that are kept whole: in a merged block, in a flushed one, in the log.
TRACES = (1, 2, 9, 11)


def sorted_batches(reply):
    """The batches of a trace, in an order that does not depend on where its spans lie."""
    return sorted(reply["batches"], key=lambda batch: json.dumps(batch, sort_keys=True))


def verified(data):
    run = subprocess.run([harness.CLEW, "block", "verify", "--data", data, "--json"], capture_output=True, text=True,
                         timeout=60)
    return [{"spans": block.get("spans"), "faults": block["faults"]}
            for block in sorted(map(json.loads, run.stdout.splitlines()), key=json.dumps)]


def answers_of(data):
    with tempfile.TemporaryDirectory() as scratch:
        copy = pathlib.Path(scratch, "data")
        shutil.copytree(data, copy)
        answers = {"verify": verified(copy)}
        with harness.Server("--quiet", data=copy) as server:
            answers["search"] = server.search("limit=100")
            answers["by_tag"] = server.search("tags=service.name%3Dgolden-1%20error%3Dtrue&limit=100")
            answers["traces"] = {}
            for number in TRACES:
                trace_id = f"{number:02x}" * 16
                status, headers, body = server.request("api", "GET", f"/api/traces/{trace_id}",
                                                       headers={"Accept": "application/json"})
                assert status == 200 and "X-Clew-Partial" not in headers, (status, headers)
                answers["traces"][trace_id] = sorted_batches(json.loads(body))
            log = server.log_text()
            assert "damage" not in log, log
        return answers
