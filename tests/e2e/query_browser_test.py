"""The line of TraceQL in a real browser, over generated spans."""
import browser
import harness


def test_type_a_query_and_read_its_spans_in_chromium():
    browser.run_over_generated_spans("query_test.mjs")


if __name__ == "__main__":
    harness.run_tests(globals())
