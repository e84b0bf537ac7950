import type { Namespace } from '@landbridge/testbed/namespace';
import { runChecked } from '@landbridge/testbed/run-command';

export interface VethEnd {
  readonly namespace: Namespace;
  readonly device: string;
}

/** Makes a veth pair between two namespaces. It goes with either of them. */
export async function connectNamespaces(a: VethEnd, b: VethEnd): Promise<void> {
  await runChecked([
    'ip', 'link', 'add', a.device, 'netns', a.namespace.name, 'type', 'veth',
    'peer', 'name', b.device, 'netns', b.namespace.name,
  ]); // prettier-ignore
}
