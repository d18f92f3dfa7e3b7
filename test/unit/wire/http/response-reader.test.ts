/** Answers out of bytes, in whatever pieces they come: by length, by chunks, by the connection's end; and what is no answer. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { EventParser, HttpResponseReader } from "../../../../src/wire/http/index.ts";

/** `status [body] end`, or with `fault: …`, of all bytes in pieces cut there. */
function readAll(text: string, cuts: readonly number[] = []): string {
  let told = "";
  let body = "";
  const reader = new HttpResponseReader({
    head: ({ status, headers }) => {
      told += `${status} ${headers.get("x") ?? "-"} `;
    },
    body: (piece) => {
      body += Buffer.from(piece).toString("latin1");
    },
    end: () => {
      told += `[${body}] end`;
    },
    fault: (message) => {
      told += `[${body}] fault: ${message}`;
    },
  });
  for (const piece of pieces(Buffer.from(text, "latin1"), cuts)) reader.push(piece);
  reader.closed();
  return told;
}

function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const ok = "HTTP/1.1 200 OK\r\nX: y\r\n";
const answers: readonly (readonly [string, string])[] = [
  [`${ok}Content-Length: 5\r\n\r\nhello`, "200 y [hello] end"],
  [`${ok}Content-Length: 5\r\n\r\nhello, and what is not of it`, "200 y [hello] end"],
  [`${ok}Content-Length: 0\r\n\r\n`, "200 y [] end"],
  [`${ok}\r\nall there is`, "200 y [all there is] end"],
  [
    `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0A;x=y\r\n0123456789\r\n0\r\nT: t\r\n\r\n`,
    "200 y [abc0123456789] end",
  ],
  ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", "404 - [no] end"],
  ["HTTP/1.0 500 \r\n\r\n", "500 - [] end"],
  [`${ok}Content-Length: 5\r\n\r\nhell`, "200 y [hell] fault: the connection ended before the answer did"],
  [`${ok}Content-Length: five\r\n\r\nhello`, "[] fault: its length is no number"],
  [`${ok}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, "200 y [] fault: a chunk has no size"],
  [`${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n`, "200 y [abc] fault: a chunk is longer than its size"],
  ["HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "[] fault: it is no answer of HTTP"],
  ["220 smtp.example ESMTP\r\n\r\n", "[] fault: it is no answer of HTTP"],
  ["", "[] fault: the connection ended before the answer did"],
];

describe("an HTTP answer", () => {
  it("is read in the same way in any pieces", () => {
    for (const [text, expected] of answers) {
      assert.equal(readAll(text), expected);
      fc.assert(
        fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => assert.equal(readAll(text, cuts), expected)),
      );
    }
  });

  it("has a head of bounded length", () => {
    assert.equal(readAll(`${ok}Y: ${"y".repeat(100_000)}`), "[] fault: the head is too long");
    const chunk = `${ok}Transfer-Encoding: chunked\r\n\r\n${"1".repeat(2000)}`;
    assert.equal(readAll(chunk), "200 y [] fault: a line between chunks is too long");
  });
});

describe("server-sent events", () => {
  const stream = [
    ": a comment\n\n",
    "retry: 1000\n\n",
    'id: life-1\nevent: picture\ndata: {"a":\ndata: 1}\n\n',
    "data:\u6c49 two bytes and more\r\n\r\n",
    "event: left without data\n\n",
    "id\ndata: x\rdata: y\r\r",
    "data: has no end",
  ].join("");
  const expected = [
    "retry 1000",
    'life-1 picture {"a":\n1}',
    "life-1 message \u6c49 two bytes and more",
    " message x\ny",
  ];

  it("are read in the same way in any pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (cuts) => {
        const told: string[] = [];
        const parser = new EventParser({
          event: ({ id, event, data }) => void told.push(`${id} ${event} ${data}`),
          retry: (delayMs) => void told.push(`retry ${delayMs}`),
        });
        for (const piece of pieces(Buffer.from(stream), cuts)) parser.push(piece);
        assert.deepEqual(told, expected);
        assert.equal(parser.heldLength, "data: has no end".length);
      }),
    );
  });
});
