/** The page, as it is in the program's folder: three files, read once. Nothing else of any folder is ever served. */
import type { Runtime } from "../base/index.ts";
import type { HttpAnswer } from "../http/index.ts";

/** Path to file and kind. */
const files: Readonly<Record<string, readonly [file: string, contentType: string]>> = {
  "/": ["page.html", "text/html;charset=utf-8"],
  "/page.js": ["page.js", "text/javascript;charset=utf-8"],
  "/page.css": ["page.css", "text/css;charset=utf-8"],
};

/** Nothing from elsewhere, nothing inline, in nobody's frame. Source: Content Security Policy Level 3. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export type StaticFiles = ReadonlyMap<string, HttpAnswer>;

/** Rejects when a file is not there. */
export async function readStaticFiles({ fs }: Runtime, folder: string): Promise<StaticFiles> {
  const answers = new Map<string, HttpAnswer>();
  for (const [path, [file, contentType]] of Object.entries(files)) {
    const body = Buffer.from(await fs.readFile(`${folder}/${file}`)).toString("utf8");
    answers.set(path, { status: 200, contentType, body, headers: { "Content-Security-Policy": policy } });
  }
  return answers;
}
