import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import { hrefOf } from '../objects/addresses.ts';
import { WorldContext } from '../world.ts';

interface NamedObjectProps {
  readonly id: string;
  /** What is shown of one that nothing is known of; absent: its id. */
  readonly children?: ComponentChildren;
}

/** An object by its name and its id, and the way to its page. Names are asked for by useNames. */
export function NamedObject({ id, children }: NamedObjectProps) {
  const world = useContext(WorldContext);
  const [path] = useLocation();
  const name = world?.names.nameOf(id);
  if (name === undefined) return children ?? <code class="fine">{id}</code>;
  const href = hrefOf(id);
  const shown = name === '' ? id : name;
  return (
    <>
      {href === undefined || href === path ? shown : <Link href={href}>{shown}</Link>}
      {name !== '' && (
        <>
          {' '}
          (<code class="fine">{id}</code>)
        </>
      )}
    </>
  );
}
