// Prints, as JSON, the configuration that Apache Storm has without any file. Run with Storm's jars: java -cp 'jars/*' storm-defaults.java
import org.apache.storm.shade.net.minidev.json.JSONValue;
import org.apache.storm.utils.Utils;

class StormDefaults {
    public static void main(String[] args) {
        System.out.println(JSONValue.toJSONString(Utils.readDefaultConfig()));
    }
}
