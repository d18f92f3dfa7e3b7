/** Errors on a worker name files where they were unpacked; their author knows them elsewhere. */
import { fileURLToPath, pathToFileURL } from "node:url";

/** `entry`: a file below `resources`, both as paths on this machine; `root`: what `resources` is on the author's. */
export function authorsWords(entry: string, resources: string, root: string): (text: string) => string {
  // Node follows links before it names a file.
  const followed = fileURLToPath(import.meta.resolve(pathToFileURL(entry).href));
  const inside = entry.slice(resources.length);
  const folders = followed.endsWith(inside) ? [followed.slice(0, -inside.length), resources] : [resources];
  const home = folderText(root);
  const homeUrl = pathToFileURL(home).href;
  const pairs = folders.flatMap((folder) => [
    [pathToFileURL(folderText(folder)).href, homeUrl] as const,
    [folderText(folder), home] as const,
  ]);
  return (text) => pairs.reduce((said, [here, there]) => said.replaceAll(here, there), text);
}

function folderText(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}
