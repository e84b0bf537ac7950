import type { PeerModel } from './peer-model.ts';

/** The end that a platform cannot be told. */
export function lifeBytesNote(): string {
  return 'A limit in bytes is not set here: the gateway renews the keys by its own.';
}

export function passiveNote({ tunnels }: PeerModel): string[] {
  return tunnels.every(({ initiates }) => initiates)
    ? []
    : ['The platform cannot be told to wait: it begins with the first packet for the tunnel, which does no harm.'];
}

export function keyNote({ tunnels }: PeerModel): string[] {
  return tunnels.some(({ preSharedKey }) => preSharedKey === null)
    ? ['Put the pre-shared key where REPLACE_WITH_THE_PRE_SHARED_KEY stands.']
    : [];
}

export function withheldNote({ tunnels }: PeerModel): string[] {
  return tunnels.flatMap(({ traffic, gatewayAddress }) =>
    traffic.mode === 'route' && traffic.withheld.length > 0
      ? [
          `Not routed into the tunnel, since the gateway ${gatewayAddress} itself is in it: ${traffic.withheld.join(', ')}. ` +
            'If it shall be, first give the device a route to that address by its uplink.',
        ]
      : [],
  );
}

export const filterNote =
  "Let the device's packet filter pass UDP 500 and 4500 and IP protocol 50, and what the tunnel carries, untranslated.";
