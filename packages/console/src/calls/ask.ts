import { say, wireLanguage } from '../words/said.ts';
import { CallError } from './call-error.ts';

type JsonObject = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: 'session' | 'call';
  readonly body?: JsonObject;
  /** Where the call goes: its error tells. */
  readonly region?: string | undefined;
  /** Nobody did anything: the page looks by itself, and keeps no session alive. */
  readonly isBackground?: boolean;
  readonly signal?: AbortSignal;
}

/** Asks the console's half of the server. Returns the content of `Response`; throws CallError. */
export async function ask({ method, path, body, region, isBackground = false, signal }: Asked): Promise<JsonObject> {
  const headers = new Headers({ 'X-TC-Language': wireLanguage() });
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  if (isBackground) headers.set('X-Console-Background', '1');
  const sent = body === undefined ? {} : { body: JSON.stringify(body, numbersOnly) };
  const options: RequestInit = { method, headers, ...sent, ...(signal === undefined ? {} : { signal }) };
  const reply = await fetch(`/console/${path}`, options).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new CallError('', say('problem.network'), '', 0);
  });
  const response = await responseOf(reply);
  const error = response['Error'] as { readonly Code: string; readonly Message: string } | undefined;
  if (error === undefined) return response;
  throw new CallError(error.Code, error.Message, String(response['RequestId']), reply.status, region);
}

/** As JSON what is no number would be null, which the service takes for left out: a bound that somebody mistyped would be none. */
function numbersOnly(name: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new CallError('', say('problem.number', { name }), '', 0);
  return value;
}

async function responseOf(reply: Response): Promise<JsonObject> {
  try {
    const { Response: response } = (await reply.json()) as { readonly Response?: JsonObject };
    if (response !== undefined) return response;
  } catch {
    // Something else answers at this address.
  }
  throw new CallError('', `${say('problem.network')} (HTTP ${reply.status})`, '', 0);
}
