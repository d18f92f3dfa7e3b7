/** The codes of this room's errors. SL-CONF-VALUE is topology's, which checks its own keys too. */
import type { ErrorCodes } from "../base/index.ts";

export const confErrorCodes: ErrorCodes = {
  "SL-CONF-FILE": {
    meaning: "A storm.yaml cannot be read, is not YAML, or holds no keys with values.",
    hint: "Correct the line that is named: spaces instead of tabs, a space after each colon and dash.",
  },
  "SL-CONF-OVERRIDE": {
    meaning: "A -c option is not of the form key=value.",
    hint: "Write -c nimbus.thrift.port=6627.",
  },
  "SL-CONF-REFUSED": {
    meaning: "A key of Storm's has a value that storm-lab cannot do; going on as if it had would be untrue.",
    hint: "Leave the line out, or use Apache Storm for what it asks. docs/storm-yaml.md tells of each key.",
  },
};
