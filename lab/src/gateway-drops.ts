import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UxfrmControl } from '@landbridge/server/uxfrm-control';

/** How many packets a gateway's uxfrm dropped since it began, by the reasons of `/proc/net/xfrm_stat`; those that did not occur left out. */
export async function gatewayDrops(
  dataDirectory: string,
  gatewayId: string,
): Promise<Readonly<Record<string, number>>> {
  const files = await readdir(dataDirectory, { recursive: true });
  const socket = files.find((path) => path.includes(gatewayId) && path.endsWith('uxfrm.sock'));
  if (socket === undefined) throw new Error(`no uxfrm of ${gatewayId} below ${dataDirectory}`);
  const control = await UxfrmControl.connect(join(dataDirectory, socket));
  try {
    const { drops } = await control.stats();
    return Object.fromEntries(Object.entries(drops as Record<string, number>).filter(([, count]) => count > 0));
  } finally {
    control.close();
  }
}
