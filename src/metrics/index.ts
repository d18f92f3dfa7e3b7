/** Numbers of daemons, and how Prometheus reads them. */
export { counter, gauge, histogram, type Labels, type MetricFamily, summary } from "./families.ts";
export { Histogram, secondsBounds } from "./histogram.ts";
export { type MetricsAnswer, metricsPage } from "./metrics-page.ts";
export { prometheusText } from "./prometheus-text.ts";
