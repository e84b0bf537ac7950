import type { ChildSa, IkeSa } from '@landbridge/vici';
import { sampleConnection } from './sample-plans.ts';
import type { VpnConnectionId } from '../src/domain/resource-id.ts';
import type { WatchedConnection } from '../src/gateway/watched-connection.ts';

/** SAs as charon lists them, for tests. */
export const watched: WatchedConnection = sampleWatched('vpnx-00000001');

export function sampleWatched(id: VpnConnectionId, index = 0): WatchedConnection {
  return { plan: sampleConnection(id, index), name: `${id}@0123456789ab` };
}

export function ikeSa(overrides: Partial<IkeSa> = {}): IkeSa {
  return {
    name: watched.name,
    uniqueId: 1,
    version: 2,
    state: 'ESTABLISHED',
    role: 'initiator',
    localHost: '203.0.113.1',
    localPort: 4500,
    localId: '203.0.113.1',
    remoteHost: '198.51.100.2',
    remotePort: 4500,
    remoteId: '198.51.100.2',
    initiatorSpi: '1111111111111111',
    responderSpi: '2222222222222222',
    isNatLocal: true,
    isNatRemote: false,
    isNatFaked: true,
    isNatAny: true,
    ifIdIn: undefined,
    ifIdOut: undefined,
    encrAlg: 'AES_CBC',
    encrKeySizeBits: 128,
    integAlg: 'HMAC_SHA2_256_128',
    prfAlg: 'PRF_HMAC_SHA2_256',
    dhGroup: 'ECP_256',
    establishedSeconds: 100,
    rekeyTimeSeconds: 2000,
    reauthTimeSeconds: undefined,
    localVips: [],
    remoteVips: [],
    tasksQueued: [],
    tasksActive: [],
    tasksPassive: [],
    childSas: [],
    ...overrides,
  };
}

export function childSa(
  overrides: Partial<ChildSa> & { readonly age?: number; readonly spiIn?: number; readonly spiOut?: number } = {},
): ChildSa {
  const { age = 100, spiIn = 0xa, spiOut = 0xb, ...rest } = overrides;
  return {
    name: watched.plan.id,
    uniqueId: 1,
    reqid: 1,
    state: 'INSTALLED',
    mode: 'TUNNEL',
    installed: {
      protocol: 'ESP',
      isUdpEncapsulated: true,
      spiIn,
      spiOut,
      ifIdIn: 1,
      ifIdOut: 1,
      encrAlg: 'AES_GCM_16',
      encrKeySizeBits: 128,
      integAlg: undefined,
      dhGroup: undefined,
      isEsn: false,
      bytesIn: 0,
      packetsIn: 0,
      useInSeconds: undefined,
      bytesOut: 0,
      packetsOut: 0,
      useOutSeconds: undefined,
      rekeyTimeSeconds: 1000,
      lifeTimeSeconds: 2000,
      installTimeSeconds: age,
    },
    localTs: ['0.0.0.0/0'],
    remoteTs: ['0.0.0.0/0'],
    ...rest,
  };
}
