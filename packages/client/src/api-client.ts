import { sha256Hex, tc3Signature, utcDate } from './tc3.ts';

export interface Credential {
  readonly secretId: string;
  readonly secretKey: string;
}

export interface ApiEndpoint {
  /** Such as `http://127.0.0.1:9700`. */
  readonly url: string;
  readonly credential: Credential;
  /** Region name; `local` unless told otherwise. */
  readonly region?: string;
}

/** An error that the service answered: a code of API 3.0 and its message. */
export class ApiError extends Error {
  readonly code: string;
  readonly requestId: string;

  constructor(code: string, message: string, requestId: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.requestId = requestId;
  }
}

export type JsonObject = Record<string, unknown>;

export const serviceVersions = { vpc: '2017-03-12', landbridge: '2026-11-01' } as const;
export type ServiceName = keyof typeof serviceVersions;

/**
 * Calls one Action and returns the content of `Response`.
 * Throws ApiError for an error answer, and the transport's error when nobody answers.
 */
export async function callAction(
  endpoint: ApiEndpoint,
  service: ServiceName,
  action: string,
  parameters: JsonObject = {},
  signal?: AbortSignal,
): Promise<JsonObject> {
  const url = new URL(endpoint.url);
  const body = JSON.stringify(parameters);
  const timestamp = Math.floor(Date.now() / 1000);
  const scope = { date: utcDate(timestamp), service };
  const signature = tc3Signature(
    {
      method: 'POST',
      path: '/',
      query: '',
      headers: [
        ['content-type', 'application/json'],
        ['host', url.host],
      ],
      payloadHash: sha256Hex(body),
    },
    timestamp,
    scope,
    endpoint.credential.secretKey,
  );
  const reply = await fetch(new URL('/', url), {
    method: 'POST',
    body,
    signal: signal ?? null,
    headers: {
      'Content-Type': 'application/json',
      'X-TC-Action': action,
      'X-TC-Version': serviceVersions[service],
      'X-TC-Timestamp': String(timestamp),
      'X-TC-Region': endpoint.region ?? 'local',
      'X-TC-Language': 'en-US',
      Authorization:
        `TC3-HMAC-SHA256 Credential=${endpoint.credential.secretId}/${scope.date}/${service}/tc3_request, ` +
        `SignedHeaders=content-type;host, Signature=${signature}`,
    },
  });
  return responseOf(await reply.text(), reply.status);
}

function responseOf(text: string, status: number): JsonObject {
  const response = parseEnvelope(text);
  if (response === undefined) throw new Error(`the endpoint does not speak API 3.0 (HTTP status ${status})`);
  const error = response['Error'];
  if (isObject(error)) {
    throw new ApiError(String(error['Code']), String(error['Message']), String(response['RequestId']));
  }
  return response;
}

function parseEnvelope(text: string): JsonObject | undefined {
  try {
    const envelope: unknown = JSON.parse(text);
    const response = isObject(envelope) ? envelope['Response'] : undefined;
    return isObject(response) ? response : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
