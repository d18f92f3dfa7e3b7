// Apache Storm's own clients on our servers: says what each call gives. Arguments: nimbus' port, DRPC's port.

import java.util.List;
import java.util.Map;
import org.apache.storm.generated.ClusterSummary;
import org.apache.storm.generated.DRPCExecutionException;
import org.apache.storm.generated.KillOptions;
import org.apache.storm.generated.Nimbus;
import org.apache.storm.generated.NotAliveException;
import org.apache.storm.thrift.TApplicationException;
import org.apache.storm.utils.DRPCClient;
import org.apache.storm.utils.NimbusClient;
import org.apache.storm.utils.Utils;

class StockClient {
    interface Call {
        Object run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        Map<String, Object> conf = Utils.readDefaultConfig();
        conf.put("nimbus.seeds", List.of("127.0.0.1"));
        conf.put("nimbus.thrift.port", Integer.parseInt(args[0]));
        try (NimbusClient client = NimbusClient.getConfiguredClient(conf)) {
            nimbus(client.getClient());
        }
        try (DRPCClient client = new DRPCClient(conf, "127.0.0.1", Integer.parseInt(args[1]))) {
            drpc(client);
        }
        System.exit(0);
    }

    static void nimbus(Nimbus.Iface nimbus) {
        say("leader", () -> nimbus.getLeader());
        say("cluster", () -> {
            ClusterSummary cluster = nimbus.getClusterInfo();
            return cluster.get_topologies().get(0) + " on " + cluster.get_supervisors().get(0).get_total_resources();
        });
        KillOptions options = new KillOptions();
        options.set_wait_secs(7);
        say("kill", () -> {
            nimbus.killTopologyWithOpts("wc", options);
            return "done";
        });
        say("kill nobody", () -> {
            nimbus.killTopologyWithOpts("none", options);
            return "done";
        });
        say("no result", () -> nimbus.getLogConfig("none"));
        say("bug", () -> nimbus.getNimbusConf());
        say("unknown", () -> nimbus.getTopologySummaries());
        say("null argument", () -> nimbus.getOwnerResourceSummaries(null));
        say("upload", () -> {
            nimbus.uploadChunk("x", java.nio.ByteBuffer.wrap(new byte[307200]));
            return "done";
        });
        say("name", () -> nimbus.isTopologyNameAllowed("größe-字-😀"));
    }

    static void drpc(DRPCClient client) {
        say("execute", () -> client.execute("echo", "größe 字 😀"));
        say("execute empty", () -> client.execute("echo", ""));
        say("execute null", () -> client.execute("echo", null));
        say("execute large", () -> client.execute("echo", "x".repeat(500000)).length());
        say("execute late", () -> client.execute("late", "x"));
        say("execute 2000", () -> {
            int right = 0;
            for (int i = 0; i < 2000; i++) if (client.execute("echo", "" + i).equals("" + i)) right++;
            return right;
        });
    }

    static void say(String what, Call call) {
        Object said;
        try {
            said = call.run();
        } catch (NotAliveException e) {
            said = "NotAliveException " + e.get_msg();
        } catch (DRPCExecutionException e) {
            said = "DRPCExecutionException " + e.get_msg() + " " + e.get_type();
        } catch (TApplicationException e) {
            said = "TApplicationException " + e.getType() + " " + e.getMessage();
        } catch (Exception e) {
            said = e.toString();
        }
        System.out.println("# " + what + ": " + said);
    }
}
