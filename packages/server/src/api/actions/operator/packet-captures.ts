import { packetCaptureActions, type WirePacketCapture } from '@landbridge/catalogue/operator/packet-captures';
import type { PacketCapture } from '../../../domain/operator/packet-capture.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { defined, readDestination, wireTime } from '../../wire/wire-values.ts';

/** Packets of tunnels, gateways and subnets, as their owner sees them (service landbridge). */
export function packetCaptureHandlers({ packetCaptures }: Services): Handlers<typeof packetCaptureActions> {
  return {
    CreatePacketCapture: async (caller, request) => {
      const { ResourceId, Protocol, SourceCidr, DestinationCidr, Port, IncludeKeys = false } = request;
      if (Port !== undefined && Protocol !== undefined && !withPorts.has(Protocol)) refusePort(Protocol);
      if (IncludeKeys && ResourceId.startsWith('subnet-')) refuseKeysOfSubnet();
      const id = await packetCaptures.create(caller, {
        resourceId: ResourceId,
        includesKeys: IncludeKeys,
        filter: {
          protocol: Protocol ?? null,
          source: SourceCidr === undefined ? null : readDestination(SourceCidr, 'SourceCidr'),
          destination: DestinationCidr === undefined ? null : readDestination(DestinationCidr, 'DestinationCidr'),
          port: Port ?? null,
        },
        limits: defined({
          ...{ snapLength: request.SnapLength, packets: request.MaxPackets },
          ...{ seconds: request.MaxSeconds, bytes: request.MaxBytes },
        }),
      });
      return { PacketCaptureId: id };
    },
    DescribePacketCaptureKeys: async (caller, { PacketCaptureId }) => ({
      EspSaTable: await packetCaptures.keys(caller, PacketCaptureId),
    }),
    DescribePacketCaptures: describing(packetCaptureActions.DescribePacketCaptures, {
      list: (caller) => packetCaptures.list(caller),
      idOf: ({ id }) => id,
      filters: {},
      show: (page) => page.map(wireCapture),
    }),
    DescribePacketCaptureContent: async (caller, { PacketCaptureId, Offset = 0 }) => {
      const { base64, totalBytes, isFinished } = await packetCaptures.content(caller, PacketCaptureId, Offset);
      return { Content: base64, TotalBytes: totalBytes, IsFinished: isFinished };
    },
    StopPacketCapture: async (caller, { PacketCaptureId }) => {
      await packetCaptures.stop(caller, PacketCaptureId);
      return {};
    },
    DeletePacketCapture: async (caller, { PacketCaptureId }) => {
      await packetCaptures.remove(caller, PacketCaptureId);
      return {};
    },
  };
}

const withPorts: ReadonlySet<string> = new Set(['tcp', 'udp']);

function refusePort(protocol: string): never {
  return reject('invalid-value', {
    name: 'Port',
    rule: { en: `${protocol} in \`Protocol\` has no ports`, zh: `\`Protocol\` 为 ${protocol} 时没有端口` },
  });
}

function refuseKeysOfSubnet(): never {
  return reject('invalid-value', {
    name: 'IncludeKeys',
    rule: { en: 'packets of a subnet are not encrypted', zh: '子网中的数据包未加密' },
  });
}

function wireCapture(capture: PacketCapture): WirePacketCapture {
  const { limits, ended } = capture;
  return {
    PacketCaptureId: capture.id,
    ResourceId: capture.resourceId,
    Expression: capture.expression,
    State: ended === null ? 'capturing' : 'finished',
    EndReason: ended,
    Packets: capture.packets,
    Bytes: capture.bytes,
    DroppedPackets: capture.dropped,
    SnapLength: limits.snapLength,
    MaxPackets: limits.packets,
    MaxSeconds: limits.seconds,
    MaxBytes: limits.bytes,
    IncludesKeys: capture.includesKeys,
    CreatedTime: wireTime(capture.createdAt),
    ExpiredTime: wireTime(capture.expiresAt),
  };
}
