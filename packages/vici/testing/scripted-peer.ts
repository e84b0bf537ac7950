/** Test support: the other end of a vici connection, in memory, that does what the test says and nothing else. */
import { duplexPair } from 'node:stream';
import type { Duplex } from 'node:stream';
import { ViciConnection } from '../src/connection.ts';
import type { ViciLimits } from '../src/connection.ts';
import { viciMessage } from '../src/message.ts';
import type { ViciMessage } from '../src/message.ts';
import { decodePacket, encodePacket, FrameReader } from '../src/packet.ts';
import type { Packet } from '../src/packet.ts';

export class ScriptedPeer {
  readonly #stream: Duplex;
  readonly #frames = new FrameReader();
  readonly #received: Packet[] = [];
  #wake: (() => void) | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => {
      this.#frames.push(chunk);
      for (let segment = this.#frames.next(); segment; segment = this.#frames.next()) {
        this.#received.push(decodePacket(segment));
      }
      this.#wake?.();
    });
  }

  /** Packets received and not yet taken. */
  get pending(): readonly Packet[] {
    return this.#received;
  }

  /** The next packet from the client, waiting for it if needed. */
  async receive(): Promise<Packet> {
    for (;;) {
      const packet = this.#received.shift();
      if (packet) return packet;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Takes the next packet, which must be of this kind (and name, as `kind name`). */
  async expect(what: string): Promise<Packet> {
    const packet = await this.receive();
    const seen = 'name' in packet ? `${packet.kind} ${packet.name}` : packet.kind;
    if (seen !== what) throw new Error(`expected ${what}, got ${seen}`);
    return packet;
  }

  send(...packets: readonly Packet[]): void {
    this.sendBytes(Buffer.concat(packets.map(encodePacket)));
  }

  sendBytes(bytes: Buffer): void {
    this.#stream.write(bytes);
  }

  respond(fields: Parameters<typeof viciMessage>[0] = {}): void {
    this.send({ kind: 'cmd-response', message: viciMessage(fields) });
  }

  /** Ends the stream in an orderly way, as the kernel does for a dead process. */
  end(): void {
    this.#stream.end();
  }

  fail(error: Error): void {
    this.#stream.destroy(error);
  }
}

export function scriptedConnection(limits: ViciLimits = {}): { connection: ViciConnection; peer: ScriptedPeer } {
  const [ours, theirs] = duplexPair();
  return { connection: ViciConnection.over(ours, limits), peer: new ScriptedPeer(theirs) };
}

export function event(name: string, fields: Parameters<typeof viciMessage>[0]): Packet {
  const message: ViciMessage = viciMessage(fields);
  return { kind: 'event', name, message };
}
