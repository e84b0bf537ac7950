import { serviceVersions, type ServiceName } from '@landbridge/catalogue/service-versions';
import { sha256Hex, tc3Signature, utcDate } from './tc3.ts';

export interface Credential {
  readonly secretId: string;
  readonly secretKey: string;
  /** Of temporary credentials. */
  readonly token?: string;
}

export type Language = 'en-US' | 'zh-CN';

export interface ApiEndpoint {
  /** Such as `http://127.0.0.1:9700`. */
  readonly url: string;
  readonly credential: Credential;
  /** Region name; the service's usual one unless told otherwise. */
  readonly region?: string;
  /** Of messages; English unless told otherwise. */
  readonly language?: Language;
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
  // All that tells this call from another is signed, so that nobody on the way can send it again as one.
  const signed: [name: string, value: string][] = [
    ['content-type', 'application/json'],
    ['host', url.host],
    ['x-tc-action', action],
    ['x-tc-region', endpoint.region ?? ''],
    ['x-tc-timestamp', String(timestamp)],
    ['x-tc-version', serviceVersions[service]],
  ];
  const request = { method: 'POST', path: '/', query: '', headers: signed, payloadHash: sha256Hex(body) } as const;
  const signature = tc3Signature(request, timestamp, scope, endpoint.credential.secretKey);
  const sent = signed.filter(([name, value]) => name !== 'host' && value !== '');
  const reply = await fetch(new URL('/', url), {
    method: 'POST',
    body,
    signal: signal ?? null,
    headers: {
      ...Object.fromEntries(sent),
      'x-tc-language': endpoint.language ?? 'en-US',
      ...(endpoint.credential.token === undefined ? {} : { 'x-tc-token': endpoint.credential.token }),
      authorization:
        `TC3-HMAC-SHA256 Credential=${endpoint.credential.secretId}/${scope.date}/${service}/tc3_request, ` +
        `SignedHeaders=${signed.map(([name]) => name).join(';')}, Signature=${signature}`,
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
