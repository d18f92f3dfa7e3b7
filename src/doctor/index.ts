/** What is wrong with this machine or with a cluster on it: checks over facts, findings in words, a report for others. */
export { checkCluster } from "./cluster-checks.ts";
export { gatherClusterFacts } from "./cluster-facts.ts";
export { doctorErrorCodes } from "./error-codes.ts";
export { type Finding, type ToldFinding, tellFinding } from "./finding.ts";
export { checkMachine, type MachineFacts, type TakenPort } from "./machine-checks.ts";
export { reportFiles } from "./report.ts";
export { doctorTexts } from "./texts.ts";
