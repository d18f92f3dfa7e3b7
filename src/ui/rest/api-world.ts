/** What the paths of the REST API are answered from. */
import type { NimbusCalls } from "../../client/index.ts";
import type { StormConf } from "../../conf/index.ts";
import type { LogLinks } from "./links.ts";

export interface ApiWorld {
  readonly nimbus: NimbusCalls;
  readonly conf: StormConf;
  readonly links: LogLinks;
  /** `scheduler.display.resource`. */
  readonly displaysResources: boolean;
  nowMs(): number;
}
