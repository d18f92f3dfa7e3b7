// Writes to a file, as JSON, what Apache Storm's own schedulers make of random small clusters: a case a line, with the assignments before
// and after. The same seed gives the same clusters. Run with Storm's jars: java -cp 'jars/*' storm-schedules.java FILE

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.storm.Config;
import org.apache.storm.DaemonConfig;
import org.apache.storm.daemon.nimbus.Nimbus;
import org.apache.storm.generated.Bolt;
import org.apache.storm.generated.ComponentCommon;
import org.apache.storm.generated.ComponentObject;
import org.apache.storm.generated.GlobalStreamId;
import org.apache.storm.generated.Grouping;
import org.apache.storm.generated.NullStruct;
import org.apache.storm.generated.ShellComponent;
import org.apache.storm.generated.SpoutSpec;
import org.apache.storm.generated.StormTopology;
import org.apache.storm.metric.StormMetricsRegistry;
import org.apache.storm.scheduler.Cluster;
import org.apache.storm.scheduler.DefaultScheduler;
import org.apache.storm.scheduler.ExecutorDetails;
import org.apache.storm.scheduler.IScheduler;
import org.apache.storm.scheduler.SchedulerAssignment;
import org.apache.storm.scheduler.SchedulerAssignmentImpl;
import org.apache.storm.scheduler.SupervisorDetails;
import org.apache.storm.scheduler.Topologies;
import org.apache.storm.scheduler.TopologyDetails;
import org.apache.storm.scheduler.WorkerSlot;
import org.apache.storm.scheduler.resource.ResourceAwareScheduler;
import org.apache.storm.scheduler.resource.normalization.ResourceMetrics;
import org.apache.storm.shade.net.minidev.json.JSONValue;
import org.apache.storm.utils.Utils;

class StormSchedules {
    static final int CASES = 30;
    static final Random random = new Random(7);
    static final StormMetricsRegistry metrics = new StormMetricsRegistry();
    static final List<String> lines = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        for (int i = 0; i < CASES; i++) byDefault();
        for (int i = 0; i < CASES; i++) byResources();
        Files.writeString(Path.of(args[0]), "[\n" + String.join(",\n", lines) + "\n]\n");
        System.exit(0);
    }

    /** One topology after the other; then a node dies, and comes back. */
    static void byDefault() {
        Map<String, Object> conf = Utils.readDefaultConfig();
        IScheduler scheduler = new DefaultScheduler();
        scheduler.prepare(conf, metrics);
        Map<String, SupervisorDetails> supervisors = supervisors(1 + random.nextInt(5));
        Map<String, TopologyDetails> topologies = new TreeMap<>();
        Map<String, SchedulerAssignment> state = new HashMap<>();
        for (int i = 0, count = 1 + random.nextInt(3); i < count; i++) {
            TopologyDetails topology = topology("t" + i, 1 + random.nextInt(6), conf, i, false);
            topologies.put(topology.getId(), topology);
            state = run("default", "fresh", scheduler, conf, supervisors, topologies, state);
        }
        String dead = "s" + random.nextInt(supervisors.size());
        Map<String, SupervisorDetails> rest = new TreeMap<>(supervisors);
        rest.remove(dead);
        Map<String, SchedulerAssignment> left = new HashMap<>();
        for (SchedulerAssignment assignment : state.values()) {
            Map<ExecutorDetails, WorkerSlot> alive = new HashMap<>();
            assignment.getExecutorToSlot().forEach((executor, slot) -> {
                if (!slot.getNodeId().equals(dead)) alive.put(executor, slot);
            });
            left.put(assignment.getTopologyId(), new SchedulerAssignmentImpl(assignment.getTopologyId(), alive, null, null));
        }
        state = run("default", "dead", scheduler, conf, rest, topologies, left);
        run("default", "back", scheduler, conf, supervisors, topologies, state);
    }

    /** All topologies at once, some of which may not fit; then one of the first priority comes on top. */
    static void byResources() {
        Map<String, Object> conf = Utils.readDefaultConfig();
        conf.put(DaemonConfig.RESOURCE_AWARE_SCHEDULER_USER_POOLS, Map.of("ann", Map.of("cpu", 200, "memory", 2000)));
        IScheduler scheduler = new ResourceAwareScheduler();
        scheduler.prepare(conf, metrics);
        Map<String, SupervisorDetails> supervisors = supervisors(2 + random.nextInt(4));
        Map<String, TopologyDetails> topologies = new TreeMap<>();
        for (int i = 0, count = 1 + random.nextInt(4); i < count; i++) {
            TopologyDetails topology = topology("t" + i, 1, conf, 100 + i, true);
            topologies.put(topology.getId(), topology);
        }
        Map<String, SchedulerAssignment> state = run("resources", "fresh", scheduler, conf, supervisors, topologies, new HashMap<>());
        Map<String, Object> first = new HashMap<>(conf);
        first.put(Config.TOPOLOGY_PRIORITY, 0);
        topologies.put("urgent", topology("urgent", 1, first, 200, true));
        run("resources", "urgent", scheduler, conf, supervisors, topologies, state);
        scheduler.cleanup();
    }

    static Map<String, SchedulerAssignment> run(String scheduler, String round, IScheduler by, Map<String, Object> conf,
            Map<String, SupervisorDetails> supervisors, Map<String, TopologyDetails> topologies, Map<String, SchedulerAssignment> before) {
        Topologies all = new Topologies(topologies);
        Cluster cluster = new Cluster(new Nimbus.StandaloneINimbus(), new ResourceMetrics(metrics), supervisors, before, all, conf);
        by.schedule(all, cluster);
        Map<String, Object> line = new TreeMap<>();
        line.put("scheduler", scheduler);
        line.put("round", round);
        boolean resources = scheduler.equals("resources");
        line.put("supervisors", supervisors.values().stream().map((supervisor) -> shown(supervisor, resources)).toList());
        line.put("topologies", topologies.values().stream().map((topology) -> shown(topology, resources, conf)).toList());
        line.put("before", shown(before));
        line.put("after", shown(cluster.getAssignments()));
        lines.add(JSONValue.toJSONString(line));
        return cluster.getAssignments();
    }

    static Map<String, SupervisorDetails> supervisors(int count) {
        Map<String, SupervisorDetails> supervisors = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            List<Integer> ports = new ArrayList<>();
            for (int port = 0, last = 1 + random.nextInt(4); port < last; port++) ports.add(6700 + port);
            Map<String, Double> resources = new HashMap<>();
            resources.put("memory.mb", 500.0 + 100 * random.nextInt(30));
            resources.put("cpu.pcore.percent", 100.0 * (1 + random.nextInt(4)));
            if (random.nextInt(3) == 0) resources.put("gpu.count", 1.0 + random.nextInt(2));
            // Two supervisors may share a host.
            supervisors.put("s" + i, new SupervisorDetails("s" + i, "host-" + (i - random.nextInt(4) / 3), null, ports, resources));
        }
        return supervisors;
    }

    static TopologyDetails topology(String id, int workers, Map<String, Object> defaults, int launchSecs, boolean resources) {
        Map<String, Object> conf = new HashMap<>(defaults);
        conf.put(Config.TOPOLOGY_NAME, id);
        if (resources) {
            conf.put(Config.TOPOLOGY_WORKER_MAX_HEAP_SIZE_MB, 300 + 100 * random.nextInt(6));
            conf.put(Config.TOPOLOGY_RAS_ACKER_EXECUTORS_PER_WORKER, random.nextInt(3));
            conf.put(Config.TOPOLOGY_RAS_ORDER_EXECUTORS_BY_PROXIMITY_NEEDS, random.nextInt(4) == 0);
            conf.put(Config.TOPOLOGY_RAS_ONE_COMPONENT_PER_WORKER, random.nextInt(6) == 0);
            conf.putIfAbsent(Config.TOPOLOGY_PRIORITY, 29);
            if (!id.equals("urgent")) conf.put(Config.TOPOLOGY_PRIORITY, 10 + random.nextInt(3));
        }
        StormTopology topology = new StormTopology(new HashMap<>(), new HashMap<>(), new HashMap<>());
        Map<ExecutorDetails, String> executors = new HashMap<>();
        int task = 1;
        List<String> earlier = new ArrayList<>();
        for (int i = 0, count = 1 + random.nextInt(4); i < count; i++) {
            String component = String.valueOf((char) ('a' + i));
            for (int e = 0, many = 1 + random.nextInt(4); e < many; e++, task++) executors.put(new ExecutorDetails(task, task), component);
            Map<GlobalStreamId, Grouping> inputs = new HashMap<>();
            if (i > 0) {
                Grouping grouping = random.nextBoolean() ? Grouping.shuffle(new NullStruct()) : Grouping.fields(List.of("x"));
                inputs.put(new GlobalStreamId(earlier.get(random.nextInt(earlier.size())), "default"), grouping);
            }
            Map<String, Object> own = new HashMap<>();
            if (resources) {
                if (random.nextBoolean()) own.put(Config.TOPOLOGY_COMPONENT_RESOURCES_ONHEAP_MEMORY_MB, 50.0 * (1 + random.nextInt(6)));
                if (random.nextInt(3) == 0) own.put(Config.TOPOLOGY_COMPONENT_RESOURCES_OFFHEAP_MEMORY_MB, 50.0);
                if (random.nextBoolean()) own.put(Config.TOPOLOGY_COMPONENT_CPU_PCORE_PERCENT, 10.0 * (1 + random.nextInt(6)));
                if (random.nextInt(8) == 0) own.put(Config.TOPOLOGY_COMPONENT_RESOURCES_MAP, Map.of("gpu.count", 1.0));
            }
            ComponentCommon common = new ComponentCommon(inputs, new HashMap<>());
            common.set_json_conf(JSONValue.toJSONString(own));
            ComponentObject object = ComponentObject.shell(new ShellComponent("x", "y"));
            if (i == 0) topology.put_to_spouts(component, new SpoutSpec(object, common));
            else topology.put_to_bolts(component, new Bolt(object, common));
            earlier.add(component);
        }
        for (int e = 0, many = resources ? random.nextInt(3) : 1; e < many; e++, task++) executors.put(new ExecutorDetails(task, task), "__acker");
        return new TopologyDetails(id, conf, topology, workers, executors, launchSecs, random.nextBoolean() ? "ann" : "bob");
    }

    static Map<String, Object> shown(SupervisorDetails supervisor, boolean resources) {
        Map<String, Object> out = new TreeMap<>();
        out.put("id", supervisor.getId());
        out.put("host", supervisor.getHost());
        out.put("ports", supervisor.getAllPorts().stream().sorted().toList());
        if (resources) out.put("resources", new TreeMap<>(supervisor.getTotalResources().toNormalizedMap()));
        return out;
    }

    static Map<String, Object> shown(TopologyDetails topology, boolean resources, Map<String, Object> defaults) {
        Map<String, Object> out = new TreeMap<>();
        out.put("id", topology.getId());
        out.put("owner", topology.getTopologySubmitter());
        out.put("numWorkers", topology.getNumWorkers());
        out.put("launchTimeSecs", topology.getLaunchTime());
        Map<String, Object> conf = new TreeMap<>();
        topology.getConf().forEach((key, value) -> {
            boolean wanted = key.matches("topology\\.(ras\\.(acker|order|one).*|priority|worker\\.max\\.heap.*)");
            if (wanted && !value.equals(defaults.get(key))) conf.put(key, value);
        });
        if (resources) out.put("conf", conf);
        Map<String, List<Integer>> tasks = new TreeMap<>();
        topology.getExecutorToComponent().forEach((executor, component) ->
            tasks.computeIfAbsent(component, (id) -> new ArrayList<>()).add(executor.getStartTask()));
        List<Object> components = new ArrayList<>();
        tasks.forEach((id, first) -> components.add(component(topology.getTopology(), id, first.stream().sorted().toList(), resources)));
        out.put("components", components);
        return out;
    }

    static Map<String, Object> component(StormTopology topology, String id, List<Integer> tasks, boolean resources) {
        Map<String, Object> out = new TreeMap<>();
        boolean spout = topology.get_spouts().containsKey(id);
        ComponentCommon common = spout ? topology.get_spouts().get(id).get_common()
            : topology.get_bolts().containsKey(id) ? topology.get_bolts().get(id).get_common() : new ComponentCommon(Map.of(), Map.of());
        out.put("id", id);
        out.put("tasks", tasks);
        if (!resources) return out;
        out.put("kind", spout ? "spout" : "bolt");
        out.put("conf", common.get_json_conf() == null ? Map.of() : JSONValue.parse(common.get_json_conf()));
        List<Object> inputs = new ArrayList<>();
        common.get_inputs().forEach((stream, grouping) ->
            inputs.add(new TreeMap<>(Map.of("componentId", stream.get_componentId(), "shuffle", grouping.is_set_shuffle()))));
        out.put("inputs", inputs);
        return out;
    }

    /** Topology id → `[node, port, [first tasks]]` of each worker. */
    static Map<String, Object> shown(Map<String, ? extends SchedulerAssignment> assignments) {
        Map<String, Object> out = new TreeMap<>();
        assignments.forEach((id, assignment) -> {
            Map<String, List<Object>> workers = new TreeMap<>();
            assignment.getExecutorToSlot().forEach((executor, slot) -> {
                List<Object> worker = workers.computeIfAbsent(slot.getId(), (key) -> new ArrayList<>(List.of(slot.getNodeId(), slot.getPort(), new ArrayList<Integer>())));
                ((List<Integer>) worker.get(2)).add(executor.getStartTask());
            });
            for (List<Object> worker : workers.values()) ((List<Integer>) worker.get(2)).sort(null);
            out.put(id, new ArrayList<>(workers.values()));
        });
        return out;
    }
}
