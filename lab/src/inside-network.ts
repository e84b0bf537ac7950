import type { Host } from './host.ts';
import type { Lab } from './lab.ts';

/** A network of the server's machine itself, which has nothing to do with the service: 10.98.0.0/24 with one computer. */
export async function createInsideNetwork(lab: Lab): Promise<Host> {
  const device = 'inside';
  lab.cables.push(device);
  const far = { namespace: lab.host, device };
  const inside = await lab.createHost({
    ...{ name: 'inside', netns: lab.netns(device), address: '10.98.0.10/24', gateway: '10.98.0.1', far },
  });
  await lab.host.ip(`address add 10.98.0.1/24 dev ${device}`, `link set ${device} up`);
  return inside;
}
