import type { WireCapacity, WireRoom } from '@landbridge/catalogue/operator/system-status';
import { capacityWords, describeEnd } from '../../domain/operator/capacity-words.ts';
import type { CarriedKind } from '../../domain/operator/host-capacity.ts';
import type { HostRoom } from '../../domain/operator/room-on-host.ts';
import type { Words } from '../../domain/refusal.ts';
import type { Language } from '../protocol/api-error.ts';

export function wireCapacity(room: HostRoom, language: Language): WireCapacity {
  return {
    VpnGateways: wireRoom('vpnGateways', room, language),
    VpnConnections: wireRoom('vpnConnections', room, language),
    Resources: room.uses.map(({ resource, limit, kept, used, each }) => ({
      ...{ Resource: resource, Name: inLanguage(capacityWords[resource].name, language) },
      ...{ Limit: limit, Kept: kept, Used: used },
      ...{ PerVpnGateway: each.vpnGateways, PerVpnConnection: each.vpnConnections },
    })),
  };
}

function wireRoom(kind: CarriedKind, room: HostRoom, language: Language): WireRoom {
  const ofKind = room[kind];
  if (ofKind === null) return { More: null, EndsBy: '', Reason: '' };
  const Reason = inLanguage(describeEnd(kind, ofKind), language);
  return { More: ofKind.more, EndsBy: ofKind.endedBy.resource, Reason };
}

function inLanguage({ en, zh }: Words, language: Language): string {
  return language === 'zh-CN' ? zh : en;
}
