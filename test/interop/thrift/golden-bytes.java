// Writes to a file, as JSON, what Apache Storm's own generated classes write: every struct, and every call and reply of every service.
// Values are made from the classes' own descriptions, so that nothing here repeats what Storm's definitions say.
// Run with Storm's jars: java -cp 'jars/*' golden-bytes.java FILE

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.storm.generated.Nimbus;
import org.apache.storm.serialization.GzipThriftSerializationDelegate;
import org.apache.storm.thrift.TBase;
import org.apache.storm.thrift.TEnum;
import org.apache.storm.thrift.TFieldIdEnum;
import org.apache.storm.thrift.TProcessor;
import org.apache.storm.thrift.TSerializer;
import org.apache.storm.thrift.TUnion;
import org.apache.storm.thrift.meta_data.EnumMetaData;
import org.apache.storm.thrift.meta_data.FieldMetaData;
import org.apache.storm.thrift.meta_data.FieldValueMetaData;
import org.apache.storm.thrift.meta_data.ListMetaData;
import org.apache.storm.thrift.meta_data.MapMetaData;
import org.apache.storm.thrift.meta_data.SetMetaData;
import org.apache.storm.thrift.meta_data.StructMetaData;
import org.apache.storm.thrift.protocol.TBinaryProtocol;
import org.apache.storm.thrift.protocol.TProtocol;
import org.apache.storm.thrift.protocol.TType;
import org.apache.storm.thrift.transport.TMemoryBuffer;
import org.apache.storm.thrift.transport.TMemoryInputTransport;
import org.apache.storm.thrift.transport.layered.TFramedTransport;

@SuppressWarnings({"unchecked", "rawtypes"})
class GoldenBytes {
    static final String PACKAGE = "org/apache/storm/generated/";
    static final String[] SERVICES = {"Nimbus", "Supervisor", "DistributedRPC", "DistributedRPCInvocations"};
    /** Pacemaker's messages and workers' tokens: nothing of storm-lab speaks them. */
    static final String ELSEWHERE = "HB.*|WorkerToken.*|PrivateWorkerKey";
    static final int FEW = 2;

    /** Each value differs from the ones before it. */
    static int counter = 0;
    /** Which constant of an enumeration and which member of a union is taken. */
    static int turn = 0;
    static boolean least = false;

    public static void main(String[] args) throws Exception {
        Json json = new Json();
        json.open('{');
        json.key("structs").open('[');
        for (String name : structNames()) {
            Class<?> type = Class.forName(PACKAGE.replace('/', '.') + name);
            for (turn = 0; turn < turns(type); turn++) struct(json, name, type, false);
            turn = 0;
            if (!TUnion.class.isAssignableFrom(type)) struct(json, name, type, true);
        }
        json.close(']');
        json.key("messages").open('[');
        for (String service : SERVICES) messages(json, service);
        json.close(']');
        json.close('}');
        Files.writeString(Path.of(args[0]), json.text);
    }

    static Set<String> structNames() throws Exception {
        Set<String> names = new TreeSet<>();
        String jar = Nimbus.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        try (JarFile file = new JarFile(jar)) {
            for (Enumeration<JarEntry> all = file.entries(); all.hasMoreElements(); ) {
                String path = all.nextElement().getName();
                if (!path.startsWith(PACKAGE) || path.contains("$") || !path.endsWith(".class")) continue;
                String name = path.substring(PACKAGE.length(), path.length() - ".class".length());
                Class<?> type = Class.forName(path.substring(0, path.length() - ".class".length()).replace('/', '.'));
                if (TBase.class.isAssignableFrom(type) && !name.matches(ELSEWHERE)) names.add(name);
            }
        }
        return names;
    }

    /** So many that every constant and every member has its turn. */
    static int turns(Class<?> type) throws Exception {
        int turns = TUnion.class.isAssignableFrom(type) ? fields(type).size() : 1;
        for (FieldMetaData field : fields(type).values())
            if (field.valueMetaData instanceof EnumMetaData)
                turns = Math.max(turns, ((EnumMetaData) field.valueMetaData).enumClass.getEnumConstants().length);
        return turns;
    }

    static void struct(Json json, String name, Class<?> type, boolean leastOfAll) throws Exception {
        least = leastOfAll;
        TBase value = make(type);
        least = false;
        json.open('{');
        json.key("name").string(name);
        json.key("value");
        write(json, value);
        json.key("bytes").string(base64(new TSerializer().serialize(value)));
        json.key("gzip").string(base64(new GzipThriftSerializationDelegate().serialize(value)));
        json.close('}');
    }

    static Map<TFieldIdEnum, FieldMetaData> fields(Class<?> type) throws Exception {
        return (Map<TFieldIdEnum, FieldMetaData>) type.getField("metaDataMap").get(null);
    }

    static TBase make(Class<?> type) throws Exception {
        TBase value = (TBase) type.getDeclaredConstructor().newInstance();
        Map<TFieldIdEnum, FieldMetaData> fields = fields(type);
        if (value instanceof TUnion) {
            TFieldIdEnum member = new ArrayList<>(fields.keySet()).get(turn % fields.size());
            value.setFieldValue(member, make(fields.get(member).valueMetaData, fields.get(member).fieldName));
            return value;
        }
        for (Map.Entry<TFieldIdEnum, FieldMetaData> field : fields.entrySet()) {
            boolean isRequired = field.getValue().requirementType == 1;
            if (isRequired || !least)
                value.setFieldValue(field.getKey(), make(field.getValue().valueMetaData, field.getValue().fieldName));
        }
        return value;
    }

    static Object make(FieldValueMetaData type, String name) throws Exception {
        counter++;
        switch (type.type) {
            case TType.BOOL:
                return counter % 2 == 0;
            case TType.DOUBLE:
                return counter % 5 == 0 ? -0.0 : counter * 1.1;
            case TType.I32:
                return counter % 7 == 0 ? Integer.MIN_VALUE + counter : counter * 1001;
            case TType.I64:
                if (name.equals("long_arg")) return Long.MIN_VALUE + counter;
                return counter % 6 == 0 ? -(1L << 53) + counter : counter % 5 == 0 ? (1L << 53) - counter : 1_795_465_827_123L + counter;
            case TType.STRING:
                if (!type.isBinary()) return counter % 4 == 0 ? name + "-größe-字-😀-" + counter : counter % 9 == 0 ? "" : name + "-" + counter;
                return ByteBuffer.wrap(new byte[] {(byte) counter, -1, 0, 127, -128});
            case TType.ENUM:
                Object[] constants = ((EnumMetaData) type).enumClass.getEnumConstants();
                return constants[turn % constants.length];
            case TType.STRUCT:
                return make(((StructMetaData) type).structClass);
            case TType.LIST:
                List<Object> list = new ArrayList<>();
                for (int i = 0; i < FEW; i++) list.add(make(((ListMetaData) type).elemMetaData, name));
                return list;
            case TType.SET:
                Set<Object> set = new HashSet<>();
                for (int i = 0; i < FEW; i++) set.add(make(((SetMetaData) type).elemMetaData, name));
                return set;
            case TType.MAP:
                Map<Object, Object> map = new HashMap<>();
                for (int i = 0; i < FEW; i++)
                    map.put(make(((MapMetaData) type).keyMetaData, name), make(((MapMetaData) type).valueMetaData, name));
                return map;
            default:
                throw new IllegalStateException("type " + type.type);
        }
    }

    static void messages(Json json, String service) throws Exception {
        String base = PACKAGE.replace('/', '.') + service;
        // Structs have shown all their fields by now.
        least = true;
        Method[] methods = Class.forName(base + "$Iface").getMethods();
        Arrays.sort(methods, Comparator.comparing(Method::getName));
        for (Method method : methods) {
            String name = method.getName();
            Class<?> argsType = Class.forName(base + "$" + name + "_args");
            Class<?> resultType = Class.forName(base + "$" + name + "_result");
            TBase args = (TBase) argsType.getDeclaredConstructor().newInstance();
            List<Object> values = new ArrayList<>();
            for (Map.Entry<TFieldIdEnum, FieldMetaData> field : fields(argsType).entrySet()) {
                args.setFieldValue(field.getKey(), make(field.getValue().valueMetaData, field.getValue().fieldName));
                values.add(args.getFieldValue(field.getKey()));
            }
            json.open('{');
            json.key("service").string(service);
            json.key("method").string(name);
            json.key("args");
            write(json, args);
            byte[] call = call(base, method, values);
            json.key("call").string(base64(call));
            json.key("replies").open('[');
            for (Map.Entry<TFieldIdEnum, FieldMetaData> field : fields(resultType).entrySet()) {
                Object value = make(field.getValue().valueMetaData, field.getValue().fieldName);
                reply(json, base, method, call, field.getKey().getThriftFieldId(), value);
            }
            if (method.getReturnType() == void.class) reply(json, base, method, call, 0, null);
            else if (!method.getReturnType().isPrimitive()) reply(json, base, method, call, 0, null);
            reply(json, base, method, call, -1, new RuntimeException("a bug"));
            json.close(']');
            json.close('}');
        }
    }

    /** As the service's own Client sends it. */
    static byte[] call(String base, Method method, List<Object> values) throws Exception {
        TMemoryBuffer sent = new TMemoryBuffer(64);
        TProtocol protocol = new TBinaryProtocol(new TFramedTransport(sent));
        Object client = Class.forName(base + "$Client").getConstructor(TProtocol.class).newInstance(protocol);
        Class<?>[] types = method.getParameterTypes();
        Object[] args = values.toArray();
        for (int i = 0; i < args.length; i++) if (args[i] instanceof byte[]) args[i] = ByteBuffer.wrap((byte[]) args[i]);
        client.getClass().getMethod("send_" + method.getName(), types).invoke(client, args);
        return bytes(sent);
    }

    /** As the service's own Processor answers. */
    static void reply(Json json, String base, Method method, byte[] call, int fieldId, Object value) throws Exception {
        Class<?> iface = Class.forName(base + "$Iface");
        Object handler = Proxy.newProxyInstance(iface.getClassLoader(), new Class<?>[] {iface}, (proxy, called, args) -> {
            if (value instanceof Throwable) throw (Throwable) value;
            return value;
        });
        TProcessor processor = (TProcessor) Class.forName(base + "$Processor").getConstructor(iface).newInstance(handler);
        // As THsHaServer reads it: the frame's four bytes are gone by then.
        TProtocol received = new TBinaryProtocol(new TMemoryInputTransport(call, 4, call.length - 4));
        TMemoryBuffer sent = new TMemoryBuffer(64);
        processor.process(received, new TBinaryProtocol(new TFramedTransport(sent)));
        json.open('{');
        json.key("field").number(fieldId);
        if (fieldId > 0) json.key("exception").string(value.getClass().getSimpleName());
        if (value != null && fieldId >= 0) {
            json.key("value");
            write(json, value);
        }
        json.key("bytes").string(base64(bytes(sent)));
        json.close('}');
    }

    static byte[] bytes(TMemoryBuffer buffer) {
        byte[] bytes = new byte[buffer.length()];
        System.arraycopy(buffer.getArray(), 0, bytes, 0, bytes.length);
        return bytes;
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Structs as objects, maps as lists of pairs, in the order in which they are written. */
    static void write(Json json, Object value) throws Exception {
        if (value instanceof TUnion) {
            TUnion union = (TUnion) value;
            json.open('{');
            json.key(union.getSetField().getFieldName());
            write(json, union.getFieldValue());
            json.close('}');
        } else if (value instanceof TBase) {
            TBase struct = (TBase) value;
            json.open('{');
            for (TFieldIdEnum field : fields(value.getClass()).keySet()) {
                if (!struct.isSet(field)) continue;
                json.key(field.getFieldName());
                write(json, struct.getFieldValue(field));
            }
            json.close('}');
        } else if (value instanceof Map) {
            json.open('[');
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                json.open('[');
                write(json, entry.getKey());
                write(json, entry.getValue());
                json.close(']');
            }
            json.close(']');
        } else if (value instanceof Iterable) {
            json.open('[');
            for (Object item : (Iterable<?>) value) write(json, item);
            json.close(']');
        } else if (value instanceof byte[]) {
            json.string(base64((byte[]) value));
        } else if (value instanceof ByteBuffer) {
            json.string(base64(((ByteBuffer) value).array()));
        } else if (value instanceof TEnum) {
            json.string(((Enum<?>) value).name());
        } else if (value instanceof Long && Math.abs((Long) value) >= 1L << 53) {
            json.string(value.toString());
        } else if (value instanceof Double && (Double) value == 0.0) {
            json.string("-0");
        } else if (value instanceof Number || value instanceof Boolean) {
            json.number(value);
        } else {
            json.string((String) value);
        }
    }

    static class Json {
        final StringBuilder text = new StringBuilder();
        private boolean isFirst = true;

        Json open(char bracket) {
            comma();
            text.append(bracket);
            isFirst = true;
            return this;
        }

        void close(char bracket) {
            text.append(bracket);
            isFirst = false;
        }

        Json key(String name) {
            string(name);
            text.append(':');
            isFirst = true;
            return this;
        }

        void string(String value) {
            comma();
            text.append('"').append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
        }

        void number(Object value) {
            comma();
            text.append(value);
        }

        private void comma() {
            if (!isFirst) text.append(',');
            isFirst = false;
        }
    }
}
