import { transportContract } from "./transport-suite.ts";
import { ipcStage } from "./zeromq-stage.ts";

transportContract("frames over ZeroMQ, ipc", ipcStage);
