import { commentText, heading } from '../comment.ts';
import type { Dialect } from '../dialect.ts';
import { keyNote } from '../notes.ts';
import type { PeerModel } from '../peer-model.ts';
import { Platform } from '../platform.ts';
import { holdsKey } from '../pre-shared-key.ts';
import { makeXfrmInterface, routeInterfaces, tunnelScript } from '../route-interface.ts';
import { swanctlText } from './strongswan-swanctl.ts';

const frrHost: Platform = new Platform('FRR host with strongSwan');

/** strongSwan has the tunnels, FRR the routes. */
export const frr: Dialect = {
  vendorName: 'frr',
  platform: 'strongswan',
  softwareVersion: 'V8.4',
  title: frrHost.title,
  proof: 'tunnel',
  comment: '#',
  write: (model) => {
    if (routeInterfaces(model).length === 0) {
      frrHost.refuse('traffic.mode', 'policy', 'FRR has no part in policies; take strongSwan alone');
    }
    const script = tunnelScript(model, makeXfrmInterface, { routes: false });
    return {
      files: [
        { name: 'cloud.conf', text: swanctlText(model), secret: holdsKey(model) },
        ...script.files,
        { name: 'frr.conf', text: staticRoutes(model), secret: false },
      ],
      notes: [
        'Put cloud.conf into /etc/swanctl/conf.d, readable by root alone, then run swanctl --load-all.',
        'Put what is in frr.conf into /etc/frr/frr.conf, and staticd=yes into /etc/frr/daemons.',
        ...script.notes,
        ...keyNote(model),
      ],
    };
  },
};

function staticRoutes(model: PeerModel): string {
  const routes = routeInterfaces(model).flatMap(({ tunnel, name, traffic }) => [
    `! ${tunnel.id} ${commentText(tunnel.name)}`,
    ...traffic.remotes.map((remote) => `ip route ${remote} ${name} ${1 + tunnel.priority}`),
  ]);
  return [...heading('!', model, '/etc/frr/frr.conf'), ...routes, ''].join('\n');
}
