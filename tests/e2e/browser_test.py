"""The UI in a real browser, over the demo's own trace. Screenshots stay in build/artifacts."""
import os
import subprocess

import harness
from demo_test import Demo


def test_search_open_and_read_the_demo_trace_in_chromium():
    artifacts = harness.BUILD / "artifacts"
    artifacts.mkdir(exist_ok=True)
    with Demo() as demo:
        assert demo.get(demo.url_of("uservice3"))[0] == 200
        demo.wait_for_spans(7)
        environment = {**os.environ, "CLEW_URL": f"http://127.0.0.1:{demo.ports['ui']}",
                       "CLEW_ARTIFACTS": str(artifacts.resolve())}
        done = subprocess.run(["node", "--test", "browser_test.mjs"], cwd=harness.ROOT / "tests/browser",
                              env=environment, capture_output=True, text=True, timeout=240, check=False)
        print(done.stdout[-6000:], done.stderr[-2000:])
        assert done.returncode == 0, "the browser test failed"
        assert list(artifacts.glob("*.png")), "no screenshot was kept"


if __name__ == "__main__":
    harness.run_tests(globals())
