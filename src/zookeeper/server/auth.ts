/**
 * Who may do what: the schemes world, auth, digest, ip and super, and the check of an access list against the identities of
 * a connection. Source: DigestAuthenticationProvider, IPAuthenticationProvider, ZooKeeperServer.checkACL of 3.8.
 */
import { createHash } from "node:crypto";
import { type Acl, errorCode, type Id } from "../../wire/zookeeper/index.ts";

/** zookeeper.DigestAuthenticationProvider.digestAlg; SHA1 unless set otherwise. */
export const defaultDigestAlgorithm = "SHA1";

/** `user:base64(hash(user:password))`, the id that access lists hold. Null: not of the form `user:password`. */
export function digestId(userAndPassword: string, algorithm = defaultDigestAlgorithm): string | null {
  const colon = userAndPassword.indexOf(":");
  if (colon < 0) return null;
  const hash = createHash(algorithm.replace("-", "").toLowerCase()).update(userAndPassword, "utf8").digest("base64");
  return `${userAndPassword.slice(0, colon)}:${hash}`;
}

export interface AuthOptions {
  /** zookeeper.DigestAuthenticationProvider.superDigest: `user:hash`; null: nobody is super. */
  readonly superDigest: string | null;
  readonly digestAlgorithm: string;
}

/** The identities that an auth packet proves, or null when it proves none. */
export function authenticate(
  scheme: string,
  data: string,
  address: string,
  options: AuthOptions,
): readonly Id[] | null {
  if (scheme === "ip") return [{ scheme: "ip", id: address }];
  if (scheme !== "digest") return null;
  const id = digestId(data, options.digestAlgorithm);
  if (id === null) return null;
  const ids: Id[] = [];
  if (options.superDigest !== null && id === options.superDigest) ids.push({ scheme: "super", id: "" });
  ids.push({ scheme: "digest", id });
  return ids;
}

/** `ok` or `noAuth`. An empty list lets everybody in, and super always enters. */
export function checkAcl(acl: readonly Acl[], perms: number, ids: readonly Id[]): number {
  if (acl.length === 0) return errorCode.ok;
  for (const entry of acl) {
    if ((entry.perms & perms) !== 0 && entry.scheme === "world" && entry.id === "anyone") return errorCode.ok;
  }
  for (const id of ids) if (id.scheme === "super") return errorCode.ok;
  for (const entry of acl) {
    if ((entry.perms & perms) === 0) continue;
    for (const id of ids) if (id.scheme === entry.scheme && matches(entry, id.id)) return errorCode.ok;
  }
  return errorCode.noAuth;
}

function matches(entry: Acl, id: string): boolean {
  if (entry.scheme === "digest") return entry.id === id;
  return entry.scheme === "ip" && addressMatches(id, entry.id);
}

/**
 * The list as it is stored: duplicates dropped, `auth` replaced by the caller's own ids. Null: malformed
 * (`errorCode.invalidAcl`).
 */
export function fixupAcl(acl: readonly Acl[] | null, ids: readonly Id[]): readonly Acl[] | null {
  if (acl === null || acl.length === 0) return null;
  const fixed: Acl[] = [];
  for (const entry of acl) {
    if (isDuplicate(acl, entry)) continue;
    if (entry.scheme === "world" && entry.id === "anyone") fixed.push(entry);
    else if (entry.scheme === "auth") {
      const own = ids.filter((id) => id.scheme === "digest");
      if (own.length === 0) return null;
      for (const id of own) fixed.push({ perms: entry.perms, scheme: id.scheme, id: id.id });
    } else {
      if (!isValidId(entry.scheme, entry.id)) return null;
      fixed.push(entry);
    }
  }
  return fixed;
}

/** Whether an equal entry stands before this one. */
function isDuplicate(acl: readonly Acl[], entry: Acl): boolean {
  const first = acl.find(
    (other) => other.perms === entry.perms && other.scheme === entry.scheme && other.id === entry.id,
  );
  return first !== entry;
}

function isValidId(scheme: string, id: string): boolean {
  if (scheme === "digest") {
    const parts = id.split(":");
    return parts.length === 2 && parts[0] !== undefined && parts[1] !== "";
  }
  return scheme === "ip" && parseNetwork(id) !== null;
}

/** The name a person would recognise, for whoAmI: never a hash. */
export function userNameOf(id: Id): string {
  return id.scheme === "digest" ? id.id.slice(0, Math.max(0, id.id.indexOf(":"))) : id.id;
}

function addressMatches(address: string, network: string): boolean {
  const own = parseAddress(address);
  const wanted = parseNetwork(network);
  if (own === null || wanted === null || own.length !== wanted.bytes.length) return false;
  for (let bit = 0; bit < wanted.bits; bit++) {
    const mask = 0x80 >> (bit & 7);
    if (((own[bit >> 3] ?? 0) & mask) !== ((wanted.bytes[bit >> 3] ?? 0) & mask)) return false;
  }
  return true;
}

function parseNetwork(text: string): { readonly bytes: readonly number[]; readonly bits: number } | null {
  const [address, bitsText, extra] = text.split("/");
  if (address === undefined || extra !== undefined) return null;
  const bytes = parseAddress(address);
  if (bytes === null) return null;
  if (bitsText === undefined) return { bytes, bits: bytes.length * 8 };
  if (!/^\d{1,3}$/.test(bitsText)) return null;
  const bits = Number(bitsText);
  return bits <= bytes.length * 8 ? { bytes, bits } : null;
}

function parseAddress(text: string): readonly number[] | null {
  const mapped = text.toLowerCase().startsWith("::ffff:") && text.includes(".") ? text.slice(7) : text;
  return mapped.includes(":") ? parseIpv6(mapped) : parseIpv4(mapped);
}

function parseIpv4(text: string): readonly number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
  return parts.map(Number);
}

function parseIpv6(text: string): readonly number[] | null {
  const plain = text.split("%")[0] ?? "";
  const halves = plain.split("::");
  if (halves.length > 2) return null;
  const groupsOf = (half: string): string[] => (half === "" ? [] : half.split(":"));
  const head = groupsOf(halves[0] ?? "");
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? "") : [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...new Array<string>(Math.max(0, missing)).fill("0"), ...tail];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]);
}
