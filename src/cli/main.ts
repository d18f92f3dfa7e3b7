/** The command `storm-lab`. */
export {};
