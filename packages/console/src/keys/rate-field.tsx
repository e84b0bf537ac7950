import { TextField } from '../forms/fields.tsx';
import { say } from '../words/said.ts';

interface RateFieldProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly wrong: string | undefined;
}

/** How often a key may call. */
export function RateField(props: RateFieldProps) {
  return <TextField label={say('keys.rate')} hint={say('keys.rateHint')} type="number" {...props} />;
}
