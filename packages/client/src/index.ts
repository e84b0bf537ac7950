export { ApiError, callAction, serviceVersions } from './api-client.ts';
export type { ApiEndpoint, Credential, JsonObject, ServiceName } from './api-client.ts';
export { canonicalRequest, sha256Hex, tc3Signature, unsignedPayload, utcDate } from './tc3.ts';
export type { CredentialScope, SignedRequest } from './tc3.ts';
