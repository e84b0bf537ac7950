import { attachmentState, shownInstanceType } from '@landbridge/catalogue/ccn/ccn-instances';
import { directConnectGatewayActions } from '@landbridge/catalogue/direct-connect/direct-connect-gateways';
import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import { espOptions, espRequest, ikeOptions, ikeRequest } from '@landbridge/catalogue/vpn/negotiation';
import { vpnConnectionActions } from '@landbridge/catalogue/vpn/vpn-connections';
import { newVpnGatewayRoute } from '@landbridge/catalogue/vpn/vpn-gateway-routes';
import { vpnGatewayActions } from '@landbridge/catalogue/vpn/vpn-gateways';
import { describe, expect, it } from 'vitest';
import { choices } from './choices.ts';

/** The words that a schema takes, in alphabetical order. */
function wordsOf(schema: unknown): readonly string[] {
  const { enum: listed, anyOf, const: only } = schema as SchemaParts;
  const words = listed ?? anyOf?.map((each) => each.const) ?? [only];
  return words.map(String).sort();
}

const tunnel = vpnConnectionActions.ModifyVpnConnectionAttribute.request.properties;
const bandwidth = vpnGatewayActions.ResetVpnGatewayInternetMaxBandwidth.request.properties;
const line = directConnectGatewayActions.ModifyDirectConnectGatewayAttribute.request.properties;

/** Shown of tunnels from before, and refused today. */
const noLongerTaken = ['DES-CBC'];
const taken = (schema: unknown) => wordsOf(schema).filter((word) => !noLongerTaken.includes(word));

describe('what a form offers is what the catalogue takes', () => {
  it.each([
    ['ikeEncryption', taken(ikeOptions.properties.PropoEncryAlgorithm)],
    ['ikeIntegrity', wordsOf(ikeOptions.properties.PropoAuthenAlgorithm)],
    ['ikeGroup', wordsOf(ikeOptions.properties.DhGroupName)],
    ['ikeVersion', wordsOf(ikeRequest.properties.IKEVersion)],
    ['exchangeMode', wordsOf(ikeRequest.properties.ExchangeMode)],
    ['identity', wordsOf(ikeRequest.properties.LocalIdentity)],
    ['identity', wordsOf(ikeRequest.properties.RemoteIdentity)],
    ['espEncryption', taken(espOptions.properties.EncryptAlgorithm)],
    ['espIntegrity', wordsOf(espOptions.properties.IntegrityAlgorithm)],
    ['pfsGroup', wordsOf(espOptions.properties.PfsDhGroup)],
    ['negotiation', wordsOf(tunnel.NegotiationType)],
    ['dpdAction', wordsOf(tunnel.DpdAction)],
    ['bandwidth', wordsOf(bandwidth.InternetMaxBandwidthOut)],
    ['gatewayRouteTarget', wordsOf(newVpnGatewayRoute.properties.InstanceType)],
    ['gatewayRoutePriority', wordsOf(newVpnGatewayRoute.properties.Priority)],
    ['gatewayRouteStatus', wordsOf(newVpnGatewayRoute.properties.Status)],
    ['ccnInstance', wordsOf(shownInstanceType())],
    ['mode', wordsOf(line.ModeType)],
  ] as const)('%s', (name, words) => {
    expect(words.length).toBeGreaterThan(1);
    expect([...choices[name]].sort()).toEqual(words);
  });

  it('reads schemas as they are written', () => {
    expect(wordsOf(attachmentState())).toContain('ACTIVE');
    expect(wordsOf(espRequest.properties.EncryptAlgorithm)).toEqual(['undefined']);
  });
});
