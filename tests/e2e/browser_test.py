"""The UI in a real browser, over the demo's own trace."""
import browser
import harness
from demo_test import Demo


def test_search_open_and_read_the_demo_trace_in_chromium():
    with Demo() as demo:
        assert demo.get(demo.url_of("uservice3"))[0] == 200
        demo.wait_for_spans(7)
        browser.run_browser_test("browser_test.mjs", demo.ports["ui"])


if __name__ == "__main__":
    harness.run_tests(globals())
