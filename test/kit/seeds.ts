/**
 * Which seeds a simulation tries. `npm test` takes the first few; `npm run sim -- --seed N` replays one, and
 * `npm run sim -- --minutes M` goes on to fresh ones until the time is up; `npm run soak -- NAME` takes a fixed, large number.
 */

export interface SeedChoice {
  /** How many seeds, from 1, `npm test` runs. */
  readonly smoke: number;
}

/** Seeds, lazily: the caller stops at the first that fails and prints it. */
export function* seeds(choice: SeedChoice): Generator<number> {
  const only = process.env.STORM_LAB_SEED;
  if (only !== undefined) {
    yield Number(only);
    return;
  }
  const minutes = process.env.STORM_LAB_MINUTES;
  const endMs = minutes === undefined ? undefined : performance.now() + Number(minutes) * 60_000;
  const count = Number(process.env.STORM_LAB_SEEDS ?? choice.smoke);
  for (let seed = 1; endMs === undefined ? seed <= count : performance.now() < endMs; seed++) yield seed;
}
