import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.storm.cluster.ClusterStateContext;
import org.apache.storm.cluster.ClusterUtils;
import org.apache.storm.cluster.DaemonType;
import org.apache.storm.cluster.IStormClusterState;
import org.apache.storm.generated.Assignment;
import org.apache.storm.generated.StormBase;
import org.apache.storm.utils.ConfigUtils;
import org.apache.storm.utils.LocalState;

/** Reads by Storm's own classes what storm-lab keeps in ZooKeeper and, given a folder, in its LocalState. */
class ReadState {
    public static void main(String[] args) throws Exception {
        Map<String, Object> conf = ConfigUtils.readStormConfig();
        conf.put("storm.zookeeper.servers", List.of("127.0.0.1"));
        conf.put("storm.zookeeper.port", Integer.parseInt(args[0]));
        IStormClusterState state = ClusterUtils.mkStormClusterState(conf, new ClusterStateContext(DaemonType.UNKNOWN, conf));
        for (String id : state.activeStorms()) {
            StormBase base = state.stormBase(id, null);
            System.out.println("# storm " + base.get_name() + " " + base.get_status() + " " + base.get_num_workers() + " "
                + new TreeMap<>(base.get_component_executors()));
            Assignment assignment = state.remoteAssignmentInfo(id, null);
            System.out.println("# assigned " + (assignment == null ? "nowhere" : assignment.get_executor_node_port().size()
                + " executors on " + assignment.get_node_host()));
            System.out.println("# errors " + state.errors(id, "split"));
            System.out.println("# last " + state.lastError(id, "split"));
            System.out.println("# credentials " + state.credentials(id, null));
            System.out.println("# log config " + state.topologyLogConfig(id, null));
        }
        state.allSupervisorInfo().forEach((id, info) -> System.out.println("# supervisor " + id + " " + info.get_hostname() + " " + info.get_meta()));
        state.nimbuses().forEach((nimbus) -> System.out.println("# nimbus " + nimbus.get_host() + ":" + nimbus.get_port()));
        for (String key : state.activeKeys()) {
            if (key.matches("wc-.*-stormcode.ser")) System.out.println("# blob of wc on " + state.blobstoreInfo(key));
        }
        System.out.println("# history " + new LocalState(args[1], false).getTopoHistoryList());
        state.disconnect();
        System.exit(0);
    }
}
