/** Access lists, each stored once under a small key with a count of the nodes that use it (ReferenceCountedACLCache). */
import type { Acl } from "../../wire/zookeeper/index.ts";

/** Key of world:anyone:cdrwa for nodes that were made without a list; it has no entry. */
export const openAclKey = -1;
/**
 * Key of nodes of a fuzzy snapshot whose list was made after the table was written: nobody may enter until the replay of
 * the transaction that made it gives the node its list.
 */
export const unresolvedAclKey = -2;
const openAcl: readonly Acl[] = [{ perms: 31, scheme: "world", id: "anyone" }];
const nobody: readonly Acl[] = [{ perms: 0, scheme: "world", id: "anyone" }];

interface Entry {
  readonly acl: readonly Acl[];
  readonly text: string;
  useCount: number;
}

export class AclTable {
  readonly #byKey = new Map<number, Entry>();
  readonly #byText = new Map<string, number>();
  #lastKey = 0;

  /** The key of this list, counted as used once more. */
  use(acl: readonly Acl[] | null): number {
    if (acl === null) return openAclKey;
    const text = textOf(acl);
    const known = this.#byText.get(text);
    if (known !== undefined) {
      this.#byKey.get(known)!.useCount++;
      return known;
    }
    const key = ++this.#lastKey;
    this.#byKey.set(key, { acl, text, useCount: 1 });
    this.#byText.set(text, key);
    return key;
  }

  release(key: number): void {
    const entry = this.#byKey.get(key);
    if (entry === undefined) return;
    entry.useCount--;
    if (entry.useCount > 0) return;
    this.#byKey.delete(key);
    if (this.#byText.get(entry.text) === key) this.#byText.delete(entry.text);
  }

  /** An unknown key can only come from a damaged snapshot: nobody is let in. */
  list(key: number): readonly Acl[] {
    if (key === openAclKey) return openAcl;
    return this.#byKey.get(key)?.acl ?? nobody;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** From a snapshot: entries first, each then counted by the nodes that name it. */
  restore(key: number, acl: readonly Acl[]): void {
    const text = textOf(acl);
    this.#byKey.set(key, { acl, text, useCount: 0 });
    this.#byText.set(text, key);
    if (key > this.#lastKey) this.#lastKey = key;
  }

  /** The key under which a node of a snapshot is kept. */
  countFromSnapshot(key: number): number {
    if (key === openAclKey) return key;
    const entry = this.#byKey.get(key);
    if (entry === undefined) return unresolvedAclKey;
    entry.useCount++;
    return key;
  }

  purgeUnused(): void {
    for (const [key, entry] of this.#byKey) if (entry.useCount <= 0) this.release(key);
  }

  *entries(): Generator<readonly [key: number, acl: readonly Acl[]]> {
    for (const [key, entry] of this.#byKey) yield [key, entry.acl];
  }
}

/** Lengths stand before the parts, so that no two lists have one text. */
function textOf(acl: readonly Acl[]): string {
  let text = "";
  for (const { perms, scheme, id } of acl) text += `${perms}:${scheme.length}:${scheme}${id.length}:${id}`;
  return text;
}
