// Apache Storm's own DRPC clients on our server. Arguments: DRPC's port, the invocations port.

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.storm.drpc.DRPCInvocationsClient;
import org.apache.storm.generated.DRPCExecutionException;
import org.apache.storm.generated.DRPCExceptionType;
import org.apache.storm.generated.DRPCRequest;
import org.apache.storm.utils.DRPCClient;
import org.apache.storm.utils.Utils;

class StockDrpcClient {
    public static void main(String[] args) throws Exception {
        Map<String, Object> conf = Utils.readDefaultConfig();
        int port = Integer.parseInt(args[0]);
        try (DRPCClient client = new DRPCClient(conf, "127.0.0.1", port)) {
            System.out.println("hello: " + client.execute("exclamation", "hello"));
            System.out.println("empty: " + client.execute("exclamation", ""));
            System.out.println("unicode: " + client.execute("exclamation", "größe-字-😀"));
            String longText = "x".repeat(1_000_000);
            System.out.println("long: " + client.execute("exclamation", longText).equals(longText + "!"));
            fails(client, "fails");
            fails(client, "nobody");
            serve(conf, client, Integer.parseInt(args[1]));
            System.out.println("after: " + client.execute("exclamation", "again"));
        }
        System.exit(0);
    }

    static void fails(DRPCClient client, String function) throws Exception {
        try {
            System.out.println(function + " " + client.execute(function, "x"));
        } catch (DRPCExecutionException e) {
            System.out.println(function + " " + e.get_type() + " " + e.get_msg());
        }
    }

    /** As DRPCSpout and ReturnResults do: asks again and again, answers by id. */
    static void serve(Map<String, Object> conf, DRPCClient client, int invocationsPort) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread topology = new Thread(() -> {
            try (DRPCInvocationsClient invocations = new DRPCInvocationsClient(conf, "127.0.0.1", invocationsPort)) {
                while (!over.get()) {
                    DRPCRequest request = invocations.fetchRequest("stock");
                    if (request.get_request_id().isEmpty()) {
                        Thread.sleep(1);
                    } else if (request.get_func_args().equals("fail")) {
                        invocations.failRequest(request.get_request_id());
                    } else if (request.get_func_args().equals("explain")) {
                        DRPCExecutionException why = new DRPCExecutionException("not today");
                        why.set_type(DRPCExceptionType.INTERNAL_ERROR);
                        invocations.failRequestV2(request.get_request_id(), why);
                    } else {
                        invocations.result(request.get_request_id(), request.get_func_args() + "?");
                    }
                }
            } catch (Exception e) {
                e.printStackTrace();
            }
        });
        topology.start();
        for (String text : new String[] {"hello", "fail", "explain"}) {
            try {
                System.out.println("stock " + client.execute("stock", text));
            } catch (DRPCExecutionException e) {
                System.out.println("stock " + e.get_type() + " " + e.get_msg());
            }
        }
        over.set(true);
        topology.join();
    }
}
