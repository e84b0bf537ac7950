import { call, type Reply } from '../calls/call.ts';
import { Loaded } from '../live/loaded.ts';

export type Gateway = Reply<'DescribeVpnGateways'>['VpnGatewaySet'][number] & { readonly Region: string };

/** The account's VPN gateways of every region that it has some in, by id. */
export class GatewayBook extends Loaded<ReadonlyMap<string, Gateway>> {
  constructor(regions: readonly string[]) {
    super({
      kinds: ['vpnGateways'],
      everyMs: 60_000,
      load: async (isBackground) => {
        const found = await Promise.all(regions.map((region) => readRegion(region, isBackground)));
        return new Map(found.flat().map((gateway) => [gateway.VpnGatewayId, gateway]));
      },
    });
  }

  nameOf(id: string): string {
    return this.value.value?.get(id)?.VpnGatewayName ?? id;
  }
}

async function readRegion(region: string, isBackground: boolean): Promise<Gateway[]> {
  const gateways: Gateway[] = [];
  for (;;) {
    const asked = { Offset: gateways.length, Limit: 100 };
    const { VpnGatewaySet, TotalCount } = await call('DescribeVpnGateways', asked, { region, isBackground });
    gateways.push(...VpnGatewaySet.map((gateway) => ({ ...gateway, Region: region })));
    if (VpnGatewaySet.length === 0 || gateways.length >= TotalCount) return gateways;
  }
}
