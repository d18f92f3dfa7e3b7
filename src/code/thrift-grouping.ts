/** One subscription's grouping, as the builder describes it and as Storm's Thrift writes it. */
import { assertNever } from "../base/index.ts";
import type { GroupingSpec } from "../topology/index.ts";
import type { Grouping, JavaObject } from "../wire/thrift/index.ts";
import { foreignGrouping } from "./code-errors.ts";

/** Storm's own class. Without arguments it takes the stream's first field, which is the one key that Apache Storm can be told. */
const partialKeyClass = "org.apache.storm.grouping.PartialKeyGrouping";

/** Stands for an author's own grouping, which is made where the code is loaded; its argument is the name of its class. */
const customClass = "storm-lab.CustomStreamGrouping";

/** `sourceFields`: of the stream that is subscribed to. */
export function groupingToThrift(grouping: GroupingSpec, sourceFields: readonly string[]): Grouping {
  switch (grouping.type) {
    case "shuffle":
      return { shuffle: {} };
    case "fields":
      return { fields: grouping.fields };
    case "partial-key": {
      const isFirst = grouping.fields.length === 1 && grouping.fields[0] === sourceFields[0];
      return { custom_object: javaObject(partialKeyClass, isFirst ? [] : grouping.fields) };
    }
    case "all":
      return { all: {} };
    case "global":
      // Storm's word for it: fields grouping by no field at all.
      return { fields: [] };
    case "none":
      return { none: {} };
    case "direct":
      return { direct: {} };
    case "local-or-shuffle":
      return { local_or_shuffle: {} };
    case "custom":
      return { custom_object: javaObject(customClass, [grouping.className]) };
    default:
      return assertNever(grouping);
  }
}

/** Throws SL-TOPOLOGY-FOREIGN for a grouping that is a Java object. */
export function groupingFromThrift(
  grouping: Grouping,
  sourceFields: readonly string[],
  componentId: string,
): GroupingSpec {
  if (grouping.shuffle !== undefined) return { type: "shuffle" };
  if (grouping.fields !== undefined)
    return grouping.fields.length === 0 ? { type: "global" } : { type: "fields", fields: grouping.fields };
  if (grouping.all !== undefined) return { type: "all" };
  if (grouping.none !== undefined) return { type: "none" };
  if (grouping.direct !== undefined) return { type: "direct" };
  if (grouping.local_or_shuffle !== undefined) return { type: "local-or-shuffle" };
  if (grouping.custom_serialized !== undefined) throw foreignGrouping(componentId, "a serialised Java object");
  return fromJavaObject(grouping.custom_object, sourceFields, componentId);
}

function fromJavaObject(object: JavaObject, sourceFields: readonly string[], componentId: string): GroupingSpec {
  const words = object.args_list.map(({ string_arg }) => string_arg ?? "");
  if (object.full_class_name === customClass) return { type: "custom", className: words[0] ?? "" };
  if (object.full_class_name === partialKeyClass)
    return { type: "partial-key", fields: words.length === 0 ? sourceFields.slice(0, 1) : words };
  throw foreignGrouping(componentId, `the Java class ${object.full_class_name}`);
}

function javaObject(full_class_name: string, words: readonly string[]): JavaObject {
  return { full_class_name, args_list: words.map((string_arg) => ({ string_arg })) };
}
