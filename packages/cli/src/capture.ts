import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { callAction, type JsonObject } from '@landbridge/client';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';

interface CaptureOptions extends EndpointOptions {
  readonly protocol?: string;
  readonly source?: string;
  readonly destination?: string;
  readonly port?: string;
  readonly bytesOfEach?: string;
  readonly packets?: string;
  readonly seconds?: string;
  readonly bytes?: string;
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

type Call = (action: string, parameters: JsonObject) => Promise<JsonObject>;

const pollMs = 500;

/**
 * `landbridge capture ID --write FILE`: captures until a limit is reached or Ctrl-C is pressed, shows how many packets there are, and
 * leaves a pcapng file; `-` writes it to standard output. The service keeps nothing of it.
 */
export async function capture(id: string, options: CaptureOptions): Promise<void> {
  const endpoint = await adminEndpoint(options);
  const call: Call = (action, parameters) => callAction(endpoint, 'landbridge', action, parameters);
  const PacketCaptureId = (await call('CreatePacketCapture', requestOf(id, options)))['PacketCaptureId'] as string;
  try {
    // Before it is waited for: that it cannot be written shall be known at once.
    await using file = await open(options.write === '-' ? '/dev/stdout' : options.write, 'w', 0o600);
    const captured = await untilFinished(call, PacketCaptureId);
    await download(call, PacketCaptureId, file);
    if (options.keys !== undefined) await writeKeys(call, PacketCaptureId, options.keys);
    process.stderr.write(`${summary(captured, options.write)}\n`);
  } finally {
    await call('DeletePacketCapture', { PacketCaptureId });
  }
}

async function writeKeys(call: Call, PacketCaptureId: string, name: string): Promise<void> {
  const { EspSaTable } = await call('DescribePacketCaptureKeys', { PacketCaptureId });
  await using file = await open(name, 'w', 0o600);
  await file.writeFile(String(EspSaTable));
}

export function requestOf(
  ResourceId: string,
  options: Omit<CaptureOptions, keyof EndpointOptions | 'write'>,
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
