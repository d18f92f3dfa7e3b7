/** The codes of this room's errors. */
import type { ErrorCodes } from "../../src/base/index.ts";

export const labErrorCodes: ErrorCodes = {
  "SL-LAB-NEEDS": {
    meaning: "The cluster has not what a lab needs: supervisors, free slots, a UI that answers checks.",
    hint: "Free slots with storm-lab kill, or start the lab with --cluster NAME on another cluster.",
  },
  "SL-LAB-FOLDER": {
    meaning: "The folder that a lab's files were to be laid into has something in it already.",
    hint: "Name another folder with --folder, or move what is there.",
  },
  "SL-LAB-UNKNOWN": {
    meaning: "There is no lab with this number or name.",
    hint: "storm-lab lab list shows all of them.",
  },
  "SL-LAB-NONE": {
    meaning: "A command means the lab that is under way, and none has been started.",
    hint: "storm-lab lab start 1",
  },
  "SL-LAB-ANSWER": {
    meaning: "A prediction was given that is none of the choices, or where none is asked for.",
    hint: "storm-lab lab show tells the step and its choices.",
  },
  "SL-LAB-VERIFY": {
    meaning: "A command by which lab verify was to bring a lab into a state failed.",
    hint: "For the lab's author: correct the proof in lab.ts.",
  },
  "SL-LAB-SOLUTION": {
    meaning: "The solution was asked for before the step is done.",
    hint: "Try storm-lab lab hint; storm-lab lab solution --anyway shows it all the same.",
  },
};
