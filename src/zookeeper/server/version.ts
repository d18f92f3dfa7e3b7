/** What this server says it is: the ZooKeeper release whose protocol and formats it speaks, then its own name. */

const zookeeperVersion = "3.8.4";
export const versionText = `${zookeeperVersion}-storm-lab, built on 2026-11-23 00:00 UTC`;
