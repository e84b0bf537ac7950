import type { IncomingRequest } from '../api/protocol/incoming-request.ts';
import { mediaTypeOf } from '../api/protocol/incoming-request.ts';
import type { UnprovenBytes } from '../api/protocol/unproven-bytes.ts';
import { decodeUtf8 } from '../api/wire/decode-utf8.ts';
import { JsonShape } from '../api/wire/json-shape.ts';
import { reject } from '../api/protocol/api-error.ts';
import type { Words } from '../domain/refusal.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The body, which is a JSON object. Throws ApiError where it is none, and beyond the bounds. */
export async function readJson(
  request: IncomingRequest,
  bounds: { readonly limit: number; readonly unproven: UnprovenBytes },
): Promise<JsonObject> {
  if (mediaTypeOf(request) !== 'application/json')
    malformed({ en: 'Content-Type is not application/json', zh: 'Content-Type 不是 application/json' });
  const shape = new JsonShape();
  const bytes = await request.body.read({ ...bounds, look: (part) => shape.scan(part) });
  const value = parse(decodeUtf8(bytes, { en: 'the body', zh: '请求体' }));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    malformed({ en: 'the body is no JSON object', zh: '请求体不是 JSON 对象' });
  return value as JsonObject;
}

/** Throws ApiError where the field is none. */
export function textIn(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value !== 'string') malformed({ en: `${name} is no text`, zh: `${name} 不是字符串` });
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    malformed({ en: 'the body is not JSON', zh: '请求体不是 JSON' });
  }
}

function malformed(problem: Words): never {
  return reject('request-malformed', { problem });
}
