/**
 * A small social network: who tweeted a page, and who follows whom. It is made up from a seed, the same for everybody and every time: a
 * person's followers are computed when they are asked for, so the million and more of edges take no memory.
 *
 * 一个小型社交网络：谁转发了某个网址，谁关注了谁。它由一个种子生成，每次、每台机器都一样；粉丝在被问到时才计算，
 * 所以一百多万条边不占内存。
 */

/** A prime: then every step visits everybody once before it comes back. */
export const people = 80_021;
const seed = 20_261_125;

/** Most have a few followers, some have thousands. */
const fewestFollowers = 8;
const mostFollowers = 5000;
const fewestTweeters = 500;
const mostTweeters = 5000;

export function followerCount(person: number): number {
  return skewed(fewestFollowers, mostFollowers, mixed(person, 1));
}

/** Each once. */
export function followersOf(person: number): number[] {
  return visited(followerCount(person), mixed(person, 2), mixed(person, 3));
}

/** Each once; none for a text that is no address. */
export function tweetersOf(url: string): number[] {
  if (!/^https?:\/\/./.test(url)) return [];
  const page = hashed(url);
  return visited(skewed(fewestTweeters, mostTweeters, mixed(page, 4)), mixed(page, 5), mixed(page, 6));
}

/** How many people have a page before their eyes: the followers of all that tweeted it, each counted once. In one loop, for comparison. */
export function reachOf(url: string): number {
  return new Set(tweetersOf(url).flatMap(followersOf)).size;
}

/** `count` different people: from `start` on, by one step. */
function visited(count: number, start: number, step: number): number[] {
  const width = 1 + (step % (people - 1));
  return Array.from({ length: count }, (_, index) => (start + index * width) % people);
}

/** Twice as many are half as seldom. */
function skewed(fewest: number, most: number, chance: number): number {
  return Math.min(most, Math.floor(fewest / Math.sqrt((chance + 1) / 2 ** 32)));
}

/** A whole number below 2³² for each pair. Source: the last steps of MurmurHash3. */
function mixed(value: number, salt: number): number {
  let hash = Math.imul(value ^ seed, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** FNV-1a. */
function hashed(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
