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
  /** Those of the SAs that carry what is captured. */
  readonly includesKeys: boolean;
}

export const protocols: readonly Protocol[] = ['tcp', 'udp', 'icmp', 'esp'];

/** A small one in clear: who captures a tunnel looks at what passes now. */
export function usualForm(resourceId: Capture['ResourceId']): CaptureForm {
  return {
    ...{ resourceId, protocol: '', source: '', destination: '', port: '' },
    ...{ seconds: '60', packets: '100000', mebibytes: '16', snapLength: '' },
    includesKeys: false,
  };
}

/** What is asked for; what is wrong in it the call says. */
export function orderOf(form: CaptureForm): Order {
  const { resourceId, protocol, source, destination, port, seconds, packets, mebibytes, snapLength, includesKeys } =
    form;
  return {
    ResourceId: resourceId,
    ...(protocol === '' ? {} : { Protocol: protocol as Protocol }),
    ...(source.trim() === '' ? {} : { SourceCidr: source.trim() }),
    ...(destination.trim() === '' ? {} : { DestinationCidr: destination.trim() }),
    ...(port.trim() === '' ? {} : { Port: Number(port) }),
    ...(seconds.trim() === '' ? {} : { MaxSeconds: Number(seconds) }),
    ...(packets.trim() === '' ? {} : { MaxPackets: Number(packets) }),
    ...(mebibytes.trim() === '' ? {} : { MaxBytes: Math.round(Number(mebibytes) * mebibyte) }),
    ...(snapLength.trim() === '' ? {} : { SnapLength: Number(snapLength) }),
    ...(includesKeys ? { IncludeKeys: true } : {}),
  };
}

const mebibyte = 1_048_576;
