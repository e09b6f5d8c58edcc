"""What `./dev bench query` asks: in TraceQL, and of DuckDB where the same can be asked in SQL."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Question:
    """`sql` reads {spans}, all spans.parquet of the store; `least_ratio` is how often our time
    should go into DuckDB's at least. `split_ms`: the target where traces lie in 32 blocks."""
    name: str
    traceql: str
    metrics: bool = False
    target_ms: float | None = None
    sql: str | None = None
    least_ratio: float | None = None
    split_ms: float | None = None


NEWEST = ("select trace_id, max(start_unix_nano) t from {spans} where %s group by 1 order by 2 desc limit 20")
MINUTE = "epoch_us(start_unix_nano) // 60000000"  # date_trunc takes ten times as long
RARE = "c0ffee"
BUDGET = "unlimited"  # in a few spans; all others have a number

QUESTIONS = [
    Question("service_and_duration", '{ resource.service.name = "cart" && duration > 1s }', target_ms=20,
             sql=NEWEST % "\"resource.service.name\" = 'cart' and duration_nano > 1000000000"),
    Question("rare_value", '{ span.enduser.id = "%s" }' % RARE, target_ms=20,
             sql=NEWEST % f"\"span.enduser.id\" = '{RARE}'"),
    Question("no_match", '{ span.http.route = "/nowhere" }', target_ms=20,
             sql=NEWEST % "\"span.http.route\" = '/nowhere'"),
    Question("no_such_key", '{ span.nonexistent = "x" }', target_ms=20),
    Question("rate_by_service", "{ } | rate() by (resource.service.name)", True, 15,
             f'select "resource.service.name", {MINUTE}, count(*) from {{spans}} group by all', 3),
    Question("errors_by_name", "{ status = error } | count_over_time() by (name)", True, None,
             f"select name, {MINUTE}, count(*) from {{spans}} where status_code = 2 group by all", 3),
    Question("quantiles_by_name", "{ } | quantile_over_time(duration, .5, .99) by (name)", True, None,
             f"select name, {MINUTE}, quantile_cont(duration_nano, [.5, .99]) from {{spans}} group by all", 10),
    Question("histogram", "{ } | histogram_over_time(duration)", True, None,
             f"select ceil(log2(greatest(duration_nano, 1))), {MINUTE}, count(*) from {{spans}} group by all", 3),
    Question("regex_on_path", '{ span.url.path =~ "/api/.*/1[0-9]+" } | count_over_time()', True, 100,
             f"select {MINUTE}, count(*) from {{spans}} where "
             "regexp_full_match(\"span.url.path\", '/api/.*/1[0-9]+') group by all", 3),
    Question("regex_without_literal", '{ span.url.path =~ ".*[0-9][a-f]+" } | count_over_time()', True, None,
             f"select {MINUTE}, count(*) from {{spans}} where "
             "regexp_full_match(\"span.url.path\", '.*[0-9][a-f]+') group by all"),
    Question("event_attribute", '{ event.exception.type = "java.util.concurrent.TimeoutException" }', target_ms=30,
             sql=NEWEST % "list_contains(\"event.exception.type\", 'java.util.concurrent.TimeoutException')"),
    # Spans have maps under this key, which are kept beside the columns, as what is over their cap is.
    Question("beyond_columns", '{ span.app.context = "x" }', target_ms=100),
    Question("two_types", '{ span.app.retry.budget = "%s" }' % BUDGET, target_ms=20),
    Question("two_types_number", "{ span.app.retry.budget > 0.9 }", target_ms=20),
    Question("child_of", '{ kind = server } >> { kind = client && status = error }', target_ms=100, split_ms=400),
    Question("no_child", "{ kind = server } !> { kind = internal }", target_ms=100, split_ms=400),
    Question("long_traces", "{ } | count() > 50", target_ms=30, split_ms=400),
    Question("compare", "{ } | compare({ status = error })", True),
]
