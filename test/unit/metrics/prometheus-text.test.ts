/** What Prometheus is told: the format, whatever topologies are called. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { counter, gauge, Histogram, histogram, prometheusText } from "../../../src/metrics/index.ts";
import { parsePrometheus } from "../../kit/prometheus.ts";

describe("metrics as Prometheus reads them", () => {
  it("are told in the order of their names, each with its help and type", () => {
    const families = [
      gauge("b", "Second.", 2.5),
      counter("a_total", "First.", [
        [{ function: "reach" }, 2],
        [{}, 1],
        [{ function: "exclaim", type: "T" }, 1e21],
      ]),
    ];
    const text = `# HELP a_total First.
# TYPE a_total counter
a_total 1
a_total{function="exclaim",type="T"} 1e+21
a_total{function="reach"} 2
# HELP b Second.
# TYPE b gauge
b 2.5
`;
    assert.equal(prometheusText(families), text);
    assert.equal(prometheusText([...families].reverse()), text);
    parsePrometheus(text);
  });

  it("leave out a family without a number", () => {
    assert.equal(prometheusText([counter("a_total", "None.", [])]), "");
  });

  it("say numbers that are no numbers", () => {
    const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -0.5];
    const text = prometheusText(values.map((value, index) => gauge(`g${index}`, "G.", value)));
    const read = [...parsePrometheus(text).values()].map(({ samples }) => samples[0]?.value);
    assert.deepEqual(read, values);
  });

  it("count a histogram's values in every bucket that holds them", () => {
    const times = new Histogram([0.1, 1]);
    for (const seconds of [0.05, 0.1, 0.5, 7]) times.observe(seconds);
    assert.equal(
      prometheusText([histogram("t_seconds", "Times.", [[{ f: "x" }, times]])]),
      `# HELP t_seconds Times.
# TYPE t_seconds histogram
t_seconds_bucket{f="x",le="0.1"} 2
t_seconds_bucket{f="x",le="1"} 3
t_seconds_bucket{f="x",le="+Inf"} 4
t_seconds_sum{f="x"} 7.65
t_seconds_count{f="x"} 4
`,
    );
  });

  it("escape what a label and a help may hold", () => {
    const name = 'a"b\\c\nd';
    const text = prometheusText([gauge("g", "of a\\b\nc", [[{ topology: name }, 1]])]);
    assert.equal(text, '# HELP g of a\\\\b\\nc\n# TYPE g gauge\ng{topology="a\\"b\\\\c\\nd"} 1\n');
  });

  it("come back as they were, whatever their labels and values", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^[\\"n\n{}=,# ]*$/),
      fc.constant('x"} 1\nforged_total 2'),
    );
    const entries = fc.uniqueArray(fc.tuple(hostile, hostile, fc.double({ noNaN: true })), {
      minLength: 1,
      selector: ([topology, component]) => JSON.stringify([topology, component]),
    });
    fc.assert(
      fc.property(entries, (each) => {
        const family = counter(
          "emitted_total",
          "Tuples.",
          each.map(([topology, component, value]) => [{ topology, component }, value] as const),
        );
        const read = parsePrometheus(prometheusText([family])).get("emitted_total")?.samples ?? [];
        const key = ({ topology = "", component = "" }: Record<string, string>) =>
          JSON.stringify([topology, component]);
        const values = new Map(read.map(({ labels, value }) => [key(labels), value + 0]));
        assert.equal(read.length, each.length);
        for (const [topology, component, value] of each)
          assert.equal(values.get(key({ topology, component })), value + 0);
      }),
    );
  });

  it("are never told twice under one name", () => {
    assert.throws(() => prometheusText([gauge("g", "One.", 1), gauge("g", "Two.", 2)]), /the metric g is told twice/);
  });
});
