/** Which cluster a seed means. */
import { faultKinds, type SimulationReport, simulate } from "../../../src/simulate/index.ts";

/** From three nodes to a thousand: most are small, because there most happens to each node. */
export function nodesOf(seed: number): number {
  if (seed % 100 === 50) return 1000;
  if (seed % 50 === 15) return 150;
  if (seed % 20 === 10) return 40;
  return 3 + (seed % 8);
}

export function runSeed(seed: number, print?: (line: string) => void): Promise<SimulationReport> {
  return simulate({
    nodes: nodesOf(seed),
    seed,
    topologies: 2 + (seed % 2),
    faults: faultKinds,
    durationMs: 8000 + (seed % 13) * 1000,
    ...(print === undefined
      ? {}
      : {
          log: (atMs, { level, message }, { host, name }) =>
            print(`${atMs.toFixed(0).padStart(8)} ${host.name} ${name} ${level} ${message}`),
          onEvent: (event) => print(JSON.stringify(event)),
        }),
  });
}
