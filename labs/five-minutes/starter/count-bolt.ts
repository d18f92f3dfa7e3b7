/** Counts words; begins at 0 when its worker begins. 单词计数；worker 重新启动时从 0 开始。 */
import { BaseBasicBolt, type Conf, type TopologyContext, type Tuple } from "storm-lab";

export class CountBolt extends BaseBasicBolt {
  private readonly counts = new Map<string, number>();
  private counted = 0;

  override prepare(_conf: Conf, context: TopologyContext): void {
    context.publish("counts", this.counts);
    context.publish("counted", () => this.counted);
  }

  override execute(tuple: Tuple): void {
    const word = tuple.getString(0);
    this.counts.set(word, (this.counts.get(word) ?? 0) + 1);
    this.counted++;
    if (this.counted % 100 === 0) console.log(`${this.counted} words so far, "${word}" ${this.counts.get(word)} times`);
  }
}
