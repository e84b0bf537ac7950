import type { Dialect } from './dialect.ts';
import type { PeerModel } from './peer-model.ts';
import { tunnelScript } from './route-interface.ts';

/** Interfaces for a daemon that binds its SAs by marks. */
export function vtiInterfaces(model: PeerModel): ReturnType<Dialect['write']> {
  const script = tunnelScript(model, ({ name, ifId, tunnel }) => [
    `ip link show ${name} >/dev/null 2>&1 || ip link add ${name} type vti local ${model.device.address} remote ${tunnel.gatewayAddress} key ${ifId}`,
    `sysctl -q -w net.ipv4.conf.${name}.disable_policy=1`,
  ]);
  if (script.files.length === 0) return script;
  const noRoutes = 'Set install_routes = no in /etc/strongswan.d/charon.conf: the interfaces have the routes.';
  return { ...script, notes: [...script.notes, noRoutes] };
}
