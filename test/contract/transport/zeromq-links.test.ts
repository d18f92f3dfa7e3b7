import { zeromqLinks } from "../../../src/transport/index.ts";
import { linksSuite } from "../runtime/links-suite.ts";
import { realSide } from "../runtime/sides.ts";

for (const scheme of ["tcp", "ipc"] as const) {
  linksSuite(realSide({ name: "ZeroMQ", links: zeromqLinks() }), { scheme });
}
