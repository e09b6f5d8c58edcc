"""The keys of the Trace page in a real browser, over the trace of a slow checkout."""
import browser
import harness


def test_press_every_key_in_chromium():
    browser.run_over_a_checkout("trace_keys_test.mjs")


if __name__ == "__main__":
    harness.run_tests(globals())
