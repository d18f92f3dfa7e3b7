/**
 * Who may ask what. A browser on this machine is everybody's: any page that it shows can send requests here. So a request must name this
 * daemon by an address or by a name of its own (a page elsewhere may give its own name this address), and one that changes something must
 * not come from another page. Beyond this machine, changes need a token.
 * Source: OWASP, "Cross-Site Request Forgery Prevention"; Fetch standard, `Origin`; Fetch Metadata, `Sec-Fetch-Site`.
 */
import { faultAnswer, type HttpAnswer } from "../http/index.ts";
import type { HttpRequest } from "../wire/http/index.ts";

export interface GuardSettings {
  /** Names that this daemon has beside addresses and `localhost`. */
  readonly names: readonly string[];
  readonly actionsEnabled: boolean;
  /** It listens on more than loopback addresses. */
  readonly isOpen: boolean;
  /** `storm-lab.ui.token`. */
  readonly token: string | null;
}

/** Null: it may. */
export function refusal(request: HttpRequest, settings: GuardSettings): HttpAnswer | null {
  const host = request.headers.get("host") ?? "";
  if (!isOwnName(host, settings.names))
    return forbidden(
      `this daemon is not called ${JSON.stringify(host)}: ask it by its address, or set ui.host to that name`,
    );
  if (request.method === "GET" || request.method === "HEAD") return null;
  const origin = request.headers.get("origin");
  if (origin !== undefined && origin !== `http://${host}`) return forbidden("it comes from another page");
  const site = request.headers.get("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") return forbidden("it comes from another page");
  if (!settings.actionsEnabled) return forbidden("ui.actions.enabled is false");
  return settings.isOpen ? tokenRefusal(request, settings.token) : null;
}

function tokenRefusal({ headers }: HttpRequest, token: string | null): HttpAnswer | null {
  if (token === null)
    return forbidden(
      "it listens on more than this machine: set storm-lab.ui.token, and send it as Authorization: Bearer",
    );
  const [, sent = ""] = /^Bearer (.+)$/.exec(headers.get("authorization") ?? "") ?? [];
  return isSame(sent, token) ? null : { ...forbidden("Authorization: Bearer has another token"), status: 401 };
}

/** Takes as long for a near miss as for any. */
function isSame(sent: string, token: string): boolean {
  let differing = sent.length ^ token.length;
  for (let at = 0; at < token.length; at++) differing |= token.charCodeAt(at) ^ (sent.charCodeAt(at) || 0);
  return differing === 0;
}

function isOwnName(host: string, names: readonly string[]): boolean {
  const [, name = ""] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::\d{1,5})?$/.exec(host) ?? [];
  const small = name.toLowerCase();
  return (
    small === "localhost" || small.startsWith("[") || /^\d{1,3}(\.\d{1,3}){3}$/.test(small) || names.includes(small)
  );
}

function forbidden(message: string): HttpAnswer {
  return faultAnswer(403, message, "Forbidden");
}
