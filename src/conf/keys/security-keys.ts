/** Who may do what, and secrecy on the wire: a cluster of a classroom has neither. Source: Storm's Config and DaemonConfig, 2.8. */
import { anything, type KeySpec, type Keys, refused } from "../key.ts";

const openCluster = "a cluster of a classroom is open to everybody on its network; Apache Storm secures one";
const noTls = "nothing is encrypted; Apache Storm does it";
const noHttps = "there is no HTTPS; Apache Storm has it";

const https = (daemon: string) =>
  named(
    [
      "enable.ssl.reload",
      "key.password",
      "keystore.password",
      "keystore.path",
      "keystore.type",
      "need.client.auth",
      "truststore.password",
      "truststore.path",
      "truststore.type",
      "want.client.auth",
    ].map((end) => `${daemon}.https.${end}`),
    "certificates of the web page",
    noHttps,
  );
const thriftTls = (daemon: string) =>
  named(
    [
      "client.cert.path",
      "client.key.path",
      "client.keystore.password",
      "client.keystore.path",
      "client.truststore.password",
      "client.truststore.path",
      "server.keystore.password",
      "server.keystore.path",
      "server.truststore.password",
      "server.truststore.path",
    ].map((end) => `${daemon}.thrift.tls.${end}`),
    "certificates of calls",
    noTls,
  );

export const securityKeys: Keys = {
  ...named(
    [
      "nimbus.admins.groups",
      "nimbus.daemon.user",
      "nimbus.daemon.users",
      "nimbus.groups",
      "nimbus.impersonation.acl",
      "nimbus.supervisor.users",
      "nimbus.users",
      "supervisor.authorizer",
      "drpc.authorizer",
      "drpc.authorizer.acl",
      "topology.users",
      "topology.groups",
      "topology.readonly.users",
      "topology.readonly.groups",
      "logs.groups",
      "drpc.http.filter",
      "drpc.http.filter.params",
    ],
    "who may do or see what",
    openCluster,
  ),
  ...named(
    [
      "storm.zookeeper.superACL",
      "storm.zookeeper.drpcACL",
      "storm.zookeeper.topology.auth.scheme",
      "storm.zookeeper.topology.auth.payload",
      "nimbus.autocredential.plugins.classes",
      "nimbus.credential.renewers.classes",
      "nimbus.thrift.transport",
      "supervisor.thrift.transport",
      "drpc.thrift.transport",
      "drpc.invocations.thrift.transport",
      "supervisor.worker.launcher",
    ],
    "how daemons, workers and users prove themselves",
    openCluster,
  ),
  ...named(
    [
      "nimbus.thrift.tls.server.only",
      "supervisor.thrift.client.use.tls",
      "supervisor.thrift.tls.client.auth.required",
      "storm.messaging.netty.tls.enable",
      "storm.messaging.netty.tls.keystore.path",
      "storm.messaging.netty.tls.truststore.path",
      "storm.zookeeper.ssl.keystore.password",
      "storm.zookeeper.ssl.keystore.path",
      "storm.zookeeper.ssl.truststore.password",
      "storm.zookeeper.ssl.truststore.path",
    ],
    "secrecy on the wire",
    noTls,
  ),
  ...thriftTls("nimbus"),
  ...thriftTls("supervisor"),
  ...https("ui"),
  ...https("logviewer"),
  ...https("drpc"),
  ...preset(
    {
      "ui.users": null,
      "ui.filter": null,
      "ui.filter.params": null,
      "logviewer.filter": null,
      "logviewer.filter.params": null,
      "logs.users": null,
    },
    "who may see the UI and the logs",
    openCluster,
  ),
  ...named(["ui.https.port", "logviewer.https.port"], "port of the encrypted page", noHttps),
  ...preset(
    { "storm.zookeeper.auth.user": null, "storm.zookeeper.auth.password": null },
    "ZooKeeper's user",
    openCluster,
  ),
  ...preset(
    { "storm.zookeeper.ssl.enable": false, "storm.zookeeper.ssl.hostnameVerification": false },
    "TLS to ZooKeeper",
    noTls,
  ),
  ...preset(
    {
      "nimbus.thrift.client.use.tls": false,
      "topology.worker.nimbus.thrift.client.use.tls": false,
      "storm.messaging.netty.authentication": false,
    },
    "secrecy and proof between processes",
    noTls,
  ),
  ...preset({ "storm.blobstore.acl.validation.enabled": false }, "who may read a blob", openCluster),
  ...preset({ "pacemaker.auth.method": "NONE", "pacemaker.kerberos.users": [] }, "who may beat", openCluster),
  ...preset({ "storm.auth.simple-white-list.users": [] }, "users who are let in", openCluster),
};

/** Not set in Storm's defaults. */
function named(names: readonly string[], meaning: string, why: string): Keys {
  return Object.fromEntries(names.map((name) => [name, refused(undefined, anything, meaning, why)]));
}

function preset(defaults: Readonly<Record<string, unknown>>, meaning: string, why: string): Keys {
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]): [string, KeySpec] => [name, refused(value, anything, meaning, why)]),
  );
}
