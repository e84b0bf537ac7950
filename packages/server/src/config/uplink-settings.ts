import {
  normalizeCidr,
  parseCidr,
  parseInterfaceName,
  parseIpAddress,
  ValueSyntaxError,
  type Cidr,
  type IpAddress,
} from '@landbridge/net';
import type { Static } from 'typebox';
import type { Uplink } from '../domain/operator/uplink.ts';
import { checkSchema } from './check-schema.ts';
import { uplinkSchemas, usualPathMtu } from './settings-schema.ts';
import { SettingsError } from './settings.ts';

/** Reads `uplink` of the file; throws SettingsError. `mode` has been checked. */
export function readUplink(value: { readonly mode: Uplink['mode'] }, source: string): Uplink {
  switch (value.mode) {
    case 'routed':
      return readRouted(checkSchema(uplinkSchemas.routed, value, source, 'uplink'), source);
    case 'bridged':
      return readBridged(checkSchema(uplinkSchemas.bridged, value, source, 'uplink'), source);
    case 'nat':
      return readNat(checkSchema(uplinkSchemas.nat, value, source, 'uplink'), source);
  }
}

function readRouted(value: Static<typeof uplinkSchemas.routed>, source: string): Uplink {
  return {
    mode: 'routed',
    interface: readDevice(value.interface, source, 'uplink.interface'),
    addresses: readPool(value.addresses, source),
    pathMtu: value.pathMtu ?? usualPathMtu,
  };
}

function readBridged(value: Static<typeof uplinkSchemas.bridged>, source: string): Uplink {
  const { interface: parent, bridge } = value;
  if ((parent === undefined) === (bridge === undefined)) {
    throw new SettingsError(source, 'uplink', 'mode bridged needs either "interface" or "bridge"');
  }
  return {
    mode: 'bridged',
    attach:
      parent === undefined
        ? { kind: 'bridge-port', bridge: readDevice(bridge ?? '', source, 'uplink.bridge') }
        : { kind: 'macvlan', interface: readDevice(parent, source, 'uplink.interface') },
    addresses: readPool(value.addresses, source),
    prefixLength: value.prefixLength,
    nextHop: readAddress(value.nextHop, source, 'uplink.nextHop'),
    pathMtu: value.pathMtu ?? usualPathMtu,
  };
}

function readNat(value: Static<typeof uplinkSchemas.nat>, source: string): Uplink {
  return {
    mode: 'nat',
    interface: readDevice(value.interface, source, 'uplink.interface'),
    address: readAddress(value.address, source, 'uplink.address'),
    pathMtu: value.pathMtu ?? usualPathMtu,
  };
}

/** Blocks, or single addresses. */
function readPool(texts: readonly string[], source: string): Cidr[] {
  return texts.map((text, index) => {
    const path = `uplink.addresses.${index}`;
    const block = readSyntax(source, path, () => (text.includes('/') ? parseCidr(text) : normalizeCidr(text)));
    if (block.includes(':')) throw new SettingsError(source, path, 'must be IPv4');
    return block;
  });
}

function readAddress(text: string, source: string, path: string): IpAddress {
  const address = readSyntax(source, path, () => parseIpAddress(text));
  if (address.includes(':')) throw new SettingsError(source, path, 'must be IPv4');
  return address;
}

function readDevice(text: string, source: string, path: string): string {
  return readSyntax(source, path, () => parseInterfaceName(text));
}

function readSyntax<T>(source: string, path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ValueSyntaxError)) throw cause;
    throw new SettingsError(source, path, cause.message, { cause });
  }
}
