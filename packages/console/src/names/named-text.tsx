import { NamedObject } from './named-object.tsx';
import { partsOf } from './text-parts.ts';

/** A text of the service with the names of the objects in it. Names are asked for by useNames. */
export function NamedText({ of }: { readonly of: string }) {
  return partsOf(of).map(({ text, id }, index) =>
    id === undefined ? (
      text
    ) : (
      <NamedObject key={index} id={id}>
        {text}
      </NamedObject>
    ),
  );
}
