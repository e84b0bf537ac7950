import { Namespace } from './namespace.ts';
import { runChecked } from './run-command.ts';

/** SPIs of the SAs that the kernel holds in a gateway, such as `0xc1a7388a`; sorted. Empty on another data plane. */
export async function gatewaySpis(gatewayId: string): Promise<string[]> {
  const text = await runChecked(['ip', '-n', `lb-${gatewayId}`, 'xfrm', 'state', 'list', 'nokeys']);
  return [...text.matchAll(/proto esp spi (0x[0-9a-f]+)/g)].map(([, spi = '']) => spi).sort();
}

/** Takes every SA and policy out of a gateway's kernel behind its charon's back. */
export async function flushGatewayXfrm(gatewayId: string): Promise<void> {
  await new Namespace(`lb-${gatewayId}`).ip('xfrm state flush', 'xfrm policy flush');
}
