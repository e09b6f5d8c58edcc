"""The Metrics page in a real browser, over generated spans."""
import browser
import harness


def test_draw_a_query_and_follow_an_exemplar_in_chromium():
    browser.run_over_generated_spans("metrics_test.mjs")


if __name__ == "__main__":
    harness.run_tests(globals())
