/** `npm run docs`: writes the pages of docs/ that are made from the sources. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { allErrorCodes, commandTable, globalOptionSpecs } from "../src/cli/index.ts";
import { knownKeys } from "../src/conf/index.ts";
import { commandsPage } from "./commands-page.ts";
import { dashboardPage } from "./dashboard-page.ts";
import { errorsPage } from "./errors-page.ts";
import { stormYamlPage } from "./storm-yaml-page.ts";

const docs = join(dirname(fileURLToPath(import.meta.url)), "..", "docs");
writeFileSync(join(docs, "dashboard.md"), dashboardPage());
writeFileSync(join(docs, "errors.md"), errorsPage(allErrorCodes));
writeFileSync(join(docs, "storm-yaml.md"), stormYamlPage(knownKeys));
writeFileSync(join(docs, "commands.md"), commandsPage(commandTable, globalOptionSpecs));
