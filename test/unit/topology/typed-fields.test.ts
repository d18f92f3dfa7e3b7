/**
 * What the compiler refuses: `tsc` fails on a line below whose mistake it no longer sees. Each is wrong at run time too, for
 * authors without a compiler.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BaseRichSpout,
  Fields,
  type OutputFieldsDeclarer,
  type StreamsOf,
  TopologyBuilder,
} from "../../../src/topology/index.ts";
import { LineSpout, SinkBolt, SplitBolt } from "./components.ts";

/** Returns nothing from `declareOutputFields`: the compiler knows no names, and lets every name pass. */
class UntypedSpout extends BaseRichSpout {
  override open(): void {}
  override nextTuple(): void {}
  override declareOutputFields(declarer: OutputFieldsDeclarer): void {
    declarer.declare(["line"]);
  }
}

function refused(code: string, build: (builder: TopologyBuilder) => void): void {
  const builder = new TopologyBuilder();
  build(builder);
  assert.throws(() => builder.createTopology(), { code });
}

test("a field that the default stream does not have", () => {
  refused("SL-FIELD-UNKNOWN", (builder) => {
    const lines = builder.setSpout("lines", new LineSpout());
    const words = builder.setBolt("words", new SplitBolt()).shuffleGrouping(lines);
    // @ts-expect-error "wrod" is not a field of words
    builder.setBolt("count", new SinkBolt()).fieldsGrouping(words, ["wrod"]);
  });
  refused("SL-FIELD-UNKNOWN", (builder) => {
    const lines = builder.setSpout("lines", () => new LineSpout());
    // @ts-expect-error "message" is a field of another stream
    builder.setBolt("count", new SinkBolt()).partialKeyGrouping(lines, ["line", "message"]);
  });
  refused("SL-FIELD-UNKNOWN", (builder) => {
    const lines = builder.setSpout("lines", new LineSpout());
    // @ts-expect-error "none" is not a field of lines
    builder.setBolt("count", new SinkBolt()).fieldsGrouping(lines, new Fields("none"));
  });
});

test("a field that a named stream does not have", () => {
  refused("SL-FIELD-UNKNOWN", (builder) => {
    const lines = builder.setSpout("lines", new LineSpout());
    // @ts-expect-error "line" is a field of the default stream
    builder.setBolt("count", new SinkBolt()).fieldsGrouping(lines, "errors", ["line"]);
  });
});

test("a stream that the source does not declare", () => {
  refused("SL-STREAM-UNKNOWN", (builder) => {
    const lines = builder.setSpout("lines", new LineSpout());
    // @ts-expect-error "error" is not a stream of lines
    builder.setBolt("count", new SinkBolt()).shuffleGrouping(lines, "error");
  });
  refused("SL-STREAM-UNKNOWN", (builder) => {
    const lines = builder.setSpout("lines", new LineSpout());
    // @ts-expect-error "error" is not a stream of lines
    builder.setBolt("count", new SinkBolt()).fieldsGrouping(lines, "error", ["message"]);
  });
});

test("a bolt where a spout belongs, and the other way round", () => {
  refused("SL-COMPONENT-KIND", (builder) => {
    // @ts-expect-error a bolt is no spout
    builder.setSpout("lines", new SplitBolt());
  });
  refused("SL-COMPONENT-KIND", (builder) => {
    // @ts-expect-error a spout is no bolt
    builder.setBolt("words", new LineSpout()).shuffleGrouping("words");
  });
});

test("right names pass, and so do all names of a source that the compiler does not know", () => {
  const builder = new TopologyBuilder();
  const lines = builder.setSpout("lines", new LineSpout());
  const untyped = builder.setSpout("untyped", new UntypedSpout());
  builder
    .setBolt("sink", new SinkBolt())
    .fieldsGrouping(lines, ["number"])
    .fieldsGrouping(lines, "errors", ["message"])
    .directGrouping(lines, "orders")
    .fieldsGrouping(untyped, ["line"])
    .fieldsGrouping("lines", ["line"]);
  assert.equal(builder.createTopology().description.components.length, 3);
  refused("SL-FIELD-UNKNOWN", (other) => {
    const source = other.setSpout("untyped", new UntypedSpout());
    other.setBolt("sink", new SinkBolt()).fieldsGrouping(source, ["nile"]);
  });
});

test("the streams of a class, as the compiler sees them", () => {
  const lineStreams: StreamsOf<LineSpout> = { default: "number", errors: "message", orders: "order" };
  // @ts-expect-error "line" is no field of errors
  const wrong: StreamsOf<LineSpout> = { default: "line", errors: "line", orders: "order" };
  const untyped: StreamsOf<UntypedSpout> = { anything: "goes" };
  assert.ok(lineStreams && wrong && untyped);
});
