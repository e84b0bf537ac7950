import { Link } from 'wouter-preact';
import { useLoaded } from '../live/loaded.ts';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { useTitle } from '../parts/use-title.ts';
import { Fact } from '../parts/fact.tsx';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { hrefOf } from './addresses.ts';
import { labelOf } from './form-fields.tsx';
import { kinds } from './kinds.ts';
import { findObject, type ObjectKind } from './object-kind.ts';
import { NetworkTrouble } from './network-trouble.tsx';
import { ObjectForm } from './object-form.tsx';
import { ObjectTags } from './object-tags.tsx';
import { RemoveButton } from './remove-button.tsx';

interface ObjectPageProps {
  readonly slug: string;
  readonly id: string;
}

/** One object: its form, what belongs to it, its tags, and its end. */
export function ObjectPage({ slug, id }: ObjectPageProps) {
  const kind = kinds.find((each) => each.slug === slug);
  if (kind === undefined) return <p class="empty">{say('nav.nowhere')}</p>;
  return <PageOfKind key={id} kind={kind} id={id} />;
}

function PageOfKind({ kind, id }: { readonly kind: ObjectKind; readonly id: string }) {
  const { session } = useWorld();
  const loaded = useLoaded(id, () => ({
    ...{ kinds: kind.rows, id, everyMs: 60_000 },
    load: async (isBackground: boolean) => ({ object: await findObject(kind, id, session.Regions, isBackground) }),
  }));
  const object = loaded.value.value?.object;
  useTitle(object?.name ?? id);
  const problem = <Problem of={loaded.problem.value} again={() => void loaded.refresh(false)} />;
  if (object === null) return <p class="empty">{say('objects.gone', { id })}</p>;
  if (object === undefined) {
    return (
      <section>
        {problem}
        <ShownAge at={loaded.at} />
      </section>
    );
  }
  /** Past what is being loaded already: that may be from before. */
  const reread = async () => {
    const fresh = await findObject(kind, id, [object.region], false);
    loaded.value.value = { object: fresh };
    return fresh;
  };
  const { Parts } = kind;
  return (
    <section>
      <header class="bar">
        <h1>{object.name || id}</h1>
        <code class="fine">{id}</code>
        <Link href={`/objects/${kind.slug}`}>{say(kind.word)}</Link>
        {kind.prefix === 'vpnx' && <Link href={`/tunnels/${id}`}>{say('objects.state')}</Link>}
        <ShownAge at={loaded.at} />
        {object.removal !== undefined && <RemoveButton {...{ kind, object, removal: object.removal, reread }} />}
      </header>
      {problem}
      <NetworkTrouble object={object} />
      <div class="panels">
        <section class="panel wide">
          <h2>{say('tunnel.settings')}</h2>
          <ObjectForm {...{ kind, object, reread }} />
        </section>
        <section class="panel wide">
          <h2>{say('objects.fixed')}</h2>
          <dl class="facts">
            {Object.entries(object.facts).map(([name, value]) => (
              <Fact key={name} name={labelOf(name)}>
                <FactValue value={value} />
              </Fact>
            ))}
          </dl>
        </section>
        {Parts !== undefined && <Parts object={object} />}
        <ObjectTags {...{ kind, object }} />
      </div>
    </section>
  );
}

function FactValue({ value }: { readonly value: string }) {
  const href = hrefOf(value);
  return href === undefined ? <code>{value || '–'}</code> : <Link href={href}>{value}</Link>;
}
