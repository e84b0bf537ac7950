import { compareEnds } from './compare-ends.ts';
import { compareProposals, espParts, ikeParts } from './compare-proposals.ts';
import { compareRoutes, compareSelectors } from './compare-selectors.ts';
import type { ComparedTunnel, Difference, DifferenceField, Finding } from './difference.ts';
import { fixHere } from './fix-here.ts';
import { fixThere } from './fix-there.ts';
import type { Dialect, FoundLifetime, FoundTunnel, Saying } from './found-tunnel.ts';

export interface Comparison {
  readonly differences: readonly Difference[];
  /** What the file does not say, or not so that it can be told. */
  readonly unknown: readonly DifferenceField[];
  /** The key never appears anywhere, only this. */
  readonly key: 'equal' | 'differs' | 'unreadable' | 'not-in-the-file';
}

/** A tunnel and what a device's configuration says of it, field by field. */
export function compare(tunnel: ComparedTunnel, found: FoundTunnel, dialect: Dialect): Comparison {
  const findings = [
    ...compareEnds(tunnel, found),
    ...compareIke(tunnel, found),
    ...compareEsp(tunnel, found),
    ...compareSelectors(tunnel.tunnel, found),
    ...compareRoutes(tunnel.tunnel, found),
    ...compareBehaviour(tunnel, found),
  ];
  return {
    differences: findings.map((finding) => ({
      ...finding,
      fixHere: fixHere(finding),
      fixThere: fixThere(dialect, finding.field, tunnel, found),
    })),
    unknown: unknownFields(tunnel, found),
    key: keyWord(tunnel, found),
  };
}

function compareIke({ tunnel: { ike } }: ComparedTunnel, found: FoundTunnel): Finding[] {
  const { ikeVersions, aggressive } = found;
  const proposal = { encryption: ike.encryption, integrity: ike.integrity, group: ike.dhGroup };
  const rest = [
    ...compareProposals(ikeParts(proposal), found.ikeProposals),
    ...compareLifetime('ike-lifetime', ike.lifetimeSeconds, found.ikeLifetime),
  ];
  if (ikeVersions !== null && !ikeVersions.value.includes(ike.version)) {
    const theirs = ikeVersions.value.map((version) => `IKEv${version}`).join(', ');
    return [
      { field: 'ike-version', ours: `IKEv${ike.version}`, theirs, severity: 'breaks', line: ikeVersions.line },
      ...rest,
    ];
  }
  if (ike.version === 2 || aggressive === null || aggressive.value === ike.aggressive) return rest;
  const [ours, theirs] = [modeText(ike.aggressive), modeText(aggressive.value)];
  return [{ field: 'exchange-mode', ours, theirs, severity: 'breaks', line: aggressive.line }, ...rest];
}

function modeText(aggressive: boolean): string {
  return aggressive ? 'aggressive mode' : 'main mode';
}

function compareEsp({ tunnel: { esp } }: ComparedTunnel, found: FoundTunnel): Finding[] {
  const { encapsulation } = found;
  const proposal = { encryption: esp.encryption, integrity: esp.integrity, group: esp.pfsGroup };
  const rest = [
    ...compareProposals(espParts(proposal), found.espProposals),
    ...compareLifetime('esp-lifetime', esp.lifetimeSeconds, found.espLifetime),
  ];
  if (encapsulation === null || encapsulation.value === 'tunnel') return rest;
  const theirs = { transport: 'ESP in transport mode', ah: 'AH', gre: 'GRE in ESP' }[encapsulation.value];
  return [
    { field: 'encapsulation', ours: 'ESP in tunnel mode', theirs, severity: 'breaks', line: encapsulation.line },
    ...rest,
  ];
}

/** The gateway renews keys a tenth before their lifetime ends: whoever renews or ends in that time has the same lifetime. */
const renewalShare = 0.9;

/** A note only: each end keeps to its own lifetime, and the shorter decides. */
function compareLifetime(
  field: 'ike-lifetime' | 'esp-lifetime',
  seconds: number,
  found: Saying<FoundLifetime>,
): Finding[] {
  if (found === null) return [];
  const { from, to } = found.value;
  if (from <= seconds && to >= Math.floor(seconds * renewalShare)) return [];
  const theirs = from === to ? `${to} s` : `${from} s to ${to} s`;
  return [{ field, ours: `${seconds} s`, theirs, severity: 'notes', line: found.line }];
}

function compareBehaviour({ device, tunnel, gatewayBegins }: ComparedTunnel, found: FoundTunnel): Finding[] {
  const { dpd, natTraversal, begins } = found;
  const findings: Finding[] = [];
  if (tunnel.dpd.enabled && dpd?.value === false) {
    findings.push({ field: 'dpd', ours: 'on', theirs: 'off', severity: 'warns', line: dpd.line });
  }
  if (tunnel.natTraversal && natTraversal?.value === 'off') {
    const severity = device.address === device.publicAddress ? 'notes' : 'breaks';
    findings.push({ field: 'nat-traversal', ours: 'on', theirs: 'off', severity, line: natTraversal.line });
  }
  if (gatewayBegins === 'never' && begins?.value === 'never') {
    const words = { ours: 'the gateway waits', theirs: 'the device waits' };
    findings.push({ field: 'initiation', ...words, severity: 'breaks', line: begins.line });
  }
  return findings;
}

function keyWord({ tunnel: { preSharedKey } }: ComparedTunnel, { key }: FoundTunnel): Comparison['key'] {
  if (key === null || preSharedKey === null) return 'not-in-the-file';
  const isEqual = key.value.equals(preSharedKey);
  if (isEqual === null) return 'unreadable';
  return isEqual ? 'equal' : 'differs';
}

function unknownFields({ tunnel }: ComparedTunnel, found: FoundTunnel): DifferenceField[] {
  const isUnknown: readonly (readonly [DifferenceField, boolean])[] = [
    ['ike-version', found.ikeVersions === null],
    ['gateway-address', found.remoteAddress === null],
    ['device-address', found.localAddress === null],
    ['gateway-identity', found.remoteIdentity === null],
    ['device-identity', found.localIdentity === null],
    ['authentication', found.authentication === null],
    ['ike-encryption', found.ikeProposals === null],
    ['ike-integrity', found.ikeProposals === null],
    ['ike-group', found.ikeProposals?.value.some(({ groups }) => groups === null) ?? true],
    ['ike-lifetime', found.ikeLifetime === null],
    ['encapsulation', found.encapsulation === null],
    ['esp-encryption', found.espProposals === null],
    ['esp-integrity', found.espProposals === null],
    ['pfs', found.espProposals?.value.some(({ groups }) => groups === null) ?? true],
    ['esp-lifetime', found.espLifetime === null],
    ['selectors', found.selectors === null],
    ['routes', tunnel.traffic.mode === 'route' && found.routes === null],
    ['dpd', found.dpd === null],
    ['nat-traversal', found.natTraversal === null],
    ['initiation', found.begins === null],
  ];
  return isUnknown.flatMap(([field, unknown]) => (unknown ? [field] : []));
}
