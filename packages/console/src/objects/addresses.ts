/** Kinds in addresses, by what their ids begin with. */
export const slugs = {
  vpnx: 'tunnels',
  vpngw: 'vpn-gateways',
  cgw: 'customer-gateways',
  vpc: 'vpcs',
  subnet: 'subnets',
  rtb: 'route-tables',
  ccn: 'ccns',
  dcg: 'direct-connect-gateways',
} as const;

/** The page of an object; undefined: there is none of its kind. */
export function hrefOf(id: string): string | undefined {
  const prefix = id.replace(/-.*/, '');
  return Object.hasOwn(slugs, prefix) ? `/objects/${slugs[prefix as keyof typeof slugs]}/${id}` : undefined;
}
