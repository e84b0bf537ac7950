import type { IdPrefix } from '@landbridge/catalogue/schema/request-schemas';
import type { JsonObject } from '@landbridge/client';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { idNamed, lookingAt } from './action/resolve-names.ts';
import { callsOf } from './calls.ts';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';
import type { Call } from './list-all.ts';
import { printLines } from './output/print.ts';

interface CaptureOptions extends EndpointOptions {
  readonly protocol?: string;
  readonly source?: string;
  readonly destination?: string;
  readonly port?: string;
  readonly bytesOfEach?: string;
  readonly packets?: string;
  readonly seconds?: string;
  readonly bytes?: string;
  readonly region?: string;
  readonly write: string;
  /** Where Wireshark's table of SAs goes. */
  readonly keys?: string;
}

/** What DescribePacketCaptures tells of one. */
interface WireCapture {
  readonly State: 'capturing' | 'finished';
  readonly EndReason: string | null;
  readonly Packets: number;
  readonly Bytes: number;
  readonly DroppedPackets: number | null;
  readonly Expression: string;
}

const pollMs = 500;
/** What CreatePacketCapture takes. */
const places: readonly IdPrefix[] = ['vpnx', 'vpngw', 'subnet'];

/**
 * `landbridge capture NAME|ID --write FILE`: captures until a limit is reached or Ctrl-C is pressed, shows how many packets there are,
 * and leaves a pcapng file; `-` writes it to standard output. The service keeps nothing of it.
 */
export async function capture(typed: string, options: CaptureOptions): Promise<void> {
  const endpoint = await adminEndpoint(options, options.region);
  const id = await idNamed('capture', typed, places, lookingAt(endpoint));
  await captureInto(callsOf(endpoint), requestOf(id, options), options);
}

/** Both files are made before anything is captured: that one cannot be written shall be known at once. Neither is written over. */
export async function captureInto(
  call: Call,
  request: JsonObject,
  names: Pick<CaptureOptions, 'write' | 'keys'>,
): Promise<void> {
  await using packets = await newFile(names.write);
  await using keys = names.keys === undefined ? null : await newFile(names.keys);
  const PacketCaptureId = String((await call('CreatePacketCapture', request))['PacketCaptureId']);
  const captured = await thenDelete(call, PacketCaptureId, async () => {
    const finished = await untilFinished(call, PacketCaptureId);
    await download(call, PacketCaptureId, packets.file);
    if (keys !== null) {
      const { EspSaTable } = await call('DescribePacketCaptureKeys', { PacketCaptureId });
      await keys.file.writeFile(String(EspSaTable));
    }
    return finished;
  });
  printLines([summary(captured, names.write)], process.stderr);
}

/** Deletes the capture whatever happens. That this fails is said only where nothing failed before. */
async function thenDelete<T>(call: Call, PacketCaptureId: string, use: () => Promise<T>): Promise<T> {
  const remove = () => call('DeletePacketCapture', { PacketCaptureId });
  const result = await use().catch(async (error: unknown) => {
    await remove().catch(() => undefined);
    throw error;
  });
  await remove();
  return result;
}

/** For its owner only; one that stayed empty is removed again. Throws where there is one of this name. */
async function newFile(name: string): Promise<{ readonly file: FileHandle } & AsyncDisposable> {
  const isOutput = name === '-';
  const file = await open(isOutput ? '/dev/stdout' : name, isOutput ? 'w' : 'wx', 0o600).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Error(`${name} is there already, and is not written over: give another name`);
  });
  return {
    file,
    [Symbol.asyncDispose]: async () => {
      const isEmpty = !isOutput && (await file.stat()).size === 0;
      await file.close();
      if (isEmpty) await rm(name, { force: true });
    },
  };
}

export function requestOf(
  ResourceId: string,
  options: Omit<CaptureOptions, keyof EndpointOptions | 'write' | 'region'>,
): JsonObject {
  const { protocol, source, destination, port, bytesOfEach, packets, seconds, bytes, keys } = options;
  const given = {
    ...{ Protocol: protocol, SourceCidr: source, DestinationCidr: destination, Port: port },
    ...{ SnapLength: bytesOfEach, MaxPackets: packets, MaxSeconds: seconds, MaxBytes: bytes },
  };
  const named = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ResourceId, ...Object.fromEntries(named), ...(keys === undefined ? {} : { IncludeKeys: true }) };
}

/** Ctrl-C stops it, and what there is is downloaded; a second one leaves the capture to itself. */
async function untilFinished(call: Call, PacketCaptureId: string): Promise<WireCapture> {
  const stop = () => void call('StopPacketCapture', { PacketCaptureId }).catch(() => undefined);
  process.once('SIGINT', stop);
  try {
    for (;;) {
      const { PacketCaptureSet } = await call('DescribePacketCaptures', { PacketCaptureIds: [PacketCaptureId] });
      const [captured] = PacketCaptureSet as readonly WireCapture[];
      if (captured === undefined) throw new Error(`${PacketCaptureId} is gone: was the agent started again?`);
      if (process.stderr.isTTY) process.stderr.write(`\r${captured.Packets} packets, ${captured.Bytes} bytes `);
      if (captured.State === 'finished') return captured;
      await delay(pollMs);
    }
  } finally {
    process.off('SIGINT', stop);
    if (process.stderr.isTTY) process.stderr.write('\r');
  }
}

/** Piece by piece, in order. */
export async function download(
  call: Call,
  PacketCaptureId: string,
  file: Pick<FileHandle, 'writeFile'>,
): Promise<void> {
  for (let Offset = 0; ;) {
    const answer = await call('DescribePacketCaptureContent', { PacketCaptureId, Offset });
    const piece = Buffer.from(String(answer['Content']), 'base64');
    await file.writeFile(piece);
    Offset += piece.length;
    if (Offset >= Number(answer['TotalBytes'])) return;
    if (piece.length === 0) throw new Error(`${PacketCaptureId}: nothing comes after ${Offset} bytes`);
  }
}

const endings: Readonly<Record<string, string>> = {
  packets: 'as many packets as it may have',
  time: 'its time was over',
  size: 'the file was as large as it may be',
  stopped: 'it was stopped',
  device: 'what it listened at went away',
  disk: 'the service could not write any more',
};

export function summary({ Packets, DroppedPackets, EndReason, Expression }: WireCapture, file: string): string {
  const lost =
    DroppedPackets === null || DroppedPackets === 0 ? '' : `, ${DroppedPackets} came too fast and are missing`;
  const why = endings[EndReason ?? ''] ?? EndReason ?? '';
  return `${file}: ${Packets} packets (${Expression})${lost}; ${why}`;
}
