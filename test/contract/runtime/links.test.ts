import { linksSuite } from "./links-suite.ts";
import { simulatedSide } from "./sides.ts";

for (const seed of [1, 2, 3]) {
  linksSuite(simulatedSide(seed), { scheme: "tcp" });
  linksSuite(simulatedSide(seed), { scheme: "ipc" });
}
