/**
 * Bugs that an ensemble may not have, each put between the quorum and its surroundings: the seeds have to notice them.
 * Nothing in src/ knows of them.
 */
import { opCode } from "../../../src/wire/zookeeper/index.ts";
import type { Database, Epochs } from "../../../src/zookeeper/server/database.ts";
import type { Role, RoleHost } from "../../../src/zookeeper/server/role.ts";
import type { SeedOptions } from "./run-seed.ts";

export interface PlantedBug {
  readonly name: string;
  readonly options: SeedOptions;
}

export const plantedBugs: readonly PlantedBug[] = [
  { name: "acknowledges before the fsync", options: { wrapDatabase: (_, database) => withoutWaiting(database) } },
  { name: "skips the check of the epoch", options: { wrapDatabase: (_, database) => withoutEpochs(database) } },
  { name: "loses a watch", options: { wrapDatabase: (_, database) => withoutSomeWatches(database) } },
  { name: "commits a request twice", options: { wrapHost: (_, __, host) => committingTwice(host) } },
];

/** Everything of the inner database but what is replaced. */
function wrapped(database: Database, replaced: Partial<Database>): Database {
  return new Proxy(database, {
    get(target, property) {
      const own: unknown = Reflect.get(replaced, property);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
    set(target, property, value) {
      Reflect.set(property === "advanceTo" ? replaced : target, property, value);
      return true;
    },
  });
}

/** `sync` says yes at once; the disk follows. */
function withoutWaiting(database: Database): Database {
  return wrapped(database, {
    sync: () => {
      void database.sync();
      return Promise.resolve();
    },
  });
}

/** Which epochs were accepted is not remembered, so that any leader's is accepted. */
function withoutEpochs(database: Database): Database {
  const epochs: Epochs = {
    accepted: 0,
    get current() {
      return database.epochs.current;
    },
    setAccepted: () => Promise.resolve(),
    setCurrent: (epoch) => database.epochs.setCurrent(epoch),
  };
  return wrapped(database, { epochs });
}

/** Every fifth change of data is not told. */
function withoutSomeWatches(database: Database): Database {
  const { tree } = database;
  const listen = tree.listen.bind(tree);
  let changes = 0;
  tree.listen = (listener) => {
    if (listener === null) {
      listen(null);
      return;
    }
    listen({
      created: (...change) => listener.created(...change),
      deleted: (...change) => listener.deleted(...change),
      dataChanged: (...change) => {
        changes++;
        if (changes % 5 !== 0) listener.dataChanged(...change);
      },
    });
  };
  return database;
}

/** Every tenth write of a client is handed on twice. */
function committingTwice(host: RoleHost): RoleHost {
  let writes = 0;
  const doubling = (role: Role): Role =>
    new Proxy(role, {
      get(target, property) {
        if (property === "submit") {
          return (request: Parameters<Role["submit"]>[0]) => {
            target.submit(request);
            writes++;
            if (request.type === opCode.setData && writes % 10 === 0) target.submit({ ...request, client: null });
          };
        }
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  return {
    serve: (role) => host.serve(doubling(role)),
    stopServing: (reason) => host.stopServing(reason),
    answer: (request, error) => host.answer(request, error),
    fail: (error) => host.fail(error),
    expired: (sessionId, timeoutMs) => host.expired(sessionId, timeoutMs),
    commit: (proposal, request) => host.commit(proposal, request),
  };
}
