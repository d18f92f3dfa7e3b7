/** The codes of this room's errors, and those of the launcher and the scripts, which run before any room does. */
import type { ErrorCodes } from "../base/index.ts";

export const cliErrorCodes: ErrorCodes = {
  "SL-USAGE": {
    meaning:
      "The words after storm-lab are not a command that it knows, or an argument or option is missing, unknown or not allowed.",
    hint: "storm-lab help, or storm-lab help COMMAND, shows what is accepted.",
  },
  "SL-EXPLAIN-UNKNOWN": {
    meaning: "explain was asked for a code that no error has.",
    hint: "storm-lab explain without a code lists them all.",
  },
  "SL-CONFIRM": {
    meaning: "A command that removes data was not told to go on.",
    hint: "Answer with y, or give --yes; --keep-data keeps the data.",
  },
  "SL-CLUSTER-EXISTS": {
    meaning: "init was to plan a cluster under the name of one that is there already.",
    hint: "Take another --name; storm-lab clusters lists those that are there.",
  },
  "SL-INIT-ANSWER": {
    meaning: "init needs an answer that has no usual value here, and there is no terminal on which to ask.",
    hint: "Give the flag that is named.",
  },
  "SL-INIT-FOLDER": {
    meaning: "init cannot write its file: the folder is not there, or may not be written to.",
    hint: "Name another file with --file.",
  },
  "SL-CLUSTER-FILE-EXISTS": {
    meaning: "init was to write a file that is there already.",
    hint: "Use the file as it is, or name another one with --file.",
  },
  "SL-TOPOLOGY-NAME-TAKEN": {
    meaning: "A topology of this name runs on the cluster, or the name has characters that Storm does not allow.",
    hint: "Kill the old one, or submit under another name with --name.",
  },
  "SL-QUICKSTART": {
    meaning: "The topology that quickstart was to show did not come to an end, or was none.",
    hint: "Bring a cluster up with storm-lab up, submit the topology, and read the logs of its workers.",
  },
  "SL-COMMAND-VALUE": {
    meaning: "An option of a command has a value that it cannot have.",
    hint: "storm-lab help COMMAND shows what each option takes.",
  },
  "SL-MONITOR-COMPONENT": {
    meaning: "The component that was to be monitored does not run in the topology.",
    hint: "storm-lab monitor NAME lists the components.",
  },
  "SL-CONF-KEY": {
    meaning: "A key is neither one of Storm's nor set in the configuration that was read.",
    hint: "docs/storm-yaml.md lists the keys; --config names another file.",
  },
  "SL-BUNDLE-DAMAGED": {
    meaning:
      "A bundle was cut off or changed on its way, holds something that export does not write, or cannot be read.",
    hint: "Copy it once more, and compare the sizes.",
  },
  "SL-BUNDLE-EXISTS": {
    meaning: "A bundle was to be written or unpacked where something is already.",
    hint: "Name another place, or remove what is there.",
  },
  "SL-BUNDLE-INCOMPLETE": {
    meaning:
      "A package or a built file that the program needs is not installed here, so a bundle of it would not work.",
    hint: "npm ci && npm run build",
  },
  "SL-BUG": {
    meaning: "Something happened that storm-lab does not expect; the fault is its own, not yours.",
    hint: "Run the command again with --verbose, and report what it prints together with the command.",
  },
  "SL-WORKERS": {
    meaning: "The number of workers is not a whole number in the allowed range.",
    hint: "One worker for each core is plenty.",
  },
  "SL-WORKER-ALONE": {
    meaning: "A worker was started by hand; it takes its orders from storm-lab local.",
    hint: "storm-lab local FILE --workers 2",
  },
  "SL-NODE-TOO-OLD": {
    meaning:
      "storm-lab starts under any Node from 20 but runs on Node 24 or newer, which npm installs beside it on Linux (glibc) " +
      "and macOS. It is not there: optional packages were left out, or there is none for this platform.",
    hint: "Install again with npm ci --include=optional, or install Node 24 or newer.",
  },
  "SL-NOT-BUILT": {
    meaning: "The program in dist/ has not been built in this checkout.",
    hint: "npm run build, or npm start, which builds by itself.",
  },
  "SL-INSTALL-FAILED": {
    meaning:
      "npm could not install the packages; npm's own message comes first. Without a network it needs a filled cache.",
    hint: "npm ci --ignore-scripts",
  },
  "SL-BUILD-FAILED": {
    meaning: "The sources could not be bundled into dist/; the place is named above the error.",
    hint: "Repair the named source, then npm run build.",
  },
};
