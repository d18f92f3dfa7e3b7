import { simulatedStage } from "./stage.ts";
import { transportContract } from "./transport-suite.ts";

transportContract("frames over simulated links", simulatedStage);
