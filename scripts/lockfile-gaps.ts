/** What package-lock.json must have for `npm ci` to accept it, on every platform. */

export interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface Absent {
  readonly name: string;
  readonly version: string;
  /** Key of the package that wants it. */
  readonly parent: string;
}

/** Packages that another one names and the lockfile does not have. */
export function absentFrom({ packages }: Lockfile): Absent[] {
  const known = new Set(
    Object.keys(packages).map((key) => key.slice(key.lastIndexOf("node_modules/") + "node_modules/".length)),
  );
  return Object.entries(packages).flatMap(([parent, entry]) =>
    Object.entries({ ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies })
      .filter(([name]) => !known.has(name))
      .map(([name, version]) => ({ name, version, parent })),
  );
}
