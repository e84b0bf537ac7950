import { useContext, useEffect } from 'preact/hooks';
import { WorldContext } from '../world.ts';

/** Asks for the names of objects that are shown together, once for each kind. @param region where they are; the service's usual one unless given */
export function useNames(ids: readonly string[], region?: string): void {
  const world = useContext(WorldContext);
  useEffect(() => {
    if (ids.length === 0) return;
    const left = new AbortController();
    const { signal } = left;
    void world?.names.ask(ids, { isBackground: true, signal, ...(region === undefined ? {} : { region }) });
    return () => left.abort();
  }, [world, ids.join(' '), region]);
}
