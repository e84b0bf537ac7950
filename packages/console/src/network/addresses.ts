import { searchWith } from './path-ends.ts';

/** Where an object is opened: a tunnel on its page, a group of tunnels in the graph, all others beside the graph. */
export function hrefOf(id: string, search: URLSearchParams): string {
  if (id.startsWith('vpnx-')) return `/tunnels/${id}`;
  return `/network?${searchWith(search, { object: id })}`;
}

export function openedIn(search: URLSearchParams): ReadonlySet<string> {
  return new Set((search.get('open') ?? '').split(',').filter(Boolean));
}

/** With the group of this gateway opened, or closed again. */
export function toggleHref(gatewayId: string, search: URLSearchParams): string {
  const opened = new Set(openedIn(search));
  if (!opened.delete(gatewayId)) opened.add(gatewayId);
  return `/network?${searchWith(search, { open: [...opened].join(',') })}`;
}
