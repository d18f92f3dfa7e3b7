/** How Storm's UI writes times, latencies and links. Source: UIHelpers and StatsUtil of Storm 2.8. */

/** `1d 2h 3m 4s`, from the greatest part that is not 0; "" for 0. */
export function uptimeText(secs: number): string {
  const parts: string[] = [];
  let rest = Math.trunc(secs);
  for (const [unit, size] of units) {
    if (rest <= 0) break;
    parts.unshift(`${rest % size}${unit}`);
    rest = Math.floor(rest / size);
  }
  return parts.join(" ");
}

const units = [
  ["s", 60],
  ["m", 60],
  ["h", 24],
  ["d", Number.MAX_SAFE_INTEGER],
] as const;

/** `10m 0s`; `All time`. */
export function windowText(window: string): string {
  return window === allTime ? "All time" : uptimeText(Number(window));
}

export const allTime = ":all-time";

/** Three decimals; `0` for what is not known. */
export function decimals(value: number | undefined): string {
  return value === undefined ? "0" : value.toFixed(3);
}

/** As a part of a query, a space as `+`: what java.net.URLEncoder makes of it. */
export function urlEncoded(part: string): string {
  return encodeURIComponent(part)
    .replace(/[!'()~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}
