// Sends spans with OpenTelemetry Go: interop grpc|http PORT COUNT; prints the trace ids, one a line.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func exporter(ctx context.Context, protocol, port string) (sdk.SpanExporter, error) {
	endpoint := "127.0.0.1:" + port
	if protocol == "grpc" {
		return otlptracegrpc.New(ctx, otlptracegrpc.WithEndpoint(endpoint), otlptracegrpc.WithInsecure())
	}
	return otlptracehttp.New(ctx, otlptracehttp.WithEndpoint(endpoint), otlptracehttp.WithInsecure(),
		otlptracehttp.WithCompression(otlptracehttp.GzipCompression))
}

func main() {
	ctx := context.Background()
	protocol := os.Args[1]
	exporter, err := exporter(ctx, protocol, os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	service := resource.NewSchemaless(attribute.String("service.name", "go-"+protocol))
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(service))
	tracer := provider.Tracer("interop")
	count, _ := strconv.Atoi(os.Args[3])
	for i := 0; i < count; i++ {
		inside, request := tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
		_, work := tracer.Start(inside, "work", trace.WithAttributes(attribute.Float64("ratio", 0.5),
			attribute.Bool("ok", true), attribute.StringSlice("parts", []string{"a", "b"}), attribute.Int("count", 3)))
		work.AddEvent("halfway")
		work.SetStatus(codes.Error, "as planned")
		work.End()
		request.End()
		fmt.Println(request.SpanContext().TraceID())
	}
	if err := provider.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
}
