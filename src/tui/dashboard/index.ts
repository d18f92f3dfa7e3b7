/** The terminal dashboard. */
export { type DashboardOptions, runDashboard } from "./run.ts";
export { dashboardKeys, dashboardWords } from "./words.ts";
