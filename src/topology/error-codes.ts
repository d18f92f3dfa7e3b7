/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const topologyErrorCodes: ErrorCodes = {
  "SL-TOPOLOGY-NAME": {
    meaning:
      "The topology's name is empty or has one of / . : \\ in it. The name becomes part of ids, paths and znodes.",
    hint: "Give it a plain name, such as word-count.",
  },
  "SL-NO-SPOUT": {
    meaning: "A topology needs at least one spout: nothing else brings tuples in.",
    hint: "Add one with setSpout.",
  },
  "SL-NO-INPUT": {
    meaning: "A bolt subscribes to no stream, so it would never receive a tuple.",
    hint: "Add a grouping to it, such as .shuffleGrouping(source).",
  },
  "SL-COMPONENT-ID": {
    meaning: "A component's id is not a text or is empty.",
    hint: "Name the component after what it does.",
  },
  "SL-COMPONENT-DUPLICATE": { meaning: "Two spouts or bolts have the same id.", hint: "Rename one of them." },
  "SL-COMPONENT-KIND": {
    meaning: "setSpout got no spout, or setBolt got no bolt.",
    hint: "A spout extends BaseRichSpout; a bolt extends BaseRichBolt or BaseBasicBolt.",
  },
  "SL-COMPONENT-UNKNOWN": {
    meaning: "A grouping or a call names a component that the topology does not have.",
    hint: "Correct the id.",
  },
  "SL-COMPONENT-COPY": {
    meaning:
      "A component has several tasks, each needs its own copy, and a member of it (a function, a #private, a handle) cannot be copied.",
    hint: "Make the member in open or prepare, or give the builder a function that makes the component.",
  },
  "SL-ID-RESERVED": {
    meaning: "Ids of components and streams that begin with __ belong to the system.",
    hint: "Choose another id.",
  },
  "SL-STREAM-DECLARED": {
    meaning: "A stream is declared twice, or has a field twice, or has a field without a name.",
    hint: "Correct declareOutputFields.",
  },
  "SL-STREAM-UNKNOWN": {
    meaning: "A grouping names a stream that its source does not declare.",
    hint: "Declare the stream, or correct its id.",
  },
  "SL-FIELD-UNKNOWN": {
    meaning: "A fields grouping names a field that the stream does not have.",
    hint: "Correct the field's name.",
  },
  "SL-GROUPING-DIRECT": {
    meaning: "A direct stream is subscribed to by another grouping, or the other way round.",
    hint: "Use directGrouping on streams that are declared direct, and only there.",
  },
  "SL-PARALLELISM": {
    meaning: "A parallelism or number of tasks is not a whole number from 1 to 10000.",
    hint: "Start with 1.",
  },
  "SL-CONF-VALUE": {
    meaning: "A conf key of Storm has a value that it cannot have.",
    hint: "Use a value of the named kind.",
  },
};
