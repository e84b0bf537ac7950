import type { Parameters, Reply } from '../../calls/call.ts';

export type Capture = Reply<'DescribePacketCaptures'>['PacketCaptureSet'][number];
type Order = Parameters<'CreatePacketCapture'>;
export type Protocol = NonNullable<Order['Protocol']>;

/** As the fields of the form have it: empty is whatever the service does then. */
export interface CaptureForm {
  readonly resourceId: Capture['ResourceId'];
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly port: string;
  readonly seconds: string;
  readonly packets: string;
  readonly mebibytes: string;
  readonly snapLength: string;
}

export const protocols: readonly Protocol[] = ['tcp', 'udp', 'icmp', 'esp'];

/** A small one in clear: who captures a tunnel looks at what passes now. */
export function usualForm(resourceId: Capture['ResourceId']): CaptureForm {
  return {
    ...{ resourceId, protocol: '', source: '', destination: '', port: '' },
    ...{ seconds: '60', packets: '100000', mebibytes: '16', snapLength: '' },
  };
}

/** What is asked for; what is wrong in it the service says. */
export function orderOf(form: CaptureForm): Order {
  const { resourceId, protocol, source, destination, port, seconds, packets, mebibytes, snapLength } = form;
  return {
    ResourceId: resourceId,
    ...(protocol === '' ? {} : { Protocol: protocol as Protocol }),
    ...(source.trim() === '' ? {} : { SourceCidr: source.trim() }),
    ...(destination.trim() === '' ? {} : { DestinationCidr: destination.trim() }),
    ...(port.trim() === '' ? {} : { Port: numberOf(port) }),
    ...(seconds.trim() === '' ? {} : { MaxSeconds: numberOf(seconds) }),
    ...(packets.trim() === '' ? {} : { MaxPackets: numberOf(packets) }),
    ...(mebibytes.trim() === '' ? {} : { MaxBytes: numberOf(mebibytes, (count) => Math.round(count * mebibyte)) }),
    ...(snapLength.trim() === '' ? {} : { SnapLength: numberOf(snapLength) }),
  };
}

const mebibyte = 1_048_576;

/** What is no number is sent as it is, and refused: left out, the capture would be a wider one. */
function numberOf(text: string, meant: (count: number) => number = (count) => count): number {
  const count = Number(text);
  return Number.isFinite(count) ? meant(count) : (text.trim() as unknown as number);
}

const byteUnits = ['B', 'KiB', 'MiB'] as const;

/** `3.2 MiB`. */
export function sizeOf(bytes: number): string {
  let [value, unit] = [bytes, 0];
  for (; value >= 1024 && unit < byteUnits.length - 1; unit++) value /= 1024;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${byteUnits[unit] ?? ''}`;
}
