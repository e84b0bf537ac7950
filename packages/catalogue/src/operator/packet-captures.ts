import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import {
  idList,
  idOf,
  idOfAny,
  lenientInteger,
  maybe,
  object,
  oneOf,
  paging,
  secret,
  text,
} from '../schema/request-schemas.ts';
import { count, nothing, orNull, page, time } from '../schema/response-schemas.ts';

/** Packets of tunnels, gateways and subnets, as their owner sees them (service landbridge). */

const capturedId = () =>
  idOfAny(
    ['vpnx', 'vpngw', 'subnet'],
    'A tunnel: its packets in clear, as they enter and leave it. A VPN gateway: those on its uplink, encrypted. A subnet: what its router sends and gets there.',
  );

const protocol = () => oneOf('tcp', 'udp', 'icmp', 'esp');
const cidr = () => text({ maxLength: 32 });
const limits = {
  SnapLength: lenientInteger(64, 65_535),
  MaxPackets: lenientInteger(1, 1_000_000),
  MaxSeconds: lenientInteger(1, 600),
  MaxBytes: lenientInteger(65_536, 67_108_864),
};

const capture = object({
  PacketCaptureId: idOf('pcap'),
  ResourceId: capturedId(),
  Expression: about(Type.String(), 'What is captured, as pcap-filter(7) has it: made from the filter.'),
  State: oneOf('capturing', 'finished'),
  EndReason: about(
    orNull(oneOf('packets', 'time', 'size', 'stopped', 'device', 'disk')),
    'The limit that was reached; `device`: it went away; `disk`: nothing could be written. Null while it runs.',
  ),
  Packets: about(count(), 'So far.'),
  Bytes: about(count(), 'Of the file, so far.'),
  DroppedPackets: about(orNull(count()), 'That came too fast to be kept; null while it is not known.'),
  SnapLength: count(),
  MaxPackets: count(),
  MaxSeconds: count(),
  MaxBytes: count(),
  IncludesKeys: Type.Boolean(),
  CreatedTime: time(),
  ExpiredTime: about(time(), 'When it is deleted.'),
});
/** A packet capture as replies show it. */
export type WirePacketCapture = Static<typeof capture>;

const ofOne = () => object({ PacketCaptureId: idOf('pcap') });

export const packetCaptureActions = {
  CreatePacketCapture: changes({
    summary: {
      en: 'Begins to write down packets of a tunnel, of a gateway’s uplink or of a subnet; all of the filter has to fit.',
      zh: '对通道、网关公网侧或子网开始抓包；过滤条件须全部满足。',
    },
    request: object({
      ResourceId: capturedId(),
      Protocol: maybe(about(protocol(), '`esp` includes ESP in UDP, as behind a NAT. Left out: all.')),
      SourceCidr: maybe(about(cidr(), 'Packets from there, such as `10.0.1.0/24`.')),
      DestinationCidr: maybe(about(cidr(), 'Packets to there.')),
      Port: maybe(about(lenientInteger(1, 65_535), 'Of TCP or UDP, at either end.')),
      SnapLength: maybe(about(limits.SnapLength, 'Bytes that are kept of each packet; all of them unless given.')),
      MaxPackets: maybe(about(limits.MaxPackets, 'Ends it; 100000 unless given.')),
      MaxSeconds: maybe(about(limits.MaxSeconds, 'Ends it; 60 unless given.')),
      MaxBytes: maybe(about(limits.MaxBytes, 'Of the file: ends it; 16 MiB unless given.')),
      IncludeKeys: maybe(
        about(
          Type.Boolean(),
          'True: keys of the SAs that carry it meanwhile are kept with it, for DescribePacketCaptureKeys.',
        ),
      ),
    }),
    response: object({ PacketCaptureId: about(idOf('pcap'), 'It captures already.') }),
    errors: [
      'not-found',
      'captures-of-account-full',
      'captures-of-host-full',
      'captures-away',
      'capture-place-missing',
      'capture-fits-nothing',
      'capture-program-missing',
      'capture-keys-forbidden',
      'capture-hidden',
      'malformed-value',
      'invalid-value',
    ],
  }),
  DescribePacketCaptures: reads({
    summary: {
      en: 'Lists your packet captures of every region, the newest first. They are deleted after an hour, and when the agent is started again.',
      zh: '查询所有地域的抓包任务，最新的在前。任务在一小时后或 agent 重启时删除。',
    },
    request: object({ PacketCaptureIds: idList('pcap'), ...paging() }),
    response: page('PacketCaptureSet', capture),
    errors: ['captures-away'],
  }),
  DescribePacketCaptureContent: reads({
    summary: {
      en: 'Gives a piece of the file (pcapng) of a packet capture, also while it grows.',
      zh: '分段下载抓包文件（pcapng），抓包过程中亦可下载。',
    },
    request: object({
      PacketCaptureId: idOf('pcap'),
      Offset: maybe(about(lenientInteger(0, 67_108_864), 'Where the piece begins, bytes; 0 unless given.')),
    }),
    response: object({
      Content: about(Type.String(), 'At most 1 MiB, in base64; empty at the end.'),
      TotalBytes: about(count(), 'Of the file as it is now.'),
      IsFinished: about(Type.Boolean(), 'It does not grow any more.'),
    }),
    errors: ['not-found', 'captures-away', 'capture-hidden'],
  }),
  DescribePacketCaptureKeys: reads({
    summary: {
      en: 'Gives the keys of the SAs that carried a packet capture, as Wireshark’s table `esp_sa`; it is audited.',
      zh: '查询抓包期间所用 SA 的密钥（Wireshark 的 `esp_sa` 表格式），该操作会被审计。',
    },
    request: ofOne(),
    response: object({
      EspSaTable: about(
        secret(Type.String()),
        'A line an SA: family, source, destination, SPI, encryption, its key, authentication, its key. What Wireshark has no word for is a comment.',
      ),
    }),
    errors: ['not-found', 'captures-away', 'capture-hidden', 'capture-without-keys'],
  }),
  StopPacketCapture: changes({
    summary: { en: 'Ends a packet capture; its file stays.', zh: '停止抓包，文件保留。' },
    request: ofOne(),
    response: nothing(),
    errors: ['not-found', 'captures-away'],
  }),
  DeletePacketCapture: changes({
    summary: { en: 'Ends a packet capture and deletes its file.', zh: '停止抓包并删除文件。' },
    request: ofOne(),
    response: nothing(),
    errors: ['not-found', 'captures-away'],
  }),
};
