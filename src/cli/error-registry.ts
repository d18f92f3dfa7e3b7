/** The error codes of every room in one table: for `explain`, and for docs/errors.md, which is made from it. */
import type { ErrorCodes } from "../base/index.ts";
import { topologyErrorCodes } from "../topology/index.ts";
import { zooKeeperClientErrorCodes } from "../zookeeper/index.ts";
import { cliErrorCodes } from "./error-codes.ts";

export const allErrorCodes: ErrorCodes = Object.fromEntries(
  [cliErrorCodes, topologyErrorCodes, zooKeeperClientErrorCodes]
    .flatMap((codes) => Object.entries(codes))
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);
