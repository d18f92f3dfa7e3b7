/** `npm run docs`: writes docs/errors.md from the codes that the rooms register. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { allErrorCodes } from "../src/cli/index.ts";
import { errorsPage } from "./errors-page.ts";

writeFileSync(join(dirname(fileURLToPath(import.meta.url)), "..", "docs", "errors.md"), errorsPage(allErrorCodes));
