// SPDX-License-Identifier: Apache-2.0
#include "traceql/corpus_fixture.h"

#include "traceql/parser.h"
#include "traceql/print.h"
#include "traceql/validate.h"

namespace clew::traceql {
namespace {

constexpr std::string_view kValid[] = {
    // As in the reference's list of examples worth knowing.
    "{ nil = nil }",
    "{ 1 < 1h }",
    "{ 1 = 2 }",
    "by(.a) | { true }",
    "count() = 1 | { true }",
    "({} | rate()) * 10 + 5 > 50 | topk(1)",
    "-2 - 20 / ({} | rate())",
    "min(span:childCount) < 2 / 6",
    // Lexical rules.
    "{}",
    "  {\n\t}\r\n",
    "{ } // to the end of the line",
    "/* before */ { /* in\nside */ .a /* after */ = 1 }",
    "{ .foo-bar = 1 && .foo+bar = 2 && .foo/bar = 3 && .a*b = 4 }",
    "{ .a + 1 = 2 }",
    "{ .\"foo bar\" = 1 }",
    "{ span.http.\"method x\" = \"GET\" }",
    "{ span.\"a \\\"quoted\\\" \\\\ name\".z = 1 }",
    "{ resource.\"service name\".z != nil }",
    "{ .foo=\"bar\"&&.x=3||!.y }",
    "{ .foo = `raw \\n string` }",
    R"({ .a = "\a\b\f\n\r\t\v\\\"\x41\101é\U0001F600" })",
    "{ .a = -1 && .b = - 1.5 && .c = 1e3 && .d = 1.5e-3 }",
    "{ .a = 9223372036854775807 && .b = minInt && .c != maxInt }",
    "{ duration > 1ns && duration > 1us && duration > 1µs && duration > 1ms && duration > 1s }",
    "{ duration > 1m && duration > 1h && duration > 1d && duration > 1w && duration > 1y }",
    "{ duration > 1h30m || duration < 1.5s || duration = 1d12h || duration >= 1m1.5s }",
    "{ event.exception.type = \"x\" && link.foo = 1 && instrumentation.bar = true }",
    // Fields.
    "{ duration > 1s && name = \"a\" && status = error && statusMessage != \"\" && kind = server }",
    "{ span:duration > 1s && span:name = \"a\" && span:status = ok && span:kind = client }",
    "{ span:statusMessage =~ \"a|b\" && span:id = \"ab\" && span:parentID != \"cd\" }",
    "{ span:childCount > 2 && trace:id = \"0a\" && traceDuration > 1s && trace:duration > 1s }",
    "{ rootName = \"a\" && trace:rootName = \"a\" && rootServiceName = \"b\" }",
    "{ trace:rootService !~ \"b.*\" }",
    "{ event:name = \"exception\" && event:timeSinceStart > 10ms }",
    "{ link:traceID = \"ab\" || link:spanID = \"cd\" }",
    "{ instrumentation:name = \"otel\" && instrumentation:version = \"1\" }",
    "{ nestedSetLeft > 0 && nestedSetRight < 9 && nestedSetParent = -1 }",
    "{ status = unset || status != ok }",
    "{ kind = unspecified || kind = internal || kind = producer || kind = consumer }",
    // Types and operators.
    "{ .a != nil }",
    "{ .a = nil }",
    "{ nil != .a }",
    "{ name != nil }",
    "{ .a }",
    "{ !.a }",
    "{ !(.a && .b) || !true }",
    "{ \"a\" < \"b\" && .s >= \"x\" }",
    "{ -.a = 1 }",
    "{ -(2) = -2 }",
    "{ - -2 = 2 }",
    "{ (.a + .b) * 2 > .c % 3 - 1 }",
    "{ 2 ^ .a ^ 2 = 16 }",
    "{ duration * 2 > traceDuration / 3 }",
    "{ .a = .b && .c < .d }",
    "{ 1.5 = 1 }",
    "{ true && false || .a }",
    "{ .a =~ \"x.*\" && .b !~ `\\d+` }",
    "{ .a =~ \"(?i)x\" }",
    // Spansets.
    "{ .a } && { .b } || { .c }",
    "{ .a } > { .b } < { .c } >> { .d } << { .e } ~ { .f }",
    "{ .a } !> { .b } !< { .c } !>> { .d } !<< { .e } !~ { .f }",
    "{ .a } &> { .b } &< { .c } &>> { .d } &<< { .e } &~ { .f }",
    "({ .a } || { .b }) && ({ .c } > { .d })",
    "(({ .a }))",
    "({ .a } | count() > 1) >> ({ .b } | { .c })",
    "(({ .a } | count() > 1) && ({ .b })) || ({ .c } | by(.d) | coalesce())",
    // Pipelines.
    "{ .a } | { .b } | count() > 1",
    "{ .a } | by(.b) | coalesce() | { .c }",
    "{ } | by(1 + .a) | avg(duration) > 1s",
    "{ } | by(name) | max(.a) >= 1",
    "select(.a) | { .b }",
    "{ } | select(.a, span.b, resource.c, name, span:id)",
    "{ } | min(.a) = 1 | max(.a) != 2 | sum(.a) < 3 | avg(.a) <= 4 | count() >= 5",
    "{ } | sum(.a + .b * 2) / count() > 3",
    "{ } | count() * 2 + 1 > 2 ^ 3 % 5",
    "{ } | (count() + 1) * 2 > (1 + 2)",
    "{ } | avg(duration) > -1s",
    "max(duration) > 3s | { status = error }",
    // Metrics.
    "{ } | rate()",
    "{ } | count_over_time()",
    "{ .a } | by(.b) | rate()",
    "{ } | rate() by (resource.service.name, name, span:kind)",
    "{ } | rate() by (.a, .b, .c, .d, .e)",
    "{ } | min_over_time(duration)",
    "{ } | max_over_time(span.http.status_code) by (name)",
    "{ } | sum_over_time(.a)",
    "{ } | avg_over_time(duration) by (status)",
    "{ } | quantile_over_time(duration, 0, .5, 0.99, 1) by (.a, .b, .c, .d)",
    "{ } | histogram_over_time(duration) by (.a)",
    "{ } | compare({ status = error })",
    "{ } | compare({ status = error }, 5)",
    "{ } | compare({ status = error }, 1000, 1700000000000000000, 1700000001000000000)",
    "{ } | rate() | topk(10)",
    "{ } | rate() by (name) | bottomk(3) > 5 | topk(2)",
    "{ } | avg_over_time(duration) > 10s",
    "{ } | rate() > 1 + 2 * 3",
    "{ } | rate() != -1.5",
    "({ .a } | rate()) / ({ } | rate())",
    "({ .a } | rate() | topk(2)) - (({ } | rate()) * (2 + 3))",
    "(1 + 2) * ({ } | rate())",
    "(({ } | rate()) + 1) * 2 < 3",
    // Hints.
    "{ } with(most_recent=true)",
    "{ } | rate() with(exemplars=100, sample=0.1)",
    "({ } | rate()) * 2 with(anything=`x`, duration=1s, other=-1)",
};

constexpr std::string_view kOwn[] = {
    "{ } | sort(duration desc) | limit(20)",
    "{ .a } | sort(duration asc)",
    "{ .a } | sort(span.x + 1)",
    "none({ status = error })",
    "{ .a } && none({ .b })",
    "none({ }) || ({ .a } > { .b })",
    "{ parent.a != 3 }",
    "{ parent.span.a = 1 && parent.resource.b = 2 && parent.\"span.x\" = 3 }",
    "{ } | select(parent.a) | by(parent.span.b)",
};

constexpr std::string_view kMisspelt[] = {
    // As in the reference's list of examples worth knowing.
    "true",
    "( true )",
    "{ true } = { true }",
    "{ true } <= { true }",
    "max(name) = \"foo\"",
    "coalesce() | { true }",
    "count() > 3 && { true }",
    "{} | rate() + 5",
    "({} | rate()) % 10",
    "({} | rate()) * 10s",
    "{ .foo = \"a\" } | 3 > 2",
    "{} | rate() | topk(-1)",
    "{} > 10",
    // Lexical rules.
    "",
    "   // nothing",
    "/* open",
    "{ attribute = 4 }",
    "{ .a == 1 }",
    "{ .a = 9223372036854775808 }",
    "{ .a = 1e999 }",
    "{ .a = 'x' }",
    "{ .a = \"x }",
    "{ .a = `x }",
    "{ .a = \"\\q\" }",
    "{ .a = \"two\nlines\" }",
    "{ .\"open = 1 }",
    "{ .\"bad \\n escape\" = 1 }",
    "{ .a & .b }",
    "{ .a ? .b }",
    "{ duration > 1parsec }",
    "{ duration > 1s1d }",
    "{ duration > 1.5d }",
    "{ duration > 999999999y }",
    "{ . = 1 }",
    "{ span. = 1 }",
    "{ span. }",
    // Fields.
    "{ trace:kind = server }",
    "{ trace:rootServiceName = \"a\" }",
    "{ span:rootName = \"a\" }",
    "{ id = \"a\" }",
    "{ span:foo = 1 }",
    "{ .a = }",
    "{ = 1 }",
    "{ .a .b }",
    "{ (.a }",
    "{ .a) }",
    "{ .a > > .b }",
    "{ .a >> .b }",
    "{ { .a } }",
    "{ .a",
    "{ .a } }",
    "{ count() > 1 }",
    "{ .a = [1, 2] }",
    // Spansets and pipelines.
    "{ .a } && ",
    "{ .a } { .b }",
    "{ .a } |",
    "| { .a }",
    "{ .a } | count()",
    "count()",
    "{ } | 2 < count()",
    "2 < ({ } | count())",
    "3 = count()",
    "{ } | coalesce(.a)",
    "{ } | select()",
    "{ } | select(1)",
    "{ } | select(.a + 1)",
    "{ } | by()",
    "{ } | by(.a, .b)",
    "{ } | count(.a) > 1",
    "{ } | max() > 1",
    "{ } | count() =~ 1",
    "{ } | count() > \"a\"",
    "{ } | -count() > 1",
    "({ .a } | count() > 1) && { .b }",
    "{ .b } && ({ .a } | count() > 1)",
    "{ } | foo()",
    // Metrics.
    "rate()",
    "{ } | rate",
    "{ } | rate(.a)",
    "{ } | rate() by (1)",
    "{ } | rate() by ()",
    "{ } | rate() | { .a }",
    "{ } | rate() | rate()",
    "{ } | min_over_time()",
    "{ } | sum_over_time(.a + 1)",
    "{ } | quantile_over_time(duration)",
    "{ } | quantile_over_time(duration, \"a\")",
    "{ } | histogram_over_time()",
    "{ } | topk(1)",
    "{ } | rate() | topk()",
    "{ } | rate() | topk(1.5)",
    "{ } | compare()",
    "{ } | compare({ } | count() > 1)",
    "{ } | compare({ }, 1, 2)",
    "({ } | rate()) ^ 2",
    "({ } | rate()) + { .a }",
    "({ } | rate()) > ({ } | rate())",
    "10 < ({ } | rate())",
    "({ } | rate()) && { .a }",
    // Hints.
    "{ } with()",
    "{ } with(a)",
    "{ } with(a=)",
    "{ } with(a=.b)",
    "{ } with(\"a\"=1)",
    "{ } with(a=1) | { .a }",
};

constexpr std::string_view kInvalid[] = {
    // As in the reference's list of examples worth knowing.
    "{ status }",
    "{ 1 = \"foo\" }",
    "{ span.foo =~ \"[\" }",
    "sum(3) = 2",
    "{} | rate() | topk(0)",
    "{} | compare({status=error}) > 10",
    // Each text.
    "{ 1 }",
    "{ name }",
    "{ .a + 1 }",
    "{ name = 1 }",
    "{ name = status }",
    "{ status = server }",
    "{ duration = \"1s\" }",
    "{ true = 1 }",
    "{ status > ok }",
    "{ kind <= server }",
    "{ true < false }",
    "{ nil > nil }",
    "{ name + name = \"a\" }",
    "{ 1 =~ 2 }",
    "{ name && true }",
    "{ 1 || .a }",
    "{ -name = \"a\" }",
    "{ !name }",
    "{ !1 }",
    "{ name = nil }",
    "{ nil = duration }",
    "{ trace:id = nil }",
    "{ resource.service.name = nil }",
    "{ .a !~ \"(\" }",
    "{ } && { status }",
    "({ } | count() > 1) && ({ 1 } | count() > 1)",
    "{ } | max(name) > 1",
    "{ } | max(status) > 1",
    "{ } | avg(1 + 2) > 1",
    "{ } | by(1)",
    "by(\"a\") | { }",
    "{ } | quantile_over_time(duration, 1.1)",
    "{ } | quantile_over_time(duration, 0.5, 2)",
    "{ } | rate() | bottomk(0)",
    "{ } | compare({ status = error }, 0)",
    "{ } | compare({ status = error }, 1001)",
    "{ } | compare({ status })",
    "{ } | compare({ }) | topk(1)",
    "({ 1 } | rate()) * 2",
};

constexpr std::string_view kUnsupported[] = {
    // As in the reference's list of examples worth knowing.
    "{ parent.a != 3 }",
    "min(.field) < max(duration)",
    "{ parent }",
    "{ parent = nil }",
    "{ parent.span.a = 1 }",
    "{ parent.resource.a = 1 }",
    "{ } | by(parent.a)",
    "{ } | select(parent.a)",
    "{ } | max(parent.a) > 1",
    "{ } | rate() by (parent.a)",
    "{ } | sum_over_time(parent.a)",
    "({ } | count()) > 1",
    "({ .a } | count()) = ({ .b } | count())",
    "({ .a } | avg(duration)) + 1 > 2",
    "{ } | rate() by (.a, .b, .c, .d, .e, .f)",
    "{ } | histogram_over_time(duration) by (.a, .b, .c, .d, .e)",
    "{ } | quantile_over_time(duration, .5) by (.a, .b, .c, .d, .e)",
};

}  // namespace

std::span<const std::string_view> ValidQueries() {
  return kValid;
}

std::span<const std::string_view> OwnQueries() {
  return kOwn;
}

std::span<const std::string_view> MisspeltQueries() {
  return kMisspelt;
}

std::span<const std::string_view> InvalidQueries() {
  return kInvalid;
}

std::span<const std::string_view> UnsupportedQueries() {
  return kUnsupported;
}

std::string ResultOf(std::string_view query, Dialect dialect) {
  const auto parsed = Parse(query, dialect);
  if (!parsed.ok()) return "parse_error";
  const ValidationStatus valid = Validate(parsed.value(), dialect);
  if (valid.ok()) return "ok";
  return valid.error().kind == FaultKind::kInvalid ? "invalid" : "unsupported";
}

std::string MessageOf(std::string_view query, Dialect dialect) {
  const auto parsed = Parse(query, dialect);
  if (!parsed.ok()) return parsed.error().Message();
  const ValidationStatus valid = Validate(parsed.value(), dialect);
  return valid.ok() ? "" : valid.error().message;
}

std::string Canonical(std::string_view query, Dialect dialect) {
  const auto parsed = Parse(query, dialect);
  return parsed.ok() ? Print(parsed.value()) : parsed.error().Message();
}

}  // namespace clew::traceql
