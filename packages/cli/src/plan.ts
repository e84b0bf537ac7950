import { callAction } from '@landbridge/client';
import { renderTable } from '@landbridge/server/nft-text';
import type { TablePlan } from '@landbridge/server/packet-filter';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';
import { printJson, printLines } from './output/print.ts';

interface PrintedPlan {
  readonly key: string;
  readonly filter: TablePlan | null;
  readonly neighbourBound?: TablePlan;
}

/** `landbridge plan [ID]`: what the network shall look like, as JSON, with the nft rules as readable text below. */
export async function plan(id: string | undefined, options: EndpointOptions): Promise<void> {
  const endpoint = await adminEndpoint(options);
  const parameters = id === undefined ? {} : { ResourceId: id };
  const response = await callAction(endpoint, 'landbridge', 'DescribePlan', parameters);
  for (const { filter, neighbourBound, ...rest } of response['Plans'] as PrintedPlan[]) {
    printLines([`# ${rest.key}`]);
    printJson(rest);
    printTable(rest.key, 'landbridge', filter);
    printTable(rest.key, 'landbridge-neighbours', neighbourBound ?? null);
  }
}

function printTable(key: string, name: string, table: TablePlan | null): void {
  if (table !== null) printLines([`# ${key}: nft table inet ${name}`, ...renderTable(table).trimEnd().split('\n')]);
}
