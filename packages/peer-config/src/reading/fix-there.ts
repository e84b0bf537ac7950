import type { ComparedTunnel, DifferenceField } from './difference.ts';
import type { Dialect, FoundTunnel } from './found-tunnel.ts';
import { ciscoFixes } from './cisco-ios/cisco-fixes.ts';
import { fortigateFixes } from './fortigate/fortigate-fixes.ts';
import type { Fixes } from './fixes.ts';
import { libreswanFixes, strongswanConfFixes } from './ipsec-conf/conf-fixes.ts';
import { routerOsFixes } from './routeros/routeros-fixes.ts';
import { swanctlFixes } from './swanctl/swanctl-fixes.ts';
import { vyosFixes } from './vyos/vyos-fixes.ts';

const fixes: Readonly<Record<Dialect, Fixes>> = {
  swanctl: swanctlFixes,
  'strongswan-ipsec-conf': strongswanConfFixes,
  libreswan: libreswanFixes,
  vyos: vyosFixes,
  'cisco-ios': ciscoFixes,
  fortigate: fortigateFixes,
  routeros: routerOsFixes,
};

/** What to change at the device. */
export function fixThere(dialect: Dialect, field: DifferenceField, ours: ComparedTunnel, found: FoundTunnel): string {
  return fixes[dialect](ours, found)[field];
}
