import { cidrContains, everything, isPrivateRange, type IpAddress } from '@landbridge/net';
import type { PeerIdentity } from '../peer-model.ts';
import type { ComparedTunnel, Finding } from './difference.ts';
import type { FoundAddress, FoundIdentity, FoundTunnel, Saying } from './found-tunnel.ts';

/** Addresses and identities of both ends, and the key that ties them. */
export function compareEnds({ device, tunnel }: ComparedTunnel, found: FoundTunnel): Finding[] {
  return [
    ...compareGatewayAddress(tunnel.gatewayAddress, found.remoteAddress),
    ...compareDeviceAddress(device, found.localAddress),
    ...compareIdentity('gateway-identity', tunnel.remoteIdentity, found.remoteIdentity),
    ...compareIdentity('device-identity', tunnel.localIdentity, found.localIdentity),
    ...compareKey(tunnel.preSharedKey, found),
  ];
}

function compareGatewayAddress(ours: IpAddress, found: Saying<FoundAddress>): Finding[] {
  if (found === null || holds(found.value, ours)) return [];
  return [{ field: 'gateway-address', ours, theirs: addressText(found.value), severity: 'breaks', line: found.line }];
}

/** A private address is what a device behind a NAT says of itself: the gateway cannot know it. */
function compareDeviceAddress(
  { publicAddress, address }: ComparedTunnel['device'],
  found: Saying<FoundAddress>,
): Finding[] {
  if (found === null || holds(found.value, publicAddress) || holds(found.value, address)) return [];
  const isPrivate =
    found.value.kind === 'these' && found.value.ranges.every(isPrivateRange) && !isPrivateRange(publicAddress);
  const severity = isPrivate ? 'notes' : 'breaks';
  return [
    { field: 'device-address', ours: publicAddress, theirs: addressText(found.value), severity, line: found.line },
  ];
}

function holds(found: FoundAddress, address: IpAddress): boolean {
  return found.kind === 'any' || found.ranges.some((range) => cidrContains(range, address));
}

function addressText(found: FoundAddress): string {
  return found.kind === 'any' ? 'any' : found.ranges.map((range) => range.replace(/\/32$/, '')).join(', ');
}

function compareIdentity(
  field: 'gateway-identity' | 'device-identity',
  ours: PeerIdentity,
  found: Saying<FoundIdentity>,
): Finding[] {
  if (found === null || isSame(ours, found.value)) return [];
  return [{ field, ours: identityText(ours), theirs: foundText(found.value), severity: 'breaks', line: found.line }];
}

/** Names are compared without regard to case, as IKE daemons do. */
function isSame(ours: PeerIdentity, found: FoundIdentity): boolean {
  if (found.kind === 'any') return true;
  if (ours.kind === 'address') return found.kind === 'address' && cidrContains(found.range, ours.value);
  const name = ours.value.toLowerCase();
  if (found.kind === 'fqdn') return found.name.toLowerCase() === name;
  return found.kind === 'fqdn-within' && name.endsWith(`.${found.domain.toLowerCase()}`);
}

export function identityText({ kind, value }: PeerIdentity): string {
  return kind === 'address' ? value : `the name ${value}`;
}

function foundText(found: FoundIdentity): string {
  switch (found.kind) {
    case 'any':
      return 'anybody';
    case 'address':
      return found.range === everything ? 'an address' : found.range.replace(/\/32$/, '');
    case 'fqdn':
      return `the name ${found.name}`;
    case 'fqdn-within':
      return `names in ${found.domain}`;
    case 'other':
      return `${found.text} (neither an address nor a name)`;
  }
}

function compareKey(key: string | null, found: FoundTunnel): Finding[] {
  const { authentication } = found;
  if (authentication?.value === 'other') {
    const theirs = 'something else than a shared key';
    return [{ field: 'authentication', ours: 'a shared key', theirs, severity: 'breaks', line: authentication.line }];
  }
  if (key === null || found.key?.value.equals(key) !== false) return [];
  return [{ field: 'key', ours: 'the tunnel’s key', theirs: 'another key', severity: 'breaks', line: found.key.line }];
}
