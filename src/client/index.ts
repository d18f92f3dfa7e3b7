/** Typed caller of the cluster's ports, ours or Apache Storm's. */
export { type BlobDownload, downloadBlob } from "./blob-download.ts";
export {
  DRPCClient,
  type DRPCClientOptions,
  type DRPCServerAddress,
  drpcPort,
  drpcServersOf,
  type ExecuteOptions,
} from "./drpc-client.ts";
export { clientErrorCodes } from "./error-codes.ts";
export { type UploadProgress, uploadFile } from "./file-upload.ts";
export { type LeaderAddress, type NimbusCalls, NimbusClient, type NimbusClientOptions } from "./nimbus-client.ts";
export type * from "./ui-answers.ts";
export { type AskOptions, UiClient, type UiClientOptions, type UiLogText, uiPath } from "./ui-client.ts";
export type { UiEventStream, UiStreamListener } from "./ui-event-stream.ts";
export { emptyUiPicture, pictureAfter, type UiPicture, type UiPicturedTopology } from "./ui-picture.ts";
