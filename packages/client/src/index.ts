export { ApiError, callAction } from './api-client.ts';
export type { ApiEndpoint, Credential, JsonObject, Language } from './api-client.ts';
export { sha256Hex, tc3Signature, tc3SigningKey, unsignedPayload, utcDate } from './tc3.ts';
export type { CredentialScope, SignedRequest } from './tc3.ts';
