/** Chance of the operating system: a fast generator with an unpredictable seed, and bytes fit for secrets. */

import crypto from "node:crypto";
import { SeededRandom } from "../../random.ts";
import type { Random } from "../runtime.ts";

export function realRandom(): Random {
  const random = new SeededRandom([...crypto.getRandomValues(new Uint32Array(4))]);
  return {
    uint32: () => random.uint32(),
    float: () => random.float(),
    below: (bound) => random.below(bound),
    bytes: (count) => new Uint8Array(crypto.randomBytes(count)),
  };
}
