// Goes on with a trace of uber-trace-id as an instrumented service did in 2023, and sends its spans one by one
// over gRPC: interop ENDPOINT UBER-TRACE-ID; prints the trace id.
use opentelemetry::sdk::trace::{self, RandomIdGenerator, Sampler};
use opentelemetry::sdk::Resource;
use opentelemetry::trace::{SpanKind, Status, TraceContextExt, Tracer};
use opentelemetry::{global, Array, Context, KeyValue, Value};
use opentelemetry_otlp::WithExportConfig;
use std::collections::HashMap;
use std::error::Error;

fn resource() -> Resource {
    let arguments = Value::Array(Array::String(vec!["./uservice".into()]));
    Resource::new(vec![
        KeyValue::new("os.type", "linux"),
        KeyValue::new("process.command_args", arguments),
        KeyValue::new("process.pid", 1),
        KeyValue::new("service.name", "uservice3"),
    ])
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments: Vec<String> = std::env::args().collect();
    global::set_text_map_propagator(opentelemetry_jaeger::Propagator::new());
    let config = trace::config()
        .with_sampler(Sampler::AlwaysOn)
        .with_id_generator(RandomIdGenerator::default())
        .with_resource(resource());
    let tracer = opentelemetry_otlp::new_pipeline()
        .tracing()
        .with_exporter(opentelemetry_otlp::new_exporter().tonic().with_endpoint(&arguments[1]))
        .with_trace_config(config)
        .install_simple()?;

    let headers = HashMap::from([("uber-trace-id".to_string(), arguments[2].clone())]);
    let parent = global::get_text_map_propagator(|propagator| propagator.extract(&headers));
    let span = tracer
        .span_builder("handle_incoming_call")
        .with_kind(SpanKind::Server)
        .start_with_context(&tracer, &parent);
    let context = Context::current_with_span(span);
    context.span().add_event("Request decoded!", vec![KeyValue::new("happened", true)]);
    context.span().set_status(Status::error("no error"));
    let call = tracer
        .span_builder("redis_call")
        .with_attributes(vec![KeyValue::new("test-attribute-1", "test-values-1")])
        .start_with_context(&tracer, &context);
    drop(call);
    println!("{}", context.span().span_context().trace_id());
    drop(context);
    tokio::task::spawn_blocking(global::shutdown_tracer_provider).await?;
    Ok(())
}
