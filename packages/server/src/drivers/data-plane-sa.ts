import type { Kernel } from './kernel.ts';
import { parseSas } from './leftover-sas.ts';

/** A security association that carries packets: destination and SPI name it (RFC 4301 section 4.1). */
export interface DataPlaneSa {
  readonly destination: string;
  readonly spi: number;
}

/** One dump of the namespace, without the keys. */
export async function readKernelSas(kernel: Kernel, netns: string, signal: AbortSignal): Promise<DataPlaneSa[]> {
  const text = await kernel.commands.run(['ip', '-n', netns, 'xfrm', 'state', 'list', 'nokeys'], { signal });
  return parseSas(text).map(({ destination, spi }) => ({ destination, spi: Number(spi) }));
}
