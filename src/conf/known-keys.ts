/** Every key that is known, Storm's and ours. */
import type { Keys } from "./key.ts";
import { nimbusKeys } from "./keys/nimbus-keys.ts";
import { schedulerKeys } from "./keys/scheduler-keys.ts";
import { securityKeys } from "./keys/security-keys.ts";
import { serviceKeys } from "./keys/service-keys.ts";
import { stormKeys } from "./keys/storm-keys.ts";
import { supervisorKeys } from "./keys/supervisor-keys.ts";
import { topologyKeys } from "./keys/topology-keys.ts";
import { unheededKeys } from "./keys/unheeded-keys.ts";

export const knownKeys: Keys = Object.freeze({
  ...stormKeys,
  ...nimbusKeys,
  ...supervisorKeys,
  ...serviceKeys,
  ...topologyKeys,
  ...schedulerKeys,
  ...securityKeys,
  ...unheededKeys,
});
