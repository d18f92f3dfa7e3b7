/** kazoo, the Python client of ZooKeeper. */
import { pythonWith } from "./python-packages.ts";

const kazooVersion = "2.10.0";

/** The Python interpreter that has kazoo. */
export function kazooPython(): Promise<string> {
  return pythonWith("kazoo", kazooVersion);
}
