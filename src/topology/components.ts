/** Spouts and bolts as an author writes them. Source: Storm, Concepts, "Spouts" and "Bolts". */
import type { BasicOutputCollector, OutputCollector, SpoutOutputCollector } from "./collectors.ts";
import type { Conf } from "./config.ts";
import type { TopologyContext } from "./context.ts";
import type { OutputFieldsDeclarer } from "./streams.ts";
import type { Tuple } from "./tuple.ts";

type MaybeAsync = void | Promise<void>;

interface Component {
  /** Returning the declarer lets the compiler check groupings; returning nothing leaves it to the run-time check. */
  declareOutputFields(declarer: OutputFieldsDeclarer): unknown;
  /** Conf of this component alone, on top of the topology's. */
  getComponentConfiguration?(): Conf | null;
}

/** Lifecycle: `open` → `activate` → `nextTuple`, `ack`, `fail` … → `deactivate` → `close`. All on one thread of control. */
export interface IRichSpout extends Component {
  readonly componentKind: "spout";
  open(conf: Conf, context: TopologyContext, collector: SpoutOutputCollector): MaybeAsync;
  close(): MaybeAsync;
  activate(): void;
  deactivate(): void;
  /**
   * Emits some tuples, or none; must not block. It may return a promise: the next call waits for it, and so do `ack`
   * and `fail` of this task.
   */
  nextTuple(): MaybeAsync;
  ack(messageId: unknown): void;
  fail(messageId: unknown): void;
}

/** Lifecycle: `prepare` → `execute` … → `cleanup` (which a killed worker never reaches). */
export interface IRichBolt extends Component {
  readonly componentKind: "rich-bolt";
  prepare(conf: Conf, context: TopologyContext, collector: OutputCollector): MaybeAsync;
  /**
   * Takes one tuple and, now or later, acks or fails it. It may return a promise; the order of tuples is kept, since the next
   * one waits for it unless `storm-lab.task.execute.max.in.flight` (default 1) allows more: then executions overlap and their
   * emits come in the order in which they are made.
   */
  execute(tuple: Tuple): MaybeAsync;
  cleanup(): MaybeAsync;
}

/** A bolt whose emits are anchored, and whose input is acked, by the runtime. Throw `FailedException` to fail the input. */
export interface IBasicBolt extends Component {
  readonly componentKind: "basic-bolt";
  prepare(conf: Conf, context: TopologyContext): MaybeAsync;
  execute(tuple: Tuple, collector: BasicOutputCollector): MaybeAsync;
  cleanup(): MaybeAsync;
}

export type SpoutComponent = IRichSpout;
export type BoltComponent = IRichBolt | IBasicBolt;
export type AnyComponent = SpoutComponent | BoltComponent;
export type ComponentKind = AnyComponent["componentKind"];

export abstract class BaseRichSpout implements IRichSpout {
  get componentKind(): "spout" {
    return "spout";
  }
  declareOutputFields(_declarer: OutputFieldsDeclarer): unknown {
    return undefined;
  }
  abstract open(conf: Conf, context: TopologyContext, collector: SpoutOutputCollector): MaybeAsync;
  abstract nextTuple(): MaybeAsync;
  close(): MaybeAsync {}
  activate(): void {}
  deactivate(): void {}
  ack(_messageId: unknown): void {}
  fail(_messageId: unknown): void {}
}

export abstract class BaseRichBolt implements IRichBolt {
  get componentKind(): "rich-bolt" {
    return "rich-bolt";
  }
  declareOutputFields(_declarer: OutputFieldsDeclarer): unknown {
    return undefined;
  }
  abstract prepare(conf: Conf, context: TopologyContext, collector: OutputCollector): MaybeAsync;
  abstract execute(tuple: Tuple): MaybeAsync;
  cleanup(): MaybeAsync {}
}

export abstract class BaseBasicBolt implements IBasicBolt {
  get componentKind(): "basic-bolt" {
    return "basic-bolt";
  }
  declareOutputFields(_declarer: OutputFieldsDeclarer): unknown {
    return undefined;
  }
  prepare(_conf: Conf, _context: TopologyContext): MaybeAsync {}
  abstract execute(tuple: Tuple, collector: BasicOutputCollector): MaybeAsync;
  cleanup(): MaybeAsync {}
}

/** Thrown by a basic bolt to fail its input without taking the worker down. */
export class FailedException extends Error {
  override readonly name: string = "FailedException";
}

/** As `FailedException`, and the error is reported (list of errors, UI). */
export class ReportedFailedException extends FailedException {
  override readonly name: string = "ReportedFailedException";
}

/** By name, so that an author's copy of the package is recognised too. */
export function isFailedException(thrown: unknown): thrown is FailedException {
  return thrown instanceof Error && (thrown.name === "FailedException" || thrown.name === "ReportedFailedException");
}
