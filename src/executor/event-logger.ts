/**
 * The event logger: writes a line of each tuple that debug sampling has picked. Source of the lines: EventLoggerBolt and
 * IEventLogger.EventInfo of Storm 2.8.
 */
import { BaseRichBolt, type Conf, type OutputCollector, type TopologyContext, type Tuple } from "../topology/index.ts";

/** As the stream declares them. The values are in words already: what an author emits need not travel for it. */
type Values = readonly [componentId: string, messageId: string, timeMs: number, values: string];

export class EventLogger extends BaseRichBolt {
  private readonly write: (line: string) => void;
  private collector!: OutputCollector;

  /** `write`: takes a line without its end. */
  constructor(write: (line: string) => void) {
    super();
    this.write = write;
  }

  override declareOutputFields(): void {}

  override prepare(_conf: Conf, _context: TopologyContext, collector: OutputCollector): void {
    this.collector = collector;
  }

  override execute(tuple: Tuple): void {
    const [componentId, messageId, timeMs, values] = tuple.getValues() as Values;
    this.write(`${javaDate(timeMs)},${componentId},${tuple.getSourceTask()},${messageId},${values}`);
    this.collector.ack(tuple);
  }
}

const charactersMax = 1000;

/** As Java shows a list: `[the, cow]`. Line ends are shown, so that a line stays one; beyond 1,000 characters it is cut. */
export function valuesText(values: readonly unknown[]): string {
  const text = `[${values.map(valueText).join(", ")}]`.replaceAll(/[\r\n]/g, (end) => (end === "\n" ? "\\n" : "\\r"));
  return text.length > charactersMax ? `${text.slice(0, charactersMax)}…` : text;
}

/** A message id, or one value of a tuple. Never throws. */
export function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (typeof value !== "object" || value === null) return String(value).slice(0, charactersMax + 1);
  try {
    return JSON.stringify(value)?.slice(0, charactersMax + 1) ?? String(value);
  } catch {
    // A circle, or a toJSON of the author's that throws.
    return "[object]";
  }
}

/** As `java.util.Date.toString` in UTC. */
function javaDate(timeMs: number): string {
  const [weekday = "", day, month, year, time] = new Date(timeMs).toUTCString().replace(",", "").split(" ");
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}
