/** The one place that loads the package node-zookeeper-client. */
import zookeeper from "node-zookeeper-client";

export type { PackageAcl, PackageClient, PackageStat, Watcher } from "node-zookeeper-client";
export { zookeeper };
