/** The two sides of the Runtime door, as the contract suites see them: the same body runs on either. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  faultyLinks,
  faultyNet,
  Gates,
  type Links,
  type Runtime,
  realRuntime,
  SimulatedWorld,
} from "../../../src/base/index.ts";
import { deadline, temporaryDirectory } from "../../kit/index.ts";
import { childProgram } from "./child-program.ts";

export interface Place {
  readonly runtime: Runtime;
  /** Another process's runtime: on another host where the side has one. */
  readonly peer: Runtime;
  /** What `peer` says to reach a listener of `runtime`. */
  readonly host: string;
  /** An empty folder of `runtime`. */
  readonly directory: string;
}

export interface Side {
  readonly name: string;
  /** Runs the body to its end; fails when that takes too long. */
  run(body: (place: Place) => Promise<void>): Promise<void>;
}

const bodyTimeoutMs = 30_000;

/** `seed`: what the network and the disk do within their rules. */
export function simulatedSide(seed: number): Side {
  return {
    name: `simulated, seed ${seed}`,
    run: async (body) => {
      const world = new SimulatedWorld({ seed });
      world.registerProgram("storm-lab", childProgram);
      const { runtime } = world.start({ host: "a" });
      const { runtime: peer } = world.start({ host: "b" });
      await world.finish(runtime.fs.makeDirectory("/place"), { what: "the folder of the test" });
      await world.finish(body({ runtime, peer, host: "a", directory: "/place" }), {
        what: "the end of the test's body",
      });
    },
  };
}

export function realSide(options: { readonly name?: string; readonly links?: Links } = {}): Side {
  return {
    name: options.name ?? "real",
    run: async (body) => {
      await using directory = await temporaryDirectory();
      const self = { command: [process.execPath, ...process.execArgv.filter(isCondition), childFile] };
      const runtime = realRuntime({
        name: "test",
        self,
        sink: () => {},
        ...(options.links === undefined ? {} : { links: options.links }),
      });
      const place = { runtime, peer: runtime, host: "127.0.0.1", directory: directory.path };
      await deadline(body(place), bodyTimeoutMs, "the end of the test's body");
    },
  };
}

/** The same with gates in its network doors, through which a cluster on one machine has its faults; none of them is cut. */
export function gatedSide(side: Side): Side {
  return {
    name: `${side.name}, gated`,
    run: (body) =>
      side.run(async (place) => {
        const gates: Gates[] = [];
        const gated = (runtime: Runtime): Runtime => {
          const { timers, clock, net, links, fs } = runtime;
          const own = new Gates("node1", `${place.directory}/faults.json`, fs, timers);
          gates.push(own);
          const nowMs = () => clock.monotonicMs();
          const doors = { net: faultyNet(net, own, timers, nowMs), links: faultyLinks(links, own, timers, nowMs) };
          return { ...everythingOf(runtime), ...doors };
        };
        try {
          await body({ ...place, runtime: gated(place.runtime), peer: gated(place.peer) });
        } finally {
          for (const one of gates) one.close();
        }
      }),
  };
}

/** A simulated runtime has its doors behind getters. */
function everythingOf({ name, clock, timers, random, net, links, fs, processes, log }: Runtime): Runtime {
  return { name, clock, timers, random, net, links, fs, processes, log };
}

/** Both, the simulated one with a few seeds: what its network and disk do differs between them. */
export const bothSides: readonly Side[] = [simulatedSide(1), simulatedSide(2), simulatedSide(3), realSide()];

const childFile = join(fileURLToPath(new URL(".", import.meta.url)), "child.ts");

function isCondition(argument: string): boolean {
  return argument.startsWith("--conditions=");
}
