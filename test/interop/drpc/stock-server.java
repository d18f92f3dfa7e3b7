// Apache Storm's DRPC server: its queues behind its two Thrift services. Arguments: DRPC's port, the invocations port.

import java.util.HashMap;
import java.util.Map;
import org.apache.storm.daemon.drpc.DRPC;
import org.apache.storm.daemon.drpc.DRPCThrift;
import org.apache.storm.generated.DistributedRPC;
import org.apache.storm.generated.DistributedRPCInvocations;
import org.apache.storm.metric.StormMetricsRegistry;
import org.apache.storm.security.auth.ThriftConnectionType;
import org.apache.storm.security.auth.ThriftServer;
import org.apache.storm.utils.Utils;

class StockServer {
    public static void main(String[] args) throws Exception {
        Map<String, Object> conf = new HashMap<>(Utils.readDefaultConfig());
        conf.put("drpc.port", Integer.parseInt(args[0]));
        conf.put("drpc.invocations.port", Integer.parseInt(args[1]));
        conf.put("drpc.request.timeout.secs", 20);
        DRPCThrift service = new DRPCThrift(new DRPC(new StormMetricsRegistry(), conf));
        ThriftServer calls =
            new ThriftServer(conf, new DistributedRPC.Processor<>(service), ThriftConnectionType.DRPC);
        ThriftServer topologies =
            new ThriftServer(conf, new DistributedRPCInvocations.Processor<>(service), ThriftConnectionType.DRPC_INVOCATIONS);
        Thread second = new Thread(topologies::serve);
        second.setDaemon(true);
        second.start();
        calls.serve();
    }
}
