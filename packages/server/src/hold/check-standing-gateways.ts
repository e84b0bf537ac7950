import type { Settings } from '../config/settings.ts';
import { holdsAddress } from '../domain/operator/uplink.ts';
import type { Rows } from '../image/rows.ts';

/** Gateways that stand keep their addresses; with another uplink nobody would reach them, and nothing would say so. */
export function checkStandingGateways(
  { uplink, uplinkSource }: Pick<Settings, 'uplink' | 'uplinkSource'>,
  { vpnGateways }: Pick<Rows, 'vpnGateways'>,
): void {
  const misfits = vpnGateways
    .all()
    .filter(({ publicAddress }) => uplink === null || !holdsAddress(uplink, publicAddress));
  if (misfits.length === 0) return;
  const names = misfits
    .slice(0, 5)
    .map(({ id, publicAddress }) => `${id} (${publicAddress})`)
    .join(', ');
  const more = misfits.length > 5 ? ` and ${misfits.length - 5} more` : '';
  throw new Error(
    `the uplink of ${uplinkSource} does not have the addresses of gateways that stand: ${names}${more}. ` +
      'Start with the former uplink, or with one that has these addresses as well; landbridge readdress gives gateways others',
  );
}
