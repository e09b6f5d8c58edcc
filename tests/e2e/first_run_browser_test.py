"""The page of an empty server in a real browser."""
import browser
import harness


def test_send_the_first_span_in_chromium():
    with harness.Server() as server:
        browser.run_browser_test("first_run_test.mjs", server.ports["ui"])


if __name__ == "__main__":
    harness.run_tests(globals())
