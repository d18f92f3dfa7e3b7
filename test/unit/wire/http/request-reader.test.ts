/** Requests out of bytes, in whatever pieces they come, and what is refused because two readers could read it in two ways. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HttpRequestReader } from "../../../../src/wire/http/index.ts";

const bodyBytesMax = 1000;

/** What it reads of all bytes, in pieces cut there. */
function readAll(text: string, cuts: readonly number[] = []): string[] {
  const bytes = Buffer.from(text, "latin1");
  const reader = new HttpRequestReader(bodyBytesMax);
  const told: string[] = [];
  const at = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < at.length; index++) {
    reader.push(bytes.subarray(at[index - 1], at[index]));
    for (let read = reader.read(); read !== null; read = reader.read()) {
      if (read === "continue") continue;
      if ("status" in read) return [...told, `${read.status} ${read.message}`];
      const { method, target, body, keepsAlive } = read;
      told.push(`${method} ${target} [${Buffer.from(body).toString("latin1")}] ${keepsAlive}`);
    }
  }
  return told;
}

function post(headers: string, body: string): string {
  return `POST /drpc/f HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`;
}

describe("an HTTP request", () => {
  it("is read in the same way in any pieces", () => {
    const stream = [
      "GET /drpc/f/a%20b HTTP/1.1\r\nHost: x\r\n\r\n",
      post("Content-Length: 5", "hello"),
      "\r\n",
      post("Transfer-Encoding: chunked", "3\r\nabc\r\n0a;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"),
      post("Expect: 100-continue\r\nContent-Length: 2", "ok"),
      "GET /last HTTP/1.1\r\nConnection: Close\r\n\r\n",
    ].join("");
    const whole = [
      "GET /drpc/f/a%20b [] true",
      "POST /drpc/f [hello] true",
      "POST /drpc/f [abc0123456789] true",
      "POST /drpc/f [ok] true",
      "GET /last [] false",
    ];
    assert.deepEqual(readAll(stream), whole);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (cuts) => assert.deepEqual(readAll(stream, cuts), whole)),
    );
    assert.deepEqual(
      readAll(
        stream,
        [...stream].map((_, index) => index),
      ),
      whole,
    );
  });

  it("of a client that waits for a word gets it, once, unless the body is there", () => {
    const reader = new HttpRequestReader(bodyBytesMax);
    reader.push(Buffer.from(post("Expect: 100-continue\r\nContent-Length: 2", "")));
    assert.equal(reader.read(), "continue");
    assert.equal(reader.read(), null);
    reader.push(Buffer.from("ok"));
    const request = reader.read();
    assert.ok(request !== null && typeof request === "object" && "body" in request);
    assert.equal(Buffer.from(request.body).toString(), "ok");
  });

  for (const [what, text, status] of [
    ["no HTTP", "\u0000\u0001\u0002\r\n\r\n", 400],
    ["another version", "GET / HTTP/2.0\r\n\r\n", 505],
    ["two lengths", post("Content-Length: 1\r\nContent-Length: 2", "ab"), 400],
    ["a length and chunks", post("Content-Length: 1\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), 400],
    ["a length that is none", post("Content-Length: -1", ""), 400],
    ["a header before its colon", post("Content-Length : 1", "a"), 400],
    ["a header over two lines", post("A: b\r\n c: d", ""), 400],
    ["a chunk without size", post("Transfer-Encoding: chunked", "xyz\r\nabc\r\n"), 400],
    ["a chunk longer than its size", post("Transfer-Encoding: chunked", "2\r\nabc\r\n"), 400],
    ["another coding", post("Transfer-Encoding: gzip", ""), 501],
    ["a long body", post("Content-Length: 1001", ""), 413],
    ["long chunks", post("Transfer-Encoding: chunked", "3e9\r\n"), 413],
    ["a long head", `GET / HTTP/1.1\r\n${"A: b\r\n".repeat(4000)}`, 431],
  ] as const) {
    it(`is refused with ${what}, and nothing after it is read`, () => {
      const [only, ...more] = readAll(`${text}GET / HTTP/1.1\r\n\r\n`);
      assert.match(only ?? "", new RegExp(`^${status} `));
      assert.deepEqual(more, []);
    });
  }
});
