import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import { createServer, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { CertificateFiles } from './certificate-files.ts';
import type { Door } from './doors.ts';
import { boundConnections } from './connection-bound.ts';
import { requestTimes } from '../api/protocol/request-bounds.ts';
import type { Condition } from '../domain/operator/condition.ts';

export interface TlsListenerOptions {
  readonly door: Door;
  /** What is to be used now. Throws when it cannot. */
  readonly readFiles: () => CertificateFiles;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How often the files are looked at, milliseconds. */
const lookEveryMs = 5000;
const warnBeforeMs = 14 * 24 * 3600 * 1000;

/**
 * TLS in front of an HTTP server: what is decrypted is that server's, with all its bounds. New files are taken while it
 * runs; a pair that does not fit is a condition, and the old one stays.
 */
export class TlsListener {
  readonly #options: TlsListenerOptions;
  readonly #server: Server;
  readonly #stop = new AbortController();
  #files: CertificateFiles;
  #problem = '';
  /** Such as `https://[::1]:9743`. */
  readonly url: string;

  private constructor(options: TlsListenerOptions, server: Server, files: CertificateFiles, url: string) {
    this.url = url;
    this.#options = options;
    this.#server = server;
    this.#files = files;
  }

  /** Throws when the files cannot be used, or the address cannot. */
  static async start(http: HttpServer, options: TlsListenerOptions): Promise<TlsListener> {
    const files = usable(options.readFiles());
    const context = { ...contextOf(files), minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] } as const;
    const server = createServer({ ...context, handshakeTimeout: requestTimes.headersMs });
    boundConnections(server);
    server.on('secureConnection', (socket: TLSSocket) => http.emit('connection', socket));
    const url = await options.door.leadTo(server);
    const listener = new TlsListener(options, server, files, url);
    void listener.#followFiles();
    return listener;
  }

  readCondition(): Condition {
    const { validToDate } = new X509Certificate(this.#files.certificate);
    const leftMs = validToDate.getTime() - this.#options.clock.now();
    const expiry =
      leftMs > warnBeforeMs ? '' : `the certificate ${leftMs > 0 ? 'expires' : 'expired'} on ${day(validToDate)}`;
    const message = this.#problem === '' ? expiry : this.#problem;
    return { name: 'tls', ok: message === '', message };
  }

  /** Takes no new connections; those that stand are the HTTP server's to close. */
  close(): void {
    this.#stop.abort();
    void this.#options.door.close(this.#server);
  }

  async #followFiles(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stop;
    const isStopped = () =>
      clock.delay(lookEveryMs, signal).then(
        () => false,
        () => true,
      );
    while (!(await isStopped())) this.#takeNewFiles();
  }

  #takeNewFiles(): void {
    const { readFiles, logger } = this.#options;
    try {
      const files = usable(readFiles());
      if (this.#problem === '' && isSame(files, this.#files)) return;
      this.#server.setSecureContext({ ...contextOf(files), minVersion: 'TLSv1.2' });
      this.#files = files;
      this.#problem = '';
      logger.info({ certificate: files.names.certificate }, 'certificate taken');
    } catch (error) {
      const problem = `the old certificate goes on: ${error instanceof Error ? error.message : String(error)}`;
      if (problem !== this.#problem) logger.error({ err: error }, 'certificate not taken');
      this.#problem = problem;
    }
  }
}

function usable(files: CertificateFiles): CertificateFiles {
  const { certificate, key } = files.names;
  const parsed = readPem(certificate, () => new X509Certificate(files.certificate));
  const privateKey = readPem(key, () => createPrivateKey(files.key));
  if (!parsed.checkPrivateKey(privateKey)) throw new Error(`${key} is not the key of ${certificate}`);
  return files;
}

function readPem<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(`${path} cannot be read as PEM (${(cause as Error).message})`, { cause });
  }
}

function contextOf({ certificate, key }: CertificateFiles): SecureContextOptions {
  return { cert: certificate, key };
}

function isSame(one: CertificateFiles, other: CertificateFiles): boolean {
  return one.certificate.equals(other.certificate) && one.key.equals(other.key);
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
