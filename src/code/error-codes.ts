/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const codeErrorCodes: ErrorCodes = {
  "SL-FILE-MISSING": {
    meaning: "There is no file at the given path.",
    hint: "Check the path; a relative one starts at the current folder.",
  },
  "SL-FILE-DIRECTORY": { meaning: "The path is a folder where a file is wanted.", hint: "Give the path of a file." },
  "SL-FILE-UNREADABLE": { meaning: "The file is there but cannot be read.", hint: "Check its permissions with ls -l." },
  "SL-TOPOLOGY-PARSE": {
    meaning:
      "The topology's file, or one that it imports, is not valid TypeScript or JavaScript. Types are only removed: " +
      "enums, parameter properties, namespaces and decorators cannot be used.",
    hint: "Correct the line that the error names; npx tsc --noEmit FILE shows more.",
  },
  "SL-TOPOLOGY-LOAD": {
    meaning:
      "The topology's file threw while it was loaded or while its function made the topology, or an import is missing.",
    hint: "Mend the file, or what it imports.",
  },
  "SL-TOPOLOGY-EXPORT": {
    meaning: "The file has no default export that returns { name, conf, topology }.",
    hint: "export default (args) => ({ name, conf, topology: builder.createTopology() })",
  },
  "SL-TOPOLOGY-FOREIGN": {
    meaning: "A topology has a component or a grouping that is no storm-lab code: a Java object, or another program.",
    hint: "Submit it to Apache Storm.",
  },
  "SL-SUBSCRIBED-TWICE": {
    meaning: "A bolt subscribes twice to one stream of one component; Storm keeps one grouping for each.",
    hint: "Keep one of the two, or emit on a second stream.",
  },
  "SL-CONF-JSON": {
    meaning:
      "A conf has a value that JSON cannot carry: a function, a number that is not finite, an object of a class.",
    hint: "Give texts, finite numbers, true, false, null, lists and plain objects; make the rest in open or prepare.",
  },
};
