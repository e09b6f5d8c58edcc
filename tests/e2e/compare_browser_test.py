"""The Compare page in a real browser: sets of traces and two traces, over an hour of a shop whose payments were slow."""
import browser
import harness
import slow_shop


def test_compare_sets_and_traces_in_chromium():
    with harness.Server() as server:
        slow_shop.send(server)
        browser.run_browser_test("compare_test.mjs", server.ports["ui"])


if __name__ == "__main__":
    harness.run_tests(globals())
