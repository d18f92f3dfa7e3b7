/** Emits the lines of a text file, one a call. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream";
import { createBrotliDecompress } from "node:zlib";
import {
  BaseRichSpout,
  type Conf,
  type OutputFieldsDeclarer,
  type SpoutOutputCollector,
  type TopologyContext,
  Values,
} from "storm-lab";

export class ReadFileSpout extends BaseRichSpout {
  private readonly path: string;
  private collector!: SpoutOutputCollector;
  private lines!: AsyncIterator<string>;

  constructor(path: string) {
    super();
    this.path = path;
  }

  override open(_conf: Conf, _context: TopologyContext, collector: SpoutOutputCollector): void {
    this.collector = collector;
    const file = createReadStream(this.path);
    // The text that comes with the lab is packed.
    const input = this.path.endsWith(".br") ? pipeline(file, createBrotliDecompress(), () => {}) : file;
    this.lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  }

  override async nextTuple(): Promise<void> {
    const { done, value: line } = await this.lines.next();
    // Storm would call again and again for ever; a local run ends when its spouts say that they have nothing left.
    if (done === true) this.collector.exhausted();
    else this.collector.emit(new Values(line));
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["line"]);
  }
}
