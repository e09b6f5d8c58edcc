"""The Services page in a real browser, over generated spans."""
import browser
import harness


def test_read_the_services_in_chromium():
    browser.run_over_generated_spans("services_test.mjs")


if __name__ == "__main__":
    harness.run_tests(globals())
