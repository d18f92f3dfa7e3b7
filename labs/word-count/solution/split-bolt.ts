/** Splits lines into words, at U+0020 only, as the tutorial's `line.split(" ")` does; empty words are left out. */
import { scheduler } from "node:timers/promises";
import {
  BaseRichBolt,
  type Conf,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type TopologyContext,
  type Tuple,
} from "storm-lab";

/** A line with more characters is split in steps, so that the words can flow on meanwhile. */
const longLineLength = 64 * 1024;

export class SplitBolt extends BaseRichBolt {
  private collector!: OutputCollector;

  override prepare(_conf: Conf, _context: TopologyContext, collector: OutputCollector): void {
    this.collector = collector;
  }

  /** Anchors each word to its line, so that a word that is lost fails the line. */
  override execute(tuple: Tuple): void | Promise<void> {
    const line = tuple.getString(0);
    if (line.length > longLineLength) return this.splitLongLine(tuple, line);
    for (const word of line.split(" ")) {
      if (word !== "") this.collector.emit(tuple, [word, 1]);
    }
    this.collector.ack(tuple);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["word", "num"]);
  }

  private async splitLongLine(tuple: Tuple, line: string): Promise<void> {
    let step = longLineLength;
    for (let start = 0; start < line.length; ) {
      const space = line.indexOf(" ", start);
      const end = space < 0 ? line.length : space;
      if (end > start) this.collector.emit(tuple, [copyOf(line.slice(start, end)), 1]);
      start = end + 1;
      if (start < step) continue;
      // The line's tree of words is large: as long as it grows, it has not timed out.
      this.collector.resetTimeout(tuple);
      await scheduler.yield();
      step = start + longLineLength;
    }
    this.collector.ack(tuple);
  }
}

/** A slice keeps the string that it was cut from in memory, here a huge one; a copy does not. */
function copyOf(word: string): string {
  return Buffer.from(word).toString();
}
