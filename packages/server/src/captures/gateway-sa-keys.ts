import type { DataPlane } from '../domain/operator/observation.ts';
import { UxfrmControl } from '../drivers/daemons/uxfrm-control.ts';
import { gatewayPaths } from '../drivers/gateway-paths.ts';
import type { Kernel } from '../drivers/kernel.ts';
import { readKernelSaKeys, type SaKeys } from '../drivers/sa-keys.ts';
import { netnsName } from '../plan/names.ts';
import type { CapturedSas } from './capture-place.ts';

export interface GatewaySaKeysOptions {
  readonly kernel: Kernel;
  readonly dataDir: string;
  readonly dataPlane: DataPlane;
}

const withinMs = 5000;

/** Reads the keys of SAs where packets are encrypted with them. */
export function gatewaySaKeys({ kernel, dataDir, dataPlane }: GatewaySaKeysOptions) {
  return async ({ gatewayId, ifId }: CapturedSas): Promise<readonly SaKeys[]> => {
    const signal = AbortSignal.timeout(withinMs);
    const all =
      dataPlane === 'uxfrm'
        ? await readUxfrmSaKeys(gatewayPaths(dataDir, gatewayId).uxfrmSocket, signal)
        : await readKernelSaKeys(kernel, netnsName(gatewayId), signal);
    return ifId === null ? all : all.filter((sa) => sa.ifId === ifId);
  };
}

async function readUxfrmSaKeys(controlSocket: string, signal: AbortSignal): Promise<SaKeys[]> {
  const control = await UxfrmControl.connect(controlSocket, signal);
  try {
    return await control.listSaKeys(signal);
  } finally {
    control.close();
  }
}
