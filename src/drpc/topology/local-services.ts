/** LocalDRPC objects by name, so that a component that is copied still finds its own. Source: ServiceRegistry of Storm 2.8. */
import type { DRPC } from "../drpc.ts";

const services = new Map<string, DRPC>();
let registered = 0;

export function registerService(drpc: DRPC): string {
  const id = `local-drpc-${++registered}`;
  services.set(id, drpc);
  return id;
}

/** Undefined: it was shut down. */
export function serviceOf(id: string): DRPC | undefined {
  return services.get(id);
}

export function unregisterService(id: string): void {
  services.delete(id);
}
