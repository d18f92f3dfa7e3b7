/** Labs for students: what one is, how far somebody is in it, and what the live cluster says to its checks. */
export { labErrorCodes } from "./error-codes.ts";
export type { Act, Asked, Check, Evidence, Lab, LabNeeds, LabStep, Proof } from "./lab.ts";
export { LabCluster } from "./lab-cluster.ts";
export {
  type LabTexts,
  labContent,
  labFiles,
  lastChangeMs,
  layFiles,
  readLabTexts,
  requireEmpty,
} from "./lab-files.ts";
export type { LabText, StepText } from "./lab-text.ts";
export type { LabProgress, Progress, StepProgress } from "./progress.ts";
export { ProgressFile } from "./progress-file.ts";
export { type LabReport, labReport, reportHtml, reportMarkdown } from "./report.ts";
export { hintsPerStep, LabSession } from "./session.ts";
export { foreignImports, labFaults, proveLab, type StageReport } from "./verify.ts";
