"""Whose spans are shown, in a real browser."""
import browser
import harness


def test_tenants_in_chromium():
    with harness.Server("--multitenancy") as server:
        for tenant, number, name in (("shop", 1, "checkout"), ("bank", 2, "charge")):
            span = harness.otlp_span(bytes([number]) * 16, bytes([number]) * 8, name)
            assert server.export(harness.otlp_request([span], tenant), {"X-Scope-OrgID": tenant})[0] == 200
        browser.run_browser_test("tenant_test.mjs", server.ports["ui"])


def test_the_servers_own_spans_in_chromium():
    with harness.Server("--self-tracing") as server:
        assert server.get("/api/search?q={}")[0] == 200  # of which it makes a span
        browser.run_browser_test("own_spans_test.mjs", server.ports["ui"])


if __name__ == "__main__":
    harness.run_tests(globals())
