/** Tells what a test left alive from what Node itself keeps in a test process. */

/** The pipes and files behind the standard streams. */
const ownStreams = new Set(["PipeWrap", "TTYWrap", "FSReqCallback", "FSReqPromise", "CloseReq"]);
const standardStreams = 3;

/** Those of `process.getActiveResourcesInfo()` that are a test's. */
export function leaksAmong(resources: readonly string[]): string[] {
  const pipes = resources.filter((name) => name === "PipeWrap").length;
  const others = resources.filter((name) => !ownStreams.has(name));
  return pipes > standardStreams ? [...others, ...Array<string>(pipes - standardStreams).fill("PipeWrap")] : others;
}
