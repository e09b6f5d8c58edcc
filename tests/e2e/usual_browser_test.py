"""What is usual, on the Trace page in a real browser: a slow order among sixty normal ones."""
import time

import browser
import checkout_trace
import harness

MINUTE = 60_000_000_000


def order(number, start, way, lock):
    """`way`: milliseconds that the call to payment is under way more; `lock`: those that its database takes."""
    trace = checkout_trace.Checkout(harness, start, bytes(15) + bytes([number]))
    stretch = number % 9
    end = 120 + stretch + way + lock
    root = trace.add(0, "edge", "POST /order", 0, end, checkout_trace.SERVER)
    checkout = trace.call(root, "edge", "checkout", "Checkout/Place", ((2, end - 4), (3, end - 6)))
    trace.add(checkout, "checkout", "price basket", 5, 30 + stretch)
    pay = trace.call(checkout, "checkout", "payment", "Payment/Charge",
                     ((50 + stretch, 50 + way + lock), (55 + stretch + way, 40 + lock)))
    trace.add(pay, "payment", "SELECT account", 60 + stretch + way, 10 + lock, checkout_trace.CLIENT,
              attributes={"peer.service": "ledger-db"})
    return trace.body()


def test_what_is_usual_in_chromium():
    with harness.Server() as server:
        begin = time.time_ns() - 30 * MINUTE
        for number in range(1, 61):
            assert server.export(order(number, begin + number * 1_000_000_000, 0, number % 3))[0] == 200
        assert server.export(order(61, begin + 2 * MINUTE, 610, 90))[0] == 200
        browser.run_browser_test("usual_test.mjs", server.ports["ui"])


if __name__ == "__main__":
    harness.run_tests(globals())
