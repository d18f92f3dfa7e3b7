/**
 * A DRPC function as a row of bolts: the first gets `(request id, arguments)`, each next one what the one before emits, and the last emits
 * `(request id, result)`. The request id is the first value of every tuple. A batch bolt learns when it has all tuples of a request.
 * Source: LinearDRPCTopologyBuilder of Storm 2.8, whose component ids it keeps.
 */
import {
  BasicBoltExecutor,
  BatchBoltExecutor,
  CoordinatedBolt,
  type CoordinationSpec,
  coordinatedStreamId,
  hasFinishedCallback,
  type IBatchBolt,
} from "../../coordination/index.ts";
import {
  type BoltComponent,
  type BoltDeclarer,
  type Conf,
  type ConfLike,
  type CustomStreamGrouping,
  type FieldList,
  type IBasicBolt,
  type IRichBolt,
  type IRichSpout,
  type StormTopology,
  type StreamFields,
  TopologyBuilder,
  toConf,
} from "../../topology/index.ts";
import { DRPCSpout } from "./drpc-spout.ts";
import { JoinResult } from "./join-result.ts";
import type { LocalDRPC } from "./local-drpc.ts";
import { PrepareRequest, prepareStreams } from "./prepare-request.ts";
import { noBoltGiven, resultStreamOf } from "./result-stream.ts";
import { ReturnResults } from "./return-results.ts";

export type LinearBolt = BoltComponent | IBatchBolt;

type Declarer = BoltDeclarer<StreamFields>;
type Grouping = (declarer: Declarer, source: string) => void;

interface Draft {
  /** A function: makes one for each task. */
  readonly bolt: IRichBolt | (() => IRichBolt);
  readonly example: IRichBolt;
  readonly parallelism: number;
  conf: Conf;
  readonly groupings: Grouping[];
}

const spoutId = "spout";
const prepareId = "prepare-request";

export class LinearDRPCTopologyBuilder {
  private readonly functionName: string;
  private readonly drafts: Draft[] = [];

  constructor(functionName: string) {
    this.functionName = functionName;
  }

  /** `bolt`: an object, or a function that makes one for each task (of a batch bolt for each request too). Throws SL-DRPC-TOPOLOGY-BOLT. */
  addBolt(bolt: LinearBolt | (() => LinearBolt), parallelism = 1): LinearDRPCInputDeclarer {
    const draft: Draft = { ...richBolt(this.functionName, bolt), parallelism, conf: {}, groupings: [] };
    this.drafts.push(draft);
    return new LinearDRPCInputDeclarer(draft);
  }

  /** Calls come from `drpc`, of this process. Errors: as `createRemoteTopology`. */
  createLocalTopology(drpc: LocalDRPC): StormTopology {
    return this.createTopology(new DRPCSpout(this.functionName, drpc));
  }

  /** Calls come from `drpc.servers`. Errors: SL-DRPC-TOPOLOGY-RESULT, SL-DRPC-TOPOLOGY-EMPTY, those of TopologyBuilder.createTopology. */
  createRemoteTopology(): StormTopology {
    return this.createTopology(new DRPCSpout(this.functionName));
  }

  private createTopology(spout: IRichSpout): StormTopology {
    const result = resultStreamOf(this.functionName, this.drafts.at(-1)?.example);
    const builder = new TopologyBuilder();
    builder.setSpout(spoutId, spout);
    builder.setBolt(prepareId, new PrepareRequest()).noneGrouping(spoutId);
    for (const [index, draft] of this.drafts.entries()) this.setBolt(builder, index, draft);
    const count = this.drafts.length;
    builder
      .setBolt(boltId(count), new JoinResult(prepareId))
      .fieldsGrouping(boltId(count - 1), result.streamId, [result.requestField])
      .fieldsGrouping(prepareId, prepareStreams.return, ["request"]);
    builder.setBolt(boltId(count + 1), new ReturnResults()).noneGrouping(boltId(count));
    return builder.createTopology();
  }

  private setBolt(
    builder: TopologyBuilder,
    index: number,
    { bolt, example, parallelism, conf, groupings }: Draft,
  ): void {
    const before = index === 0 ? prepareId : boltId(index - 1);
    const isDetecting = index === this.drafts.length - 1 && hasFinishedCallback(example);
    const spec: CoordinationSpec = {
      // One task of the first bolt has a request; of the others all tell, those too that had nothing of it.
      sources: index === 0 ? {} : { [before]: index === 1 ? "single" : "all" },
      idStream: isDetecting ? { componentId: prepareId, streamId: prepareStreams.id } : null,
    };
    const coordinated =
      typeof bolt === "function" ? () => new CoordinatedBolt(bolt(), spec) : new CoordinatedBolt(bolt, spec);
    const declarer: Declarer = builder.setBolt(boltId(index), coordinated, parallelism).addConfigurations(conf);
    if (isDetecting) declarer.fieldsGrouping(prepareId, prepareStreams.id, ["request"]);
    if (groupings.length === 0) declarer.noneGrouping(before);
    for (const group of groupings) group(declarer, before);
    if (index > 0) declarer.directGrouping(before, coordinatedStreamId);
  }
}

/** How a bolt gets what the one before emits; none is said: as `noneGrouping`. */
export class LinearDRPCInputDeclarer {
  private readonly draft: Draft;

  constructor(draft: Draft) {
    this.draft = draft;
  }

  fieldsGrouping(fields: FieldList): this;
  fieldsGrouping(streamId: string, fields: FieldList): this;
  fieldsGrouping(first: string | FieldList, second?: FieldList): this {
    return this.group((declarer, source) =>
      typeof first === "string"
        ? declarer.fieldsGrouping(source, first, second ?? [])
        : declarer.fieldsGrouping(source, first),
    );
  }

  partialKeyGrouping(fields: FieldList): this;
  partialKeyGrouping(streamId: string, fields: FieldList): this;
  partialKeyGrouping(first: string | FieldList, second?: FieldList): this {
    return this.group((declarer, source) =>
      typeof first === "string"
        ? declarer.partialKeyGrouping(source, first, second ?? [])
        : declarer.partialKeyGrouping(source, first),
    );
  }

  shuffleGrouping(streamId?: string): this {
    return this.group((declarer, source) => declarer.shuffleGrouping(source, streamId));
  }

  localOrShuffleGrouping(streamId?: string): this {
    return this.group((declarer, source) => declarer.localOrShuffleGrouping(source, streamId));
  }

  noneGrouping(streamId?: string): this {
    return this.group((declarer, source) => declarer.noneGrouping(source, streamId));
  }

  globalGrouping(streamId?: string): this {
    return this.group((declarer, source) => declarer.globalGrouping(source, streamId));
  }

  allGrouping(streamId?: string): this {
    return this.group((declarer, source) => declarer.allGrouping(source, streamId));
  }

  directGrouping(streamId?: string): this {
    return this.group((declarer, source) => declarer.directGrouping(source, streamId));
  }

  customGrouping(grouping: CustomStreamGrouping | (() => CustomStreamGrouping), streamId?: string): this {
    return this.group((declarer, source) => declarer.customGrouping(source, grouping, streamId));
  }

  addConfiguration(key: string, value: unknown): this {
    return this.addConfigurations({ [key]: value });
  }

  addConfigurations(conf: ConfLike): this {
    this.draft.conf = { ...this.draft.conf, ...toConf(conf) };
    return this;
  }

  private group(grouping: Grouping): this {
    this.draft.groupings.push(grouping);
    return this;
  }
}

function boltId(index: number): string {
  return `bolt${index}`;
}

function richBolt(functionName: string, bolt: LinearBolt | (() => LinearBolt)): Pick<Draft, "bolt" | "example"> {
  if (typeof bolt !== "function") {
    const rich = asRich(functionName, bolt);
    return { bolt: rich, example: rich };
  }
  // A class is easily written where an object of it was meant.
  if (Function.prototype.toString.call(bolt).startsWith("class"))
    throw noBoltGiven(functionName, `the class ${bolt.name}`);
  const example = bolt();
  if (example.componentKind === "batch-bolt") {
    const make = bolt as () => IBatchBolt;
    return { bolt: () => new BatchBoltExecutor(make), example: new BatchBoltExecutor(make) };
  }
  return { bolt: () => asRich(functionName, bolt()), example: asRich(functionName, example) };
}

function asRich(functionName: string, bolt: LinearBolt): IRichBolt {
  const kind = (bolt as Partial<LinearBolt> | null)?.componentKind;
  switch (kind) {
    case "rich-bolt":
      return bolt as IRichBolt;
    case "basic-bolt":
      return new BasicBoltExecutor(bolt as IBasicBolt);
    case "batch-bolt":
      return new BatchBoltExecutor(bolt as IBatchBolt);
    default:
      throw noBoltGiven(functionName, kind === undefined ? "something that is no bolt" : `a ${String(kind)}`);
  }
}
