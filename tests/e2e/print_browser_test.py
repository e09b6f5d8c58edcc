"""The pages on paper, over the trace of a slow checkout."""
import browser
import harness


def test_print_pages_in_chromium():
    browser.run_over_a_checkout("print_test.mjs")


if __name__ == "__main__":
    harness.run_tests(globals())
