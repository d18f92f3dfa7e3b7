/** Addresses that ZeroMQ cannot use. */
import assert from "node:assert/strict";
import { link } from "node:fs/promises";
import { createServer } from "node:net";
import { test } from "node:test";
import { NetError, realRuntime } from "../../../src/base/index.ts";
import { frameTransport, zeromqLinks } from "../../../src/transport/index.ts";
import { eventually, temporaryDirectory } from "../../kit/index.ts";
import { Recorder } from "./stage.ts";

const timeoutMs = 20_000;
const runtime = realRuntime({ name: "test", self: { command: [] }, links: zeromqLinks() });

test("an address that is none is a problem of the endpoint, once, and the endpoint still closes", async () => {
  const seen = new Recorder();
  const transport = frameTransport(runtime, { worker: 1, topologyId: "word-count-1", listen: "tcp://127.0.0.1:0" });
  const endpoint = await transport.open(seen);
  endpoint.connect(2, "carrier-pigeon://coop");
  for (let i = 0; i < 3; i++) {
    endpoint.send(2, 1, 1, 0, 0, 0, 0, 0, null, [i]);
    endpoint.flush();
  }
  await eventually(() => (seen.problems.length > 0 ? true : undefined), timeoutMs, "the problem");
  await endpoint.close(50);
  assert.deepEqual(
    seen.problems.map(({ code }) => code),
    ["SL-TRANSPORT-LINK"],
  );
  assert.match(seen.problems[0]?.message ?? "", /worker 2 at carrier-pigeon:\/\/coop cannot send/);
});

test("an address that cannot be listened on says why", async () => {
  const { links } = runtime;
  const codeOf = (address: string) =>
    links
      .pull(address, () => undefined)
      .then(
        () => "listening",
        (thrown: unknown) => (thrown instanceof NetError ? thrown.code : String(thrown)),
      );
  assert.equal(await codeOf("tcp://192.0.2.1:0"), "EADDRNOTAVAIL");
  assert.equal(await codeOf("tcp://127.0.0.1:nonsense"), "EINVAL");
  await using directory = await temporaryDirectory();
  assert.equal(await codeOf(`ipc://${directory.join("x".repeat(200))}`), "ENAMETOOLONG");
  assert.equal(await codeOf(`ipc://${directory.join("no-such-folder", "socket")}`), "ENOENT");
});

test("a path that a dead process has left behind is taken over", async () => {
  await using directory = await temporaryDirectory();
  const address = `ipc://${directory.join("socket")}`;
  const server = createServer().listen(directory.join("other"));
  await new Promise((resolve) => server.once("listening", resolve));
  // The second name outlives the listener, as a socket's file outlives a killed process.
  await link(directory.join("other"), directory.join("socket"));
  await new Promise((resolve) => server.close(resolve));
  const pull = await runtime.links.pull(address, () => undefined);
  assert.equal(pull.address, address);
  await pull.close();
});
