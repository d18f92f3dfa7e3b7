/** Spouts and bolts whose every move is written in the test that uses them. */
import {
  BaseBasicBolt,
  BaseRichBolt,
  BaseRichSpout,
  type BasicOutputCollector,
  type Conf,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type SpoutOutputCollector,
  TopologyBuilder,
  type TopologyContext,
  type Tuple,
} from "../../src/index.ts";

/** Stream id → fields; a list of fields alone is the default stream. */
export type Declares = readonly string[] | Readonly<Record<string, readonly string[]>>;

type MaybeAsync = void | Promise<void>;

export interface SpoutScript {
  readonly declares?: Declares;
  readonly direct?: boolean;
  open?(collector: SpoutOutputCollector, context: TopologyContext): MaybeAsync;
  nextTuple(collector: SpoutOutputCollector): MaybeAsync;
  ack?(messageId: unknown): void;
  fail?(messageId: unknown): void;
  activate?(): void;
  deactivate?(): void;
  close?(): MaybeAsync;
}

export interface BoltScript {
  readonly declares?: Declares;
  readonly direct?: boolean;
  prepare?(collector: OutputCollector, context: TopologyContext): MaybeAsync;
  execute(tuple: Tuple, collector: OutputCollector, context: TopologyContext): MaybeAsync;
  cleanup?(collector: OutputCollector): MaybeAsync;
}

export interface BasicBoltScript {
  readonly declares?: Declares;
  prepare?(context: TopologyContext): MaybeAsync;
  execute(tuple: Tuple, collector: BasicOutputCollector): MaybeAsync;
  cleanup?(): MaybeAsync;
}

/** As what the builder takes: makes one for each task. */
export function spout(script: SpoutScript | (() => SpoutScript)): () => BaseRichSpout {
  return () => new ScriptedSpout(typeof script === "function" ? script() : script);
}

export function bolt(script: BoltScript | (() => BoltScript)): () => BaseRichBolt {
  return () => new ScriptedBolt(typeof script === "function" ? script() : script);
}

export function basicBolt(script: BasicBoltScript | (() => BasicBoltScript)): () => BaseBasicBolt {
  return () => new ScriptedBasicBolt(typeof script === "function" ? script() : script);
}

class ScriptedSpout extends BaseRichSpout {
  private readonly script: SpoutScript;
  private collector!: SpoutOutputCollector;

  constructor(script: SpoutScript) {
    super();
    this.script = script;
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer): void {
    declare(declarer, this.script);
  }

  override open(_conf: Conf, context: TopologyContext, collector: SpoutOutputCollector): MaybeAsync {
    this.collector = collector;
    return this.script.open?.(collector, context);
  }

  override nextTuple(): MaybeAsync {
    return this.script.nextTuple(this.collector);
  }

  override ack(messageId: unknown): void {
    this.script.ack?.(messageId);
  }

  override fail(messageId: unknown): void {
    this.script.fail?.(messageId);
  }

  override activate(): void {
    this.script.activate?.();
  }

  override deactivate(): void {
    this.script.deactivate?.();
  }

  override close(): MaybeAsync {
    return this.script.close?.();
  }
}

class ScriptedBolt extends BaseRichBolt {
  private readonly script: BoltScript;
  private collector!: OutputCollector;
  private context!: TopologyContext;

  constructor(script: BoltScript) {
    super();
    this.script = script;
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer): void {
    declare(declarer, this.script);
  }

  override prepare(_conf: Conf, context: TopologyContext, collector: OutputCollector): MaybeAsync {
    this.collector = collector;
    this.context = context;
    return this.script.prepare?.(collector, context);
  }

  override execute(tuple: Tuple): MaybeAsync {
    return this.script.execute(tuple, this.collector, this.context);
  }

  override cleanup(): MaybeAsync {
    return this.script.cleanup?.(this.collector);
  }
}

class ScriptedBasicBolt extends BaseBasicBolt {
  private readonly script: BasicBoltScript;

  constructor(script: BasicBoltScript) {
    super();
    this.script = script;
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer): void {
    declare(declarer, this.script);
  }

  override prepare(_conf: Conf, context: TopologyContext): MaybeAsync {
    return this.script.prepare?.(context);
  }

  override execute(tuple: Tuple, collector: BasicOutputCollector): MaybeAsync {
    return this.script.execute(tuple, collector);
  }

  override cleanup(): MaybeAsync {
    return this.script.cleanup?.();
  }
}

function declare(
  declarer: OutputFieldsDeclarer,
  { declares = [], direct = false }: { readonly declares?: Declares; readonly direct?: boolean },
): void {
  if (isList(declares)) {
    if (declares.length > 0) declarer.declare(direct, declares);
    return;
  }
  for (const [streamId, fields] of Object.entries(declares)) declarer.declareStream(streamId, direct, fields);
}

function isList(declares: Declares): declares is readonly string[] {
  return Array.isArray(declares);
}

/** Spout `s` and bolt `b`, joined by a shuffle. */
export function pair(
  source: Parameters<TopologyBuilder["setSpout"]>[1],
  sink: Parameters<TopologyBuilder["setBolt"]>[1],
  tasks = 1,
) {
  const builder = new TopologyBuilder();
  builder.setSpout("s", source);
  builder.setBolt("b", sink, tasks).shuffleGrouping("s");
  return builder.createTopology();
}
