import { inprocessStage } from "./stage.ts";
import { transportContract } from "./transport-suite.ts";

transportContract("in one process", inprocessStage);
