export { ApiError, callAction, serviceVersions } from './api-client.ts';
export type { ApiEndpoint, Credential, JsonObject, ServiceName } from './api-client.ts';
export { sha256Hex, tc3Signature, unsignedPayload, utcDate } from './tc3.ts';
export type { SignedRequest } from './tc3.ts';
