/** What an endpoint counts; the public side is `TransportStats`. */
import type { TransportStats } from "./transport.ts";

export class Counters {
  tuplesSent = 0;
  tuplesReceived = 0;
  framesSent = 0;
  framesReceived = 0;
  bytesSent = 0;
  bytesReceived = 0;
  framesLost = 0;
  framesRefused = 0;

  snapshot(bytesWaiting: number): TransportStats {
    return {
      tuplesSent: this.tuplesSent,
      tuplesReceived: this.tuplesReceived,
      framesSent: this.framesSent,
      framesReceived: this.framesReceived,
      bytesSent: this.bytesSent,
      bytesReceived: this.bytesReceived,
      framesLost: this.framesLost,
      framesRefused: this.framesRefused,
      bytesWaiting,
    };
  }
}
