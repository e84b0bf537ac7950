import type { CataloguedAction } from '@landbridge/catalogue/services';
import { ApiError, callAction, type ApiEndpoint } from '@landbridge/client';
import { cellLines, type ReachabilityReply } from '../output/reachability.ts';
import { commandOf } from './action-areas.ts';

/**
 * `--dry-run`: the call is checked as if it was meant, and what it would do to tunnels and to who reaches whom is said where the key may ask for that. Throws
 * what the service refuses.
 */
export async function tryCall(
  endpoint: ApiEndpoint,
  action: CataloguedAction,
  parameters: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  const { service, name } = action;
  try {
    await callAction(endpoint, service, name, { ...parameters, DryRun: true });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'DryRunOperation') throw error;
    return [
      `${commandOf(action)} would be done; nothing was changed`,
      ...(await effects(endpoint, action, parameters)),
    ];
  }
  throw new Error('the service did not answer as one that only tried');
}

interface Preview extends ReachabilityReply {
  readonly Plans: readonly { readonly ResourceId: string; readonly Change: string }[];
  readonly Tunnels: readonly { readonly VpnConnectionId: string; readonly Effect: string }[];
}

async function effects(
  endpoint: ApiEndpoint,
  { service, name }: CataloguedAction,
  parameters: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  try {
    const call = { Service: service, Action: name, Parameters: parameters };
    const preview = (await callAction(endpoint, 'landbridge', 'PreviewChanges', call)) as unknown as Preview;
    const touched = preview.Tunnels.filter(({ Effect }) => Effect !== 'none');
    return [
      ...preview.Plans.map(({ ResourceId, Change }) => `network of ${ResourceId}: ${Change}`),
      ...touched.map(({ VpnConnectionId, Effect }) => `tunnel ${VpnConnectionId}: ${Effect}`),
      ...(touched.length === 0 ? ['no tunnel is touched'] : []),
      ...cellLines(preview, ({ Id }) => Id),
    ];
  } catch (error) {
    // A key may be allowed the Action and nothing else.
    if (error instanceof ApiError && error.code.startsWith('UnauthorizedOperation')) return [];
    throw error;
  }
}
