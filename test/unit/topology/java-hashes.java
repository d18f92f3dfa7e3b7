// Prints java-hashes.json: `java test/unit/topology/java-hashes.java > test/unit/topology/java-hashes.json` (run on Java 17).
// A value is written as a pair [kind, what]; see java-hash.test.ts.
import java.math.BigInteger;
import java.util.*;

class JavaHashes {
    static final int[] TASK_COUNTS = {1, 2, 3, 4, 7, 8, 1000};

    public static void main(String[] args) {
        List<Object> values = new ArrayList<>(Arrays.asList(
            "", "a", "the", "storm", "nimbus", "The quick brown fox", "polygenelubricants", "\u0000", "é", "道可道，非常道。",
            "明月", "😀", "a😀b", "\ud83d", "\ude00\ud83d", "\ufeffa", "\ufffd", "x".repeat(1000),
            0L, 1L, -1L, 42L, 2147483647L, 2147483648L, -2147483648L, -2147483649L, 4294967296L, -4294967297L,
            9007199254740991L, -9007199254740991L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 62,
            new BigInteger("9223372036854775808"), new BigInteger("-9223372036854775809"), BigInteger.TWO.pow(200).negate(),
            new BigInteger("123456789012345678901234567890"),
            0.5, -0.5, 1.5e300, -1e-300, Math.PI, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN,
            Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
            true, false, null,
            new byte[] {}, new byte[] {0}, new byte[] {1, 2, 3}, new byte[] {-1, -128, 127, 0},
            List.of(), List.of("a"), List.of("a", 1L, true), Arrays.asList("a", null, List.of(-1L, List.of("b"))),
            new LinkedHashMap<>(), new LinkedHashMap<>(Map.of("a", 1L)), mapOf("word", "storm", "count", -7L, "tags", List.of("x", "y"), "none", null),
            new LinkedHashSet<>(List.of("a", "b", 3L)), mapOf(1L, "one", false, 2.5),
            new Date(0), new Date(1700000000000L), new Date(-1)));
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) text.append((char) random.nextInt(65536));
            values.add(text.toString());
            values.add(random.nextLong());
            values.add((long) random.nextInt());
            values.add(Double.longBitsToDouble(random.nextLong()));
        }
        StringBuilder out = new StringBuilder("{\n  \"taskCounts\": " + Arrays.toString(TASK_COUNTS) + ",\n  \"values\": [");
        String comma = "";
        for (Object value : values) {
            // A byte[] has a hash of its contents only where Storm looks into it: Arrays.deepHashCode of the keys.
            int hash = value instanceof byte[] bytes ? Arrays.hashCode(bytes) : Objects.hashCode(value);
            out.append(comma).append("\n    { \"value\": ").append(json(value)).append(", \"hash\": ").append(hash).append(" }");
            comma = ",";
        }
        out.append("\n  ],\n  \"keys\": [");
        List<List<Object>> keys = new ArrayList<>();
        for (Object value : values) keys.add(Collections.singletonList(value));
        keys.add(List.of());
        keys.add(List.of("storm", 1L));
        keys.add(Arrays.asList(null, "storm", -5L, 0.25, true, new byte[] {-1, 1}, List.of("a", "b")));
        for (int i = 0; i < 30; i++) keys.add(List.of("user-" + random.nextInt(), random.nextLong(), random.nextDouble()));
        comma = "";
        for (List<Object> key : keys) {
            int[] indexes = new int[TASK_COUNTS.length];
            for (int i = 0; i < indexes.length; i++) indexes[i] = Math.floorMod(Arrays.deepHashCode(key.toArray()), TASK_COUNTS[i]);
            out.append(comma).append("\n    { \"key\": ").append(json(key)).append(", \"indexes\": ").append(Arrays.toString(indexes)).append(" }");
            comma = ",";
        }
        System.out.println(out.append("\n  ]\n}"));
    }

    static Map<Object, Object> mapOf(Object... pairs) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) map.put(pairs[i], pairs[i + 1]);
        return map;
    }

    static String json(Object value) {
        if (value == null) return "[\"null\"]";
        if (value instanceof String text) return "[\"string\", " + quoted(text) + "]";
        if (value instanceof Boolean) return "[\"boolean\", " + value + "]";
        if (value instanceof Long || value instanceof BigInteger) return "[\"integer\", \"" + value + "\"]";
        if (value instanceof Double number) return "[\"double\", \"" + number + "\"]";
        if (value instanceof byte[] bytes) return "[\"bytes\", " + Arrays.toString(bytes) + "]";
        if (value instanceof Date date) return "[\"date\", " + date.getTime() + "]";
        if (value instanceof List<?> list) return "[\"list\", " + joined(list) + "]";
        if (value instanceof Set<?> set) return "[\"set\", " + joined(set) + "]";
        List<Object> entries = new ArrayList<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) entries.add(Arrays.asList(entry.getKey(), entry.getValue()));
        return "[\"map\", " + joined(entries) + "]";
    }

    static String joined(Collection<?> items) {
        StringJoiner joiner = new StringJoiner(", ", "[", "]");
        for (Object item : items) joiner.add(json(item));
        return joiner.toString();
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c >= ' ' && c < 127 && c != '"' && c != '\\') quoted.append(c);
            else quoted.append(String.format("\\u%04x", (int) c));
        }
        return quoted.append('"').toString();
    }
}
