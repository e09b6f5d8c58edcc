"""Files of spans in a real browser."""
import browser
import harness


def test_drop_and_choose_files_in_chromium():
    with harness.Server() as server:
        browser.run_browser_test("open_test.mjs", server.ports["ui"])


if __name__ == "__main__":
    harness.run_tests(globals())
