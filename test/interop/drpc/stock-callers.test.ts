/** Apache Storm's clients, a Python one and curl call functions at our server; Apache Storm's side of a topology answers there. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { apacheStormJars } from "../../../scripts/interop/apache-storm-jars.ts";
import { pythonWith } from "../../../scripts/interop/python-packages.ts";
import { connectThrift } from "../../../src/rpc/index.ts";
import { DistributedRPCInvocations } from "../../../src/wire/thrift/index.ts";
import { freePorts, startDRPCProcess } from "../../e2e/drpc-process.ts";
import { runtime } from "../../e2e/zookeeper-process.ts";
import { repositoryRoot, startProcess, temporaryDirectory } from "../../kit/index.ts";
import { interopSkipped } from "../interop.ts";

const stepMs = 180_000;
const host = "127.0.0.1";
const folder = join(repositoryRoot, "test", "interop", "drpc");

/** A server, and somebody who answers `exclamation` and fails `fails`. */
async function serve(directory: Parameters<typeof startDRPCProcess>[0]) {
  const child = startDRPCProcess(directory, [...freePorts, "drpc.request.timeout.secs=3"]);
  const ports = await child.ports;
  const service = DistributedRPCInvocations;
  const topology = await connectThrift({ runtime, host, port: ports.invocationsPort, service });
  const answer = async (functionName: string): Promise<void> => {
    for (;;) {
      const requests = await topology.calls.fetchRequests({ functionName, max: 100, waitMs: 30_000 });
      const results = requests.map(({ request_id, func_args }) =>
        functionName === "fails"
          ? { request_id, failure: { msg: "it does" } }
          : { request_id, result: `${func_args}!` },
      );
      await topology.calls.results({ results });
    }
  };
  for (const functionName of ["exclamation", "fails"]) answer(functionName).catch(() => {});
  return {
    ...ports,
    async [Symbol.asyncDispose]() {
      await topology.close();
      await child[Symbol.asyncDispose]();
    },
  };
}

test("Apache Storm's DRPC client calls, and its invocations client answers", { skip: interopSkipped }, async () => {
  await using directory = await temporaryDirectory();
  await using server = await serve(directory);
  const program = join(folder, "stock-client.java");
  const options = ["-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", join(await apacheStormJars(), "*")];
  const ports = [String(server.port), String(server.invocationsPort)];
  await using java = startProcess("java", [...options, program, ...ports]);
  await java.assertExit(0, stepMs);
  const said = java.stdout
    .split("\n")
    .filter((line) => /^(hello|empty|unicode|long|fails|nobody|stock|after)\b/.test(line));
  assert.deepEqual(said, [
    "hello: hello!",
    "empty: !",
    "unicode: größe-字-😀!",
    "long: true",
    "fails FAILED_REQUEST it does",
    "nobody SERVER_TIMEOUT Timed Out",
    "stock hello?",
    "stock FAILED_REQUEST Request failed",
    "stock INTERNAL_ERROR not today",
    "after: again!",
  ]);
});

test("Apache Storm's DRPCSpout and ReturnResults answer", { skip: interopSkipped }, async () => {
  await using directory = await temporaryDirectory();
  await using child = startDRPCProcess(directory, freePorts);
  const { port, invocationsPort } = await child.ports;
  const classes = directory.join("classes");
  const jars = join(await apacheStormJars(), "*");
  const source = join(folder, "stock-topology.java");
  await using javac = startProcess("javac", ["-encoding", "UTF-8", "-cp", jars, "-d", classes, source]);
  await javac.assertExit(0, stepMs);
  const options = ["-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", `${classes}:${jars}`];
  const words = [...options, "StockTopology", String(port), String(invocationsPort)];
  await using java = startProcess("java", words, { cwd: directory.path });
  await java.assertExit(0, stepMs);
  const said = java.stdout.split("\n").filter((line) => line.startsWith("answer "));
  assert.deepEqual(said, ["answer hello!", "answer !", "answer größe-字-😀!"]);
});

test("a Thrift client in Python calls", { skip: interopSkipped }, async () => {
  await using directory = await temporaryDirectory();
  await using server = await serve(directory);
  const interpreter = await pythonWith("thriftpy2", "0.7.1");
  const words = [join(folder, "thrift-client.py"), join(folder, "drpc.thrift"), String(server.port)];
  await using python = startProcess(interpreter, words, { env: { PYTHONIOENCODING: "utf-8" } });
  await python.assertExit(0, stepMs);
  assert.deepEqual(python.stdout.trim().split("\n"), [
    "hello: hello!",
    "empty: !",
    "unicode: grüße-字-😀!",
    "long: True",
    "fails 3 it does",
    "nobody 2 Timed Out",
    "after: again!",
  ]);
});

test("curl calls", { skip: interopSkipped }, async () => {
  await using directory = await temporaryDirectory();
  await using server = await serve(directory);
  const base = `http://${host}:${server.httpPort}/drpc`;
  const curl = async (...words: string[]): Promise<string> => {
    await using child = startProcess("curl", ["-sS", "--max-time", "60", "-w", " %{http_code}", ...words]);
    await child.assertExit(0, stepMs);
    return child.stdout;
  };
  assert.equal(await curl(`${base}/exclamation/hello%20you`), "hello you! 200");
  assert.equal(await curl(`${base}/exclamation`), "! 200");
  assert.equal(await curl("--data-binary", "grüße", `${base}/exclamation`), "grüße! 200");
  assert.equal(await curl("-H", "Transfer-Encoding: chunked", "-d", "abc", `${base}/exclamation`), "abc! 200");
  const long = directory.join("long");
  await writeFile(long, "x".repeat(1_040_000));
  const answer = await curl("-H", "Expect: 100-continue", "--data-binary", `@${long}`, `${base}/exclamation`);
  assert.equal(answer, `${"x".repeat(1_040_000)}! 200`);
  assert.match(await curl(`${base}/fails/x`), /^\{"error":"FAILED_REQUEST","errorMessage":"it does"\} 400$/);
  assert.match(await curl(`${base}/nobody/x`), /^\{"error":"SERVER_TIMEOUT","errorMessage":"Timed Out"\} 504$/);
  const twice = await curl(`${base}/exclamation/a`, `${base}/exclamation/b`);
  assert.equal(twice, "a! 200b! 200");
});
