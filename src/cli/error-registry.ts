/** The error codes of every room in one table: for `explain`, and for docs/errors.md, which is made from it. */

import { labErrorCodes } from "../../labs/engine/index.ts";
import { provisionErrorCodes } from "../../provision/index.ts";
import { baseErrorCodes, type ErrorCodes } from "../base/index.ts";
import { clientErrorCodes } from "../client/index.ts";
import { codeErrorCodes } from "../code/index.ts";
import { confErrorCodes } from "../conf/index.ts";
import { doctorErrorCodes } from "../doctor/index.ts";
import { drpcErrorCodes } from "../drpc/index.ts";
import { executorErrorCodes } from "../executor/index.ts";
import { httpErrorCodes } from "../http/index.ts";
import { localErrorCodes } from "../local/index.ts";
import { nimbusErrorCodes } from "../nimbus/index.ts";
import { rpcErrorCodes } from "../rpc/index.ts";
import { scheduleErrorCodes } from "../schedule/index.ts";
import { stateErrorCodes } from "../state/index.ts";
import { supervisorErrorCodes } from "../supervisor/index.ts";
import { topologyErrorCodes } from "../topology/index.ts";
import { transportErrorCodes } from "../transport/index.ts";
import { uiErrorCodes } from "../ui/index.ts";
import { thriftErrorCodes } from "../wire/thrift/index.ts";
import { tupleErrorCodes } from "../wire/tuple/index.ts";
import { workerErrorCodes } from "../worker/index.ts";
import { zooKeeperClientErrorCodes, zooKeeperServerErrorCodes } from "../zookeeper/index.ts";
import { cliErrorCodes } from "./error-codes.ts";

export const allErrorCodes: ErrorCodes = Object.fromEntries(
  [
    cliErrorCodes,
    baseErrorCodes,
    topologyErrorCodes,
    clientErrorCodes,
    codeErrorCodes,
    confErrorCodes,
    doctorErrorCodes,
    drpcErrorCodes,
    executorErrorCodes,
    httpErrorCodes,
    transportErrorCodes,
    uiErrorCodes,
    thriftErrorCodes,
    rpcErrorCodes,
    tupleErrorCodes,
    workerErrorCodes,
    supervisorErrorCodes,
    localErrorCodes,
    zooKeeperClientErrorCodes,
    zooKeeperServerErrorCodes,
    stateErrorCodes,
    nimbusErrorCodes,
    scheduleErrorCodes,
    provisionErrorCodes,
    labErrorCodes,
  ]
    .flatMap((codes) => Object.entries(codes))
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);
