import { say } from '../words/said.ts';
import type { WordKey } from '../words/words.ts';
import { settingsIn } from './settings-in.ts';

/** Settings as the form calls them, with the parameters of the API; of what is no setting the words alone. */
export function SettingName({ field }: { readonly field: string }) {
  const names = settingsIn(field).map((setting) => say(`field.${setting}` as WordKey));
  if (names.includes('') || names.length === 0) return <code>{field}</code>;
  return (
    <>
      {names.join(', ')} <code class="fine">{field}</code>
    </>
  );
}
