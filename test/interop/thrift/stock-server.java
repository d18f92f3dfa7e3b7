// Apache Storm's own Thrift server (SimpleTransportPlugin, THsHaServer) with a DRPC service. Argument: its port.

import java.util.Map;
import org.apache.storm.generated.DRPCExceptionType;
import org.apache.storm.generated.DRPCExecutionException;
import org.apache.storm.generated.DistributedRPC;
import org.apache.storm.security.auth.ThriftConnectionType;
import org.apache.storm.security.auth.ThriftServer;
import org.apache.storm.utils.Utils;

class StockServer {
    public static void main(String[] args) throws Exception {
        Map<String, Object> conf = Utils.readDefaultConfig();
        conf.put("drpc.port", Integer.parseInt(args[0]));
        DistributedRPC.Iface handler = (name, text) -> {
            switch (name) {
                case "typed":
                    DRPCExecutionException typed = new DRPCExecutionException("too late");
                    typed.set_type(DRPCExceptionType.SERVER_TIMEOUT);
                    throw typed;
                case "untyped":
                    throw new DRPCExecutionException("no");
                case "null":
                    return null;
                case "bug":
                    throw new IllegalArgumentException("a bug");
                default:
                    return text;
            }
        };
        System.out.println("# serving");
        new ThriftServer(conf, new DistributedRPC.Processor<>(handler), ThriftConnectionType.DRPC).serve();
    }
}
