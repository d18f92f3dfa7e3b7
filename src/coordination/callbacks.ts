/** What a bolt inside a CoordinatedBolt may ask to be told. Source: CoordinatedBolt of Storm 2.8. */

export interface FinishedCallback {
  /** Every tuple of this id has been taken and acked by this task. */
  finishedId(id: unknown): void | Promise<void>;
}

export interface TimeoutCallback {
  /** Not finished within the message time-out. */
  timeoutId(id: unknown): void;
}

export function hasFinishedCallback(bolt: object): bolt is FinishedCallback {
  return typeof (bolt as Partial<FinishedCallback>).finishedId === "function";
}

export function hasTimeoutCallback(bolt: object): bolt is TimeoutCallback {
  return typeof (bolt as Partial<TimeoutCallback>).timeoutId === "function";
}
