import { Link } from 'wouter-preact';
import { useWorld } from '../world.ts';

interface ResourceLinkProps {
  readonly id: string;
  /** The one that its book has unless given. */
  readonly name?: string;
}

/** An object by its name: one that has a page leads there. */
export function ResourceLink({ id, name: given }: ResourceLinkProps) {
  const nameOf = useNameOf();
  const name = given ?? nameOf(id);
  const href = pageOf(id);
  return (
    <span class="resource">
      {href === null ? name : <Link href={href}>{name}</Link>}
      {name !== id && <code class="fine"> {id}</code>}
    </span>
  );
}

/** Names of tunnels and VPN gateways; the id of anything else. */
export function useNameOf(): (id: string) => string {
  const { tunnels, gateways } = useWorld();
  return (id) => {
    const name = id.startsWith('vpngw-') ? gateways.nameOf(id) : (tunnels.of(id)?.VpnConnectionName ?? '');
    return name === '' ? id : name;
  };
}

function pageOf(id: string): string | null {
  if (id.startsWith('vpnx-')) return `/tunnels/${id}`;
  return id.startsWith('vpngw-') ? `/tunnels?filter=${id}` : null;
}
