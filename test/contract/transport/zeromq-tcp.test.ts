import { transportContract } from "./transport-suite.ts";
import { tcpStage } from "./zeromq-stage.ts";

transportContract("frames over ZeroMQ, tcp", tcpStage);
