/** Which view the address names: `#/topology/ID/component/NAME`. Pure. */

export type Place =
  | { readonly view: "cluster" }
  | { readonly view: "events" }
  | { readonly view: "configuration" }
  | { readonly view: "logs" }
  | { readonly view: "drpc" }
  | { readonly view: "zookeeper"; readonly path: string }
  | { readonly view: "log"; readonly host: string; readonly kind: "daemon" | "worker"; readonly name: string }
  | { readonly view: "topology"; readonly id: string }
  | { readonly view: "component"; readonly id: string; readonly component: string };

export function placeOf(hash: string): Place {
  const parts = hash.replace(/^#\/?/, "").split("/").map(decoded);
  const [view = "", id = "", word = "", component = ""] = parts;
  if (view === "log" && (word === "daemon" || word === "worker") && component !== "")
    return { view: "log", host: id, kind: word, name: component };
  if (view === "topology" && id !== "" && word === "component" && component !== "")
    return { view: "component", id, component };
  if (view === "topology" && id !== "") return { view: "topology", id };
  if (view === "zookeeper") return { view, path: id === "" ? "/" : id };
  if (view === "drpc") return { view };
  if (view === "events" || view === "configuration" || view === "logs") return { view };
  return { view: "cluster" };
}

export function addressOf(place: Place): string {
  if (place.view === "log")
    return `#/log/${encodeURIComponent(place.host)}/${place.kind}/${encodeURIComponent(place.name)}`;
  if (place.view === "zookeeper") return `#/zookeeper/${encodeURIComponent(place.path)}`;
  const id = "id" in place ? `/${encodeURIComponent(place.id)}` : "";
  if (place.view === "component") return `#/topology${id}/component/${encodeURIComponent(place.component)}`;
  return `#/${place.view}${id}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
