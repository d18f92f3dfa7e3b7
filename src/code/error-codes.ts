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
  "SL-PROGRAM-RAN-ITSELF": {
    meaning: "A program ran its topologies in a LocalCluster of its own and submitted none to the cluster.",
    hint: "Give it the arguments with which it submits, or run it with `storm-lab local`.",
  },
  "SL-PROGRAM-SILENT": {
    meaning:
      "A program names StormSubmitter but submitted nothing when it was loaded. A worker loads it again, and takes the " +
      "topology that it gives to StormSubmitter.submitTopology.",
    hint: "Call it whenever the file is run, not only under import.meta.main, and without waiting for people.",
  },
  "SL-PROGRAM-ALONE": {
    meaning: "What calls StormSubmitter is no file, such as a line of `node -e`; workers could not load it again.",
    hint: "Write it into a file: `node driver.ts`, or `npx storm-lab submit driver.ts`.",
  },
  "SL-PROGRAM-SUBMIT": {
    meaning: "A program that was started by itself called `storm-lab submit`, which failed and said why.",
    hint: "Mend what it names; without a cluster: `npx storm-lab local FILE`.",
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
  "SL-CODE-TOO-LARGE": {
    meaning: "A topology's module and what it imports are larger than an archive may be.",
    hint: "Import less of a large package; leave large data on the nodes and name its path.",
  },
  "SL-CODE-RESERVED": {
    meaning: "A file of the topology has the name of a file that its archive has of its own.",
    hint: "Rename it.",
  },
  "SL-CODE-ARCHIVE": {
    meaning: "A topology's archive is damaged, or holds what an archive must not: paths that lead out of it, too much.",
    hint: "Submit the topology again.",
  },
  "SL-CODE-VERSION": {
    meaning: "A topology's archive was packed by another version of storm-lab, in a form that this one does not know.",
    hint: "Run the same version on all nodes, and submit the topology again.",
  },
  "SL-CODE-DIFFERS": {
    meaning:
      "A module makes another topology when it is loaded again than the one that was submitted. Workers make it again " +
      "from the same code and arguments.",
    hint: "Let it depend on its arguments alone: not on the time, chance, the environment or files that may change.",
  },
};
