/** What a report may not tell: passwords, tokens and keys, and where the user's home is. */

const names = "secret|password|passwd|passphrase|token|credential|payload|private[._-]?key|api[._-]?key|auth";
const value = `"[^"]*"|'[^']*'|[^\\s,}]+`;
const secretKey = new RegExp(`((?:^|[\\s"'{,])[\\w.-]*(?:${names})[\\w.-]*["']?\\s*[:=]\\s*)(${value})`, "gim");
const digest = /\b(digest:[^:\s"]+:)[^\s",]+/g;
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]+/g;
const credentials = /(\w+:\/\/)[^/\s:@]+:[^/\s@]+@/g;

/** `homes`: folders that are told as `~`; the longest names first. */
export function masked(text: string, homes: readonly string[]): string {
  const withoutSecrets = text
    .replace(bearer, "$1 ***")
    .replace(secretKey, "$1***")
    .replace(digest, "$1***")
    .replace(credentials, "$1***@");
  const folders = homes.filter((home) => home.length > 1).sort((a, b) => b.length - a.length);
  return folders.reduce((told, home) => told.replaceAll(home, "~"), withoutSecrets);
}
