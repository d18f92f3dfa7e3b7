import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isStormLabError } from "../../../src/base/index.ts";
import { downloadBlob, uploadFile } from "../../../src/client/index.ts";
import { NotAliveException } from "../../../src/wire/thrift/index.ts";
import { Nimbuses } from "./nimbuses.ts";

const noRetry = { retryTimes: 0 };

async function failure(world: Nimbuses, promise: Promise<unknown>): Promise<Error> {
  const caught = promise.then(
    () => assert.fail("it was to fail"),
    (error: unknown) => error as Error,
  );
  return world.finish(caught, "the failure");
}

describe("a nimbus client", () => {
  it("asks any seed who leads, and calls the host that the leader registered", async () => {
    const world = new Nimbuses("n2");
    for (const host of ["n1", "n2"]) await world.start(host);
    const client = world.open(["down", "n1"]);
    await world.finish(client.calls.getTopologySummaries(), "the list");
    await world.finish(client.calls.activate({ name: "wc" }), "activate");
    assert.deepEqual(world.called, ["n1 getLeader", "n2 getTopologySummaries", "n2 activate"]);
    assert.deepEqual(await world.finish(client.leader(), "the leader"), { host: "n2", port: 6627 });
    await world.finish(client.close(), "the end");
  });

  it("keeps the connection to a seed that leads", async () => {
    const world = new Nimbuses("n1");
    await world.start("n1");
    const client = world.open(["n1"]);
    await world.finish(client.calls.getTopologySummaries(), "the list");
    await world.finish(client.calls.getTopologySummaries(), "the list");
    assert.deepEqual(world.called, ["n1 getLeader", "n1 getTopologySummaries", "n1 getTopologySummaries"]);
  });

  it("looks for the leader anew when it is told to", async () => {
    const world = new Nimbuses("n1");
    for (const host of ["n1", "n2"]) await world.start(host);
    const client = world.open(["n1", "n2"]);
    await world.finish(client.calls.getTopologySummaries(), "the list");
    world.leader = "n2";
    await world.finish(client.lookAgain(), "the connection is given up");
    await world.finish(client.calls.getTopologySummaries(), "the list");
    assert.equal(world.called.at(-1), "n2 getTopologySummaries");
  });

  it("gives what nimbus answers to its caller, exceptions too", async () => {
    const world = new Nimbuses("n1");
    await world.start("n1", () => ({
      killTopology: ({ name }) => {
        throw NotAliveException.error({ msg: `${name} is not alive` });
      },
    }));
    const error = await failure(world, world.open(["n1"]).calls.killTopology({ name: "wc" }));
    assert.ok(NotAliveException.is(error));
    assert.equal(world.called.filter((call) => call.endsWith("getLeader")).length, 1, "it was not asked again");
  });
});

describe("a leader that cannot be found", () => {
  it("is told with Storm's words and the reason of every seed, after Storm's attempts", async () => {
    const world = new Nimbuses(null);
    await world.start("n1");
    const delays: number[] = [];
    const client = world.open(["n1", "down"], { onRetry: (_, delayMs) => delays.push(delayMs) });
    const error = await failure(world, client.calls.getTopologySummaries());
    assert.ok(isStormLabError(error, "SL-NIMBUS-LEADER-NOT-FOUND"));
    assert.equal(error.message, "Could not find leader nimbus from seed hosts [n1, down]");
    assert.match(error.why, /^n1:6627 does not know who leads .*; nothing answers at down:6627 \(E/);
    assert.equal(error.exitCode, 4);
    assert.equal(delays.length, 5, "storm.nimbus.retry.times");
    assert.ok(
      delays.every((delay, index) => delay >= 2000 + 2 ** index && delay < 2000 + 2 ** (index + 1)),
      `${delays}`,
    );
    assert.equal(world.called.length, 6);
  });

  it("is found as soon as it leads", async () => {
    const world = new Nimbuses(null);
    await world.start("n1");
    const client = world.open(["n1"], {
      onRetry: () => {
        world.leader = "n1";
      },
    });
    assert.deepEqual(await world.finish(client.calls.getTopologySummaries(), "the list"), []);
  });

  it("is told apart from one that registered under a name that leads nowhere", async () => {
    const world = new Nimbuses("elsewhere");
    await world.start("n1");
    const error = await failure(world, world.open(["n1"], noRetry).calls.getTopologySummaries());
    assert.ok(isStormLabError(error, "SL-NIMBUS-LEADER-NOT-FOUND"));
    assert.match(error.why, /^n1:6627 says that elsewhere:6627 leads, which cannot be reached from here/);
    assert.match(error.hint, /storm\.local\.hostname/);
  });

  it("is looked for anew by the next call", async () => {
    const world = new Nimbuses(null);
    await world.start("n1");
    const client = world.open(["n1"], noRetry);
    const both = [client.calls.getTopologySummaries(), client.calls.getTopologySummaries()];
    for (const call of both) assert.ok(isStormLabError(await failure(world, call), "SL-NIMBUS-LEADER-NOT-FOUND"));
    assert.equal(world.called.length, 1, "one search for both");
    world.leader = "n1";
    assert.deepEqual(await world.finish(client.calls.getTopologySummaries(), "the list"), []);
  });

  it("is not waited for after the end", async () => {
    const world = new Nimbuses(null);
    const ended = new AbortController();
    const client = world.open(["down"], { signal: ended.signal, onRetry: () => ended.abort(new Error("enough")) });
    assert.equal((await failure(world, client.calls.getTopologySummaries())).message, "enough");

    const closed = world.open(["down"]);
    await world.finish(closed.close(), "the end");
    assert.match((await failure(world, closed.calls.getTopologySummaries())).message, /closed/);
  });
});

describe("a leader that changes", () => {
  it("is followed by a question whose answer was lost", async () => {
    const world = new Nimbuses("n1");
    await world.start("n1", () => ({
      getTopologySummaries: () => {
        world.kill("n1");
        world.leader = "n2";
        return new Promise(() => {});
      },
    }));
    await world.start("n2");
    const client = world.open(["n1", "n2"]);
    assert.deepEqual(await world.finish(client.calls.getTopologySummaries(), "the list"), []);
    assert.equal(world.called.at(-1), "n2 getTopologySummaries");
  });

  it("is not followed by what may have been done", async () => {
    const world = new Nimbuses("n1");
    await world.start("n1", () => ({
      activate: () => {
        world.kill("n1");
        world.leader = "n2";
        return new Promise(() => {});
      },
    }));
    await world.start("n2");
    const client = world.open(["n1", "n2"]);
    const error = await failure(world, client.calls.activate({ name: "wc" }));
    assert.ok(isStormLabError(error, "SL-RPC-LOST"));
    await world.finish(client.calls.activate({ name: "wc" }), "the caller's own second attempt");
    assert.equal(world.called.at(-1), "n2 activate");
  });

  it("is followed by what the old one refused because it no longer leads", async () => {
    const world = new Nimbuses("n1");
    for (const host of ["n1", "n2"]) await world.start(host);
    const client = world.open(["n1", "n2"]);
    await world.finish(client.leader(), "the leader");
    world.leader = "n2";
    await world.finish(client.calls.activate({ name: "wc" }), "activate");
    assert.deepEqual(world.called.slice(-4), ["n1 activate", "n1 getLeader", "n1 getLeader", "n2 activate"]);
  });

  it("is no excuse for an error of the leader's own", async () => {
    const world = new Nimbuses("n1");
    let activations = 0;
    await world.start("n1", () => ({
      activate: () => {
        activations++;
        throw new Error("a mistake");
      },
    }));
    const error = await failure(world, world.open(["n1"]).calls.activate({ name: "wc" }));
    assert.equal((error as { kind?: string }).kind, "INTERNAL_ERROR");
    assert.equal(activations, 1);
  });
});

describe("a file", () => {
  const file = Uint8Array.from({ length: 700_000 }, (_, index) => index % 251);

  it("goes up in Storm's pieces, with its progress", async () => {
    const world = new Nimbuses("n1");
    const pieces: Uint8Array[] = [];
    const done: string[] = [];
    await world.start("n1", () => ({
      beginFileUpload: () => "inbox/stormjar-1.jar",
      uploadChunk: ({ location, chunk }) => {
        assert.equal(location, "inbox/stormjar-1.jar");
        pieces.push(chunk.slice());
      },
      finishFileUpload: ({ location }) => void done.push(location),
    }));
    const told: string[] = [];
    const location = await world.finish(
      uploadFile(world.open(["n1"]), file, (sent, total, to) => told.push(`${sent}/${total} ${to}`)),
      "the upload",
    );
    assert.deepEqual(done, [location]);
    assert.deepEqual(
      pieces.map(({ length }) => length),
      [307_200, 307_200, 85_600],
    );
    assert.ok(Buffer.concat(pieces).equals(file));
    assert.deepEqual(
      told,
      [0, 307_200, 614_400, 700_000].map((sent) => `${sent}/700000 ${location}`),
    );
  });

  it("begins once more when the leader dies on the way", async () => {
    const world = new Nimbuses("n1");
    let received = 0;
    const upload = (host: string) => ({
      beginFileUpload: () => `${host}/jar`,
      uploadChunk: ({ chunk }: { chunk: Uint8Array }) => {
        if (host === "n1") {
          world.kill("n1");
          world.leader = "n2";
        }
        received += chunk.length;
      },
      finishFileUpload: () => null,
    });
    for (const host of ["n1", "n2"]) await world.start(host, upload);
    assert.equal(await world.finish(uploadFile(world.open(["n1", "n2"]), file), "the upload"), "n2/jar");
    assert.equal(received, 307_200 + 700_000);
  });

  it("comes down as a blob, piece by piece, and whole or not at all", async () => {
    const world = new Nimbuses("n1");
    let at = 0;
    let promised = file.length;
    await world.start("n1", () => ({
      beginBlobDownload: ({ key }) => ({ version: 7, session: key, data_size: promised }),
      downloadBlobChunk: () => {
        const chunk = file.slice(at, at + 300_000);
        at += chunk.length;
        return chunk;
      },
    }));
    const download = async () => {
      at = 0;
      const { version, size, chunks } = await downloadBlob(world.open(["n1"]), "wc-stormjar.jar");
      assert.deepEqual([version, size], [7, promised]);
      const pieces: Uint8Array[] = [];
      for await (const chunk of chunks) pieces.push(chunk);
      return Buffer.concat(pieces);
    };
    assert.ok((await world.finish(download(), "the download")).equals(file));
    for (const wrong of [file.length - 1, file.length + 1]) {
      promised = wrong;
      assert.ok(isStormLabError(await failure(world, download()), "SL-BLOB-CUT"));
    }
  });
});
