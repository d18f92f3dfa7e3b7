/** The codes of this room's errors. */
import type { ErrorCodes } from "./errors.ts";

export const baseErrorCodes: ErrorCodes = {
  "SL-PROCESS-SPAWN": {
    meaning: "A child process could not be started: no such program, no permission, or no room for another process.",
    hint: "Check the program's path, its permissions, its working folder and its output files.",
  },
  "SL-LINKS-ABSENT": {
    meaning: "A part that needs message links between workers runs in a process that was started without them.",
    hint: "Start it by its role, which brings ZeroMQ.",
  },
  "SL-SCOPE-OVER": {
    meaning: "A part of the program started something while it was being closed.",
    hint: "Report it with the command that led to it: the fault is storm-lab's own.",
  },
  "SL-SIM-UNCAUGHT": {
    meaning: "A process of the simulated world ended by an error that nothing caught.",
    hint: "Run the seed again with a timeline; the cause is attached.",
  },
  "SL-SIM-DEADLINE": {
    meaning: "What a simulation waited for did not come about in its virtual time.",
    hint: "Run the seed again with a timeline to see what happened instead.",
  },
  "SL-SIM-RUNAWAY": {
    meaning: "Something in the simulated world repeats itself without letting time pass.",
    hint: "Look at the timeline of the seed for the process that repeats itself.",
  },
  "SL-SIM-RUNNING": {
    meaning: "The simulated world was told to run while it was running.",
    hint: "Await each call before the next one.",
  },
  "SL-SIM-HOST": {
    meaning: "A process was to start on a simulated host whose power is off.",
    hint: "Power it on first.",
  },
  "SL-SIM-PROGRAM": {
    meaning: "The simulated world was asked for a program that nobody registered.",
    hint: "Register it before the first start.",
  },
};
