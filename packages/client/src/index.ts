export { ApiError, callAction, serviceVersions } from './api-client.ts';
export type { ApiEndpoint, Credential, JsonObject, ServiceName } from './api-client.ts';
export { sha256Hex, tc3Signature, tc3SigningKey, unsignedPayload, utcDate } from './tc3.ts';
export type { CredentialScope, SignedRequest } from './tc3.ts';
