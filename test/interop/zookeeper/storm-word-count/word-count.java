/*
 * A word count for Apache Storm as its users write one: a spout with message ids, a split and a fields grouping, all acked.
 * What it found it writes into files of the folder that the configuration names, for the test beside it:
 *   spout            "emitted acked failed", at every tenth ack and at the last
 *   count-<task id>  one line a word, at every tick of a second
 */
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import org.apache.storm.Config;
import org.apache.storm.StormSubmitter;
import org.apache.storm.spout.SpoutOutputCollector;
import org.apache.storm.task.OutputCollector;
import org.apache.storm.task.TopologyContext;
import org.apache.storm.topology.BasicOutputCollector;
import org.apache.storm.topology.OutputFieldsDeclarer;
import org.apache.storm.topology.TopologyBuilder;
import org.apache.storm.topology.base.BaseBasicBolt;
import org.apache.storm.topology.base.BaseRichBolt;
import org.apache.storm.topology.base.BaseRichSpout;
import org.apache.storm.tuple.Fields;
import org.apache.storm.tuple.Tuple;
import org.apache.storm.tuple.Values;
import org.apache.storm.utils.TupleUtils;

/** Arguments: name, folder for results, number of lines, milliseconds between two lines. */
class WordCount {
    public static void main(String[] args) throws Exception {
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("lines", new Lines());
        builder.setBolt("split", new Split(), 2).shuffleGrouping("lines");
        builder.setBolt("count", new Count(), 2).fieldsGrouping("split", new Fields("word"));
        Config conf = new Config();
        conf.setNumWorkers(1);
        conf.put("word-count.folder", args[1]);
        conf.put("word-count.lines", Integer.parseInt(args[2]));
        conf.put("word-count.pause.ms", Integer.parseInt(args[3]));
        StormSubmitter.submitTopology(args[0], conf, builder.createTopology());
    }

    /** Beside its name first: a reader never sees half of it. */
    static void write(Map<String, Object> conf, String name, String text) {
        Path folder = Path.of((String) conf.get("word-count.folder"));
        try {
            Path unfinished = folder.resolve("." + name);
            Files.writeString(unfinished, text);
            Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int number(Map<String, Object> conf, String key) {
        return ((Number) conf.get(key)).intValue();
    }
}

/** Line i is "storm word-(i mod 7) line-(i mod 100)". A failed line is emitted again. */
class Lines extends BaseRichSpout {
    private transient Map<String, Object> conf;
    private transient SpoutOutputCollector collector;
    private final ArrayDeque<Integer> again = new ArrayDeque<>();
    private long nextMs;
    private int next;
    private int emitted;
    private int acked;
    private int failed;

    @Override
    public void open(Map<String, Object> conf, TopologyContext context, SpoutOutputCollector collector) {
        this.conf = conf;
        this.collector = collector;
    }

    @Override
    public void nextTuple() {
        long nowMs = System.currentTimeMillis();
        Integer line = again.poll();
        if (line == null) {
            if (next == WordCount.number(conf, "word-count.lines") || nowMs < nextMs) return;
            nextMs = nowMs + WordCount.number(conf, "word-count.pause.ms");
            line = next++;
        }
        emitted++;
        collector.emit(new Values("storm word-" + line % 7 + " line-" + line % 100), line);
    }

    @Override
    public void ack(Object id) {
        acked++;
        if (acked % 10 == 0 || acked == WordCount.number(conf, "word-count.lines")) report();
    }

    @Override
    public void fail(Object id) {
        failed++;
        again.add((Integer) id);
        report();
    }

    private void report() {
        WordCount.write(conf, "spout", emitted + " " + acked + " " + failed + "\n");
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
        declarer.declare(new Fields("line"));
    }
}

class Split extends BaseBasicBolt {
    @Override
    public void execute(Tuple tuple, BasicOutputCollector collector) {
        for (String word : tuple.getString(0).split(" ")) collector.emit(new Values(word));
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
        declarer.declare(new Fields("word"));
    }
}

class Count extends BaseRichBolt {
    private transient Map<String, Object> conf;
    private transient OutputCollector collector;
    private final TreeMap<String, Integer> counts = new TreeMap<>();
    private String name;

    @Override
    public void prepare(Map<String, Object> conf, TopologyContext context, OutputCollector collector) {
        this.conf = conf;
        this.collector = collector;
        this.name = "count-" + context.getThisTaskId();
    }

    @Override
    public void execute(Tuple tuple) {
        if (TupleUtils.isTick(tuple)) {
            StringBuilder text = new StringBuilder();
            counts.forEach((word, count) -> text.append(word).append(' ').append(count).append('\n'));
            WordCount.write(conf, name, text.toString());
        } else {
            counts.merge(tuple.getString(0), 1, Integer::sum);
        }
        collector.ack(tuple);
    }

    @Override
    public Map<String, Object> getComponentConfiguration() {
        return Map.of(Config.TOPOLOGY_TICK_TUPLE_FREQ_SECS, 1);
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {}
}
