"""The Find page in a real browser: map, facets and order, over generated spans."""
import browser
import harness


def test_find_the_slow_ones_in_chromium():
    browser.run_over_generated_spans("find_test.mjs")


if __name__ == "__main__":
    harness.run_tests(globals())
