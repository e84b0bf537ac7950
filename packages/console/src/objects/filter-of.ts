import type { ObjectKind } from './object-kind.ts';
import type { Filter } from './readable-kind.ts';

const idForm = /^([a-z]+)-[0-9a-z]{8}$/;
const addressForm = /^\d+\.\d+\.\d+\.\d+$/;

/** Null: none of the kind's filters finds this. */
export function filterOf({ filters: { ids, address } }: Pick<ObjectKind, 'filters'>, text: string): Filter | null {
  const prefix = idForm.exec(text)?.[1] ?? '';
  const Name = Object.hasOwn(ids, prefix) ? ids[prefix] : addressForm.test(text) ? address : undefined;
  return Name === undefined ? null : { Name, Values: [text] };
}
