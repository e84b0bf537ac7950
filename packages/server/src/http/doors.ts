import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pause } from '../platform/loop-turn.ts';
import { readCertificateFiles, type CertificateFiles, type TlsFileNames } from './certificate-files.ts';

/** Where the API is listened for, and where the service is watched. */
export interface Doors {
  readonly http: Door;
  readonly tls: TlsDoor | null;
  readonly metrics: Door | null;
}

export interface TlsDoor {
  readonly door: Door;
  readonly readFiles: () => CertificateFiles;
}

const closeWithinMs = 1000;
const closeLookMs = 10;

interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * A listening socket that outlives the servers behind it: what is behind may change without an address being given up, and the socket
 * may be bound by somebody else.
 */
export class Door {
  readonly #address: Address | null;
  #listening: Server | null = null;
  /** What connections lead to now. */
  #behind: Server | null = null;
  readonly #sockets = new Set<Socket>();

  /** @param from an address, listened at once something is behind; or a server that listens, and is nobody else's. */
  constructor(from: Address | Server) {
    this.#address = 'host' in from ? from : null;
    if (!('host' in from)) this.#take(from);
  }

  /** Connections are that server's from now on. Resolves with the URL, once they are; rejects when the address cannot be used. */
  async leadTo(server: Server): Promise<string> {
    this.#behind = server;
    // An HTTP server watches over the time that its connections take from here on.
    server.emit('listening');
    await this.bind();
    const { address, port, family } = this.#listening?.address() as AddressInfo;
    const scheme = 'setSecureContext' in server ? 'https' : 'http';
    return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** Before anything is behind it: who may bind the address may not be who serves. */
  async bind(): Promise<void> {
    if (this.#listening !== null || this.#address === null) return;
    const listening = createServer();
    listening.listen(this.#address.port, this.#address.host);
    await once(listening, 'listening');
    this.#take(listening);
  }

  /** Takes no more connections, if it leads to that server. Resolves when those that stand have ended, which they must soon. */
  async close(server: Server): Promise<void> {
    if (this.#behind !== server) return;
    this.#behind = null;
    if (this.#address !== null) {
      this.#listening?.close();
      this.#listening = null;
    }
    const patience = AbortSignal.timeout(closeWithinMs);
    while (this.#sockets.size > 0 && !patience.aborted) await pause(closeLookMs);
    for (const socket of this.#sockets) socket.destroy();
  }

  #take(listening: Server): void {
    this.#listening = listening;
    listening.on('connection', (socket: Socket) => {
      if (this.#behind === null) return void socket.destroy();
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      this.#behind.emit('connection', socket);
    });
  }
}

export interface DoorSettings {
  readonly listen: Address;
  readonly tls: (TlsFileNames & { readonly listen: Address }) | null;
  readonly metrics: { readonly listen: Address } | null;
}

/** Listened to by this process itself. */
export function openDoors({ listen, tls, metrics }: DoorSettings): Doors {
  const openTls = (files: TlsFileNames & { readonly listen: Address }): TlsDoor => ({
    door: new Door(files.listen),
    readFiles: () => readCertificateFiles(files),
  });
  return {
    http: new Door(listen),
    tls: tls === null ? null : openTls(tls),
    metrics: metrics === null ? null : new Door(metrics.listen),
  };
}
