// Apache Storm's DRPCSpout and ReturnResults, in its LocalCluster, answering calls of our server. Arguments: DRPC's port, the invocations port.

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.storm.Config;
import org.apache.storm.LocalCluster;
import org.apache.storm.drpc.DRPCSpout;
import org.apache.storm.drpc.ReturnResults;
import org.apache.storm.task.OutputCollector;
import org.apache.storm.task.TopologyContext;
import org.apache.storm.topology.BasicOutputCollector;
import org.apache.storm.topology.OutputFieldsDeclarer;
import org.apache.storm.topology.TopologyBuilder;
import org.apache.storm.topology.base.BaseBasicBolt;
import org.apache.storm.tuple.Fields;
import org.apache.storm.tuple.Tuple;
import org.apache.storm.tuple.Values;
import org.apache.storm.utils.DRPCClient;
import org.apache.storm.utils.Utils;

class StockTopology {
    static class ExclaimBolt extends BaseBasicBolt {
        @Override
        public void execute(Tuple tuple, BasicOutputCollector collector) {
            collector.emit(new Values(tuple.getString(0) + "!", tuple.getValue(1)));
        }

        @Override
        public void declareOutputFields(OutputFieldsDeclarer declarer) {
            declarer.declare(new Fields("result", "return-info"));
        }
    }

    /** LocalCluster says "local", and ReturnResults would then look for a LocalDRPC. */
    static class ReturnToServer extends ReturnResults {
        @Override
        public void prepare(Map<String, Object> conf, TopologyContext context, OutputCollector collector) {
            Map<String, Object> remote = new HashMap<>(conf);
            remote.put("storm.cluster.mode", "distributed");
            super.prepare(remote, context, collector);
        }
    }

    public static void main(String[] args) throws Exception {
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("spout", new DRPCSpout("exclamation"));
        builder.setBolt("exclaim", new ExclaimBolt(), 3).shuffleGrouping("spout");
        builder.setBolt("return", new ReturnToServer(), 3).shuffleGrouping("exclaim");
        Config conf = new Config();
        conf.put("drpc.servers", List.of("127.0.0.1"));
        conf.put("drpc.port", Integer.parseInt(args[0]));
        conf.put("drpc.invocations.port", Integer.parseInt(args[1]));
        LocalCluster cluster = new LocalCluster();
        cluster.submitTopology("exclamation-drpc", conf, builder.createTopology());
        Map<String, Object> defaults = Utils.readDefaultConfig();
        try (DRPCClient client = new DRPCClient(defaults, "127.0.0.1", Integer.parseInt(args[0]))) {
            for (String text : new String[] {"hello", "", "größe-字-😀"}) {
                System.out.println("answer " + client.execute("exclamation", text));
            }
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
