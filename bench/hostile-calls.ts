import { Agent, request as httpRequest } from 'node:http';
import { callAction, sha256Hex, tc3Signature, utcDate, type Credential } from '@landbridge/client';

// What nobody, or a tenant, sends to stop the service. As a program of its own: sends calls of one kind for a while, one
// after the other, and ordinary ones beside.

export interface FuzzOrder {
  readonly url: string;
  readonly credential: Credential;
  /** Null: none, for comparison. */
  readonly kind: HostileCallKind | null;
  readonly seconds: number;
}

export interface FuzzReport {
  readonly calls: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly longestAnswerMs: number;
}

interface HostileCall {
  /** Unsigned ones are v1 forms or queries; the others are signed by a tenant. */
  readonly form: 'form' | 'query' | 'json';
  readonly action?: string;
  /** Sent in chunks of one byte each. */
  readonly isChopped?: true;
  readonly body: (credential: Credential) => string;
}

const mebibyte = 1024 * 1024;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const many = (part: string, bytes: number) => part.repeat(Math.floor(bytes / part.length));
/** What a form must hold to be hashed at all; the key exists, the signature is wrong. */
const claimed = ({ secretId }: Credential) =>
  `Action=DescribeVpcs&Version=2017-03-12&Timestamp=${Math.floor(Date.now() / 1000)}&SecretId=${secretId}&Signature=x`;
const filled = (credential: Credential, names: number, bytes: number) => {
  const start = claimed(credential);
  const room = Math.floor((bytes - start.length) / names) - 10;
  return (
    start +
    numbers(names)
      .map((index) => `&${'n'.repeat(20)}${index}=${'v'.repeat(Math.max(0, room - 20))}`)
      .join('')
  );
};
const values = (count: number, part: (index: number) => string) => numbers(count).map(part).join(',');

const calls = {
  'form, 8 MiB, 1.3 million names': {
    form: 'form',
    body: () =>
      `Action=DescribeVpcs${numbers(1_300_000)
        .map((index) => `&${index.toString(36)}=`)
        .join('')}`,
  },
  'form, 1 MiB, as many names as go': { form: 'form', body: () => `Action=DescribeVpcs${many('&a=', mebibyte - 20)}` },
  'form, 1 MiB, 9,500 names': { form: 'form', body: (credential) => filled(credential, 9500, mebibyte - 1000) },
  'form, 1 MiB, encoded values': {
    form: 'form',
    body: (credential) =>
      `${claimed(credential)}${values(15, (index) => `&v${index}=${many('%41', 65_000)}`).replaceAll(',', '')}`,
  },
  'form, 1 MiB, plus signs': {
    form: 'form',
    body: (credential) =>
      `${claimed(credential)}${values(15, (index) => `&v${index}=${many('+', 65_000)}`).replaceAll(',', '')}`,
  },
  'form, 1 MiB, in single bytes': {
    form: 'form',
    isChopped: true,
    body: () => `Action=A&a=${'v'.repeat(mebibyte - 20)}`,
  },
  'query, 32 KiB': { form: 'query', body: (credential) => `${claimed(credential)}${many('&a=', 32_000)}` },
  'JSON, 10 MiB of [': { form: 'json', body: () => many('[', 10 * mebibyte) },
  'JSON, 1 MiB of [': { form: 'json', body: () => many('[', mebibyte) },
  'JSON, 800,000 keys': { form: 'json', body: () => `{${many('"a":1,', mebibyte - 10)}"a":1}` },
  'JSON, 9,500 keys': { form: 'json', body: () => `{${values(9500, (index) => `"k${index}":${index}`)}}` },
  'JSON, 4,500 objects': {
    form: 'json',
    body: () => `{"Filters":[${values(4500, (index) => `{"k${index}":${index}}`)}]}`,
  },
  'JSON, 1 MiB of text': {
    form: 'json',
    action: 'CreateVpc',
    body: () => JSON.stringify({ VpcName: 'x'.repeat(mebibyte - 100), CidrBlock: '10.0.0.0/16' }),
  },
  'JSON, 1,000 long filter values': {
    form: 'json',
    body: () => {
      const Values = numbers(100).map((index) => `${'İ'.repeat(500)}${index}`);
      return JSON.stringify({ Filters: numbers(10).map(() => ({ Name: 'is-default', Values })) });
    },
  },
  'JSON, 1,000 policies': {
    form: 'json',
    action: 'ModifyVpnConnectionAttribute',
    body: () => {
      const policy = {
        LocalCidrBlock: '10.0.0.0/16',
        RemoteCidrBlock: numbers(8).map((index) => `10.${index}.0.0/16`),
      };
      return JSON.stringify({
        VpnConnectionId: 'vpnx-00000000',
        SecurityPolicyDatabases: numbers(1000).map(() => policy),
      });
    },
  },
} as const satisfies Record<string, HostileCall>;

export type HostileCallKind = keyof typeof calls;
export const hostileCallKinds = Object.keys(calls) as HostileCallKind[];

const ordinaryEvery = 20;

async function fuzz({ url, credential, kind, seconds }: FuzzOrder): Promise<FuzzReport> {
  const agent = new Agent({ keepAlive: true });
  const answers: Record<string, number> = {};
  const end = performance.now() + seconds * 1000;
  let count = 0;
  let longestAnswerMs = 0;
  const attack = async () => {
    if (kind === null) return;
    const call: HostileCall = calls[kind];
    const body = Buffer.from(call.body(credential));
    while (performance.now() < end) {
      const code = await send(url, call, body, credential, agent);
      answers[code] = (answers[code] ?? 0) + 1;
      count += 1;
    }
  };
  const ask = async () => {
    while (performance.now() < end) {
      const startedAt = performance.now();
      await callAction({ url, credential }, 'vpc', 'DescribeVpcs');
      longestAnswerMs = Math.max(longestAnswerMs, performance.now() - startedAt);
      await new Promise((resolve) => setTimeout(resolve, ordinaryEvery));
    }
  };
  await Promise.all([attack(), ask()]);
  agent.destroy();
  return { calls: count, answers, longestAnswerMs };
}

/** The code that was answered; `-` for success, `cut off` when there was no answer. */
function send(url: string, call: HostileCall, body: Buffer, credential: Credential, agent: Agent): Promise<string> {
  const isQuery = call.form === 'query';
  const path = isQuery ? `/?${body.toString()}` : '/';
  const length = call.isChopped ? { 'transfer-encoding': 'chunked' } : { 'content-length': body.length };
  const headers = isQuery ? {} : { ...length, ...headersOf(url, call, body, credential) };
  return new Promise((resolve) => {
    const request = httpRequest(
      new URL(path, url),
      { method: isQuery ? 'GET' : 'POST', agent, headers },
      (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString()));
        response.on('end', () => resolve(/"Code":"([\w.]+)"/.exec(text)?.[1] ?? '-'));
        response.on('error', () => resolve('cut off'));
      },
    );
    request.on('error', () => resolve('cut off'));
    if (call.isChopped) for (const byte of body) request.write(Buffer.of(byte));
    request.end(isQuery || call.isChopped ? undefined : body);
  });
}

function headersOf(url: string, call: HostileCall, body: Buffer, credential: Credential): Record<string, string> {
  if (call.form === 'form') return { 'content-type': 'application/x-www-form-urlencoded' };
  const timestamp = Math.floor(Date.now() / 1000);
  const scope = { date: utcDate(timestamp), service: 'vpc' };
  const headers = [
    ['content-type', 'application/json'],
    ['host', new URL(url).host],
  ] as const;
  const signed = { method: 'POST', path: '/', query: '', headers, payloadHash: sha256Hex(body) } as const;
  const signature = tc3Signature(signed, timestamp, scope, credential.secretKey);
  return {
    'content-type': 'application/json',
    'x-tc-action': call.action ?? 'DescribeVpcs',
    'x-tc-version': '2017-03-12',
    'x-tc-timestamp': String(timestamp),
    authorization:
      `TC3-HMAC-SHA256 Credential=${credential.secretId}/${scope.date}/vpc/tc3_request, ` +
      `SignedHeaders=content-type;host, Signature=${signature}`,
  };
}

if (import.meta.main)
  process.send?.(await fuzz(JSON.parse(process.argv[2] ?? '') as FuzzOrder), () => process.disconnect());
