import type { CcnAttachment, CcnInstance } from '../../domain/ccn/ccn.ts';
import type { CcnId } from '../../domain/resource-id.ts';
import type { DraftRows } from '../../image/draft.ts';

/**
 * Records that the routes of a CCN may have changed: new generations and the plan keys of the CCN and of everything
 * attached to it, but for the instance whose own change is recorded by the caller.
 */
export function touchCcn(rows: DraftRows, ccnId: CcnId, except?: CcnInstance['id']): number {
  const ccn = rows.ccns.get(ccnId);
  if (ccn === undefined) throw new Error(`${ccnId} is gone`);
  const generation = ccn.generation + 1;
  rows.ccns.update({ ...ccn, generation });
  rows.changed(ccnId);
  for (const { instance } of rows.ccnAttachments.of('ccn', ccnId)) {
    if (instance.id !== except) touchInstance(rows, instance);
  }
  return generation;
}

/** As touchCcn for the CCN that the instance is attached to, if it is. */
export function touchCcnOf(rows: DraftRows, instanceId: CcnInstance['id']): void {
  const attachment = rows.ccnAttachments.get(instanceId);
  if (attachment !== undefined) touchCcn(rows, attachment.ccnId, instanceId);
}

/** What an instance announces, and what it hears, goes with its attachment. */
export function detachFromCcn(rows: DraftRows, { ccnId, instance }: CcnAttachment): void {
  rows.ccnAttachments.remove(instance.id);
  for (const { routeTableId, destination } of rows.ccnRouteChoices.of('instance', instance.id)) {
    rows.ccnRouteChoices.remove(routeTableId, instance.id, destination);
  }
  for (const route of rows.vpnGatewayRoutes.of('nextHop', ccnId)) {
    if (route.vpnGatewayId === instance.id) rows.vpnGatewayRoutes.remove(route.id);
  }
  touchCcn(rows, ccnId);
  touchInstance(rows, instance);
}

function touchInstance(rows: DraftRows, instance: CcnInstance): void {
  rows.changed(instance.id);
  if (instance.kind === 'vpn-gateway') {
    const gateway = rows.vpnGateways.get(instance.id);
    if (gateway !== undefined) {
      rows.vpnGateways.update({ ...gateway, generation: gateway.generation + 1 });
    }
  }
  if (instance.kind === 'direct-connect-gateway') {
    const gateway = rows.directConnectGateways.get(instance.id);
    if (gateway !== undefined) {
      rows.directConnectGateways.update({ ...gateway, generation: gateway.generation + 1 });
    }
  }
}
