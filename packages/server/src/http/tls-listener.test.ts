import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, TLSSocket } from 'node:tls';
import type { IncomingMessage } from 'node:http';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { startHarness, type ApiHarness } from '../../testing/api-harness.ts';
import { makeCertificate, type SampleCertificate } from '../../testing/sample-certificate.ts';
import { Door } from './doors.ts';
import { readCertificateFiles } from './certificate-files.ts';
import { TlsListener } from './tls-listener.ts';

/** Now, as the certificates know it. */
class TodaysClock extends FakeClock {
  override now(): number {
    return Date.now();
  }
}

let directory: string;
let api: ApiHarness;
let files: SampleCertificate;
let clock: TodaysClock;
let listener: TlsListener | undefined;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'landbridge-tls-'));
  api = await startHarness();
  await api.app.ready();
  files = await makeCertificate(directory, 'first');
  clock = new TodaysClock();
});
afterEach(async () => {
  listener?.close();
  listener = undefined;
  await api.close();
  rmSync(directory, { recursive: true, force: true });
});

async function start(): Promise<TlsListener> {
  const logger = pino({}, { write: () => undefined });
  listener = await TlsListener.start(api.app.server, {
    door: new Door({ host: '127.0.0.1', port: 0 }),
    readFiles: () => readCertificateFiles(files),
    ...{ clock, logger },
  });
  return listener;
}

/** Asks without a signature, and answers what came and whose certificate it came under. */
async function ask(url: string, ca = readFileSync(files.certificate)): Promise<[string, string]> {
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { ca, agent: false }, resolve).on('error', reject).end();
  });
  const { socket } = message;
  if (!(socket instanceof TLSSocket)) throw new Error('not TLS');
  const { subject } = socket.getPeerCertificate();
  return [await text(message), String(subject.CN)];
}

describe('the TLS listener', () => {
  it('speaks the API, under its certificate', async () => {
    const { url } = await start();
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const [body, name] = await ask(url);
    expect([name, JSON.parse(body)]).toMatchObject(['first', { Response: { Error: { Code: 'MissingParameter' } } }]);
    expect(listener?.readCondition()).toEqual({ name: 'tls', ok: true, message: '' });
  });

  it('keeps to the bounds of the plain listener', async () => {
    const { url } = await start();
    const [body] = await ask(`${url}/?${'x'.repeat(33 * 1024)}`);
    expect(JSON.parse(body)).toMatchObject({ Response: { Error: { Code: 'RequestSizeLimitExceeded' } } });
  });

  it('is not for plain HTTP, nor for TLS before 1.2, nor for who trusts another certificate', async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    const plain = connectPlain(port, '127.0.0.1');
    plain.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await text(plain).catch(() => '')).not.toContain('HTTP/1.1');
    const old = connect({
      port,
      host: '127.0.0.1',
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1.1',
      ca: readFileSync(files.certificate),
    });
    await expect(once(old, 'secureConnect')).rejects.toThrow();
    const first = readFileSync(files.certificate);
    await makeCertificate(directory, 'stranger');
    await expect(ask(url)).rejects.toThrow(/self-signed|certificate/);
    expect((await ask(url, first))[1]).toBe('first');
  });

  it('takes a new certificate while it runs, and goes on with the old one when the files do not fit', async () => {
    const { url } = await start();
    await makeCertificate(directory, 'second');
    await clock.advance(5000);
    expect((await ask(url))[1]).toBe('second');
    const good = readFileSync(files.certificate);
    copyFileSync(files.key, join(directory, 'kept'));
    for (const [break_, problem] of [
      [() => writeFileSync(files.certificate, 'nothing'), 'certificate.pem cannot be read as PEM'],
      [() => rmSync(files.certificate), 'ENOENT'],
      [() => chmodSync(files.key, 0o644), 'key.pem is open to every user of this host'],
    ] as const) {
      break_();
      await clock.advance(5000);
      expect((await ask(url, good))[1]).toBe('second');
      expect(listener?.readCondition()).toMatchObject({
        ok: false,
        message: expect.stringContaining(problem) as string,
      });
      writeFileSync(files.certificate, good);
      chmodSync(files.key, 0o600);
      await clock.advance(5000);
      expect(listener?.readCondition().ok).toBe(true);
    }
    await makeCertificate(directory, 'third');
    copyFileSync(join(directory, 'kept'), files.key);
    await clock.advance(5000);
    expect(listener?.readCondition().message).toContain('key.pem is not the key of');
    expect((await ask(url, good))[1]).toBe('second');
  });

  it('says when the certificate is about to expire', async () => {
    files = await makeCertificate(directory, 'short', 3);
    await start();
    expect(listener?.readCondition()).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^the certificate expires on \d{4}-\d\d-\d\d$/) as string,
    });
  });

  it('does not start with files that cannot be used', async () => {
    chmodSync(files.key, 0o604);
    await expect(start()).rejects.toThrow('is open to every user of this host. Run: chmod o=');
    chmodSync(files.key, 0o640);
    writeFileSync(files.key, 'nothing');
    await expect(start()).rejects.toThrow('key.pem cannot be read as PEM');
  });
});
