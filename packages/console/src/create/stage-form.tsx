import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { say } from '../words/said.ts';
import type { Answers } from './answers.ts';
import type { Wrongs } from './check-of.ts';
import type { Existing } from './existing.ts';

export interface StageProps {
  readonly answers: Answers;
  readonly change: (change: Partial<Answers>) => void;
  /** Whether something of this part of the form is made already. */
  readonly isMade: (part: string) => boolean;
  readonly wrongs: Wrongs;
  readonly onNext: () => void;
}

/** What is wrong with a field of this name, to be shown at it. */
export type WrongAt = (field: string) => { readonly wrong: string | undefined };

/** Of one part of the first stage. */
export interface NetworkPartProps extends Omit<StageProps, 'wrongs' | 'onNext'> {
  readonly at: WrongAt;
  readonly known: Existing | null;
}

interface StageFormProps extends Pick<StageProps, 'wrongs' | 'onNext'> {
  readonly onBack?: () => void;
  readonly children: (at: WrongAt) => ComponentChildren;
}

/** Nothing is said to be wrong before somebody wants to go on; then the first field that is gets the focus. */
export function StageForm({ wrongs, onBack, onNext, children }: StageFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [isChecked, setChecked] = useState(false);
  const at: WrongAt = (field) => {
    const wrong = isChecked ? wrongs.get(field) : undefined;
    return { wrong: wrong === undefined ? undefined : say(wrong.word, wrong.values) };
  };
  const next = () => {
    setChecked(true);
    if (wrongs.size === 0) onNext();
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  };
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
    >
      {children(at)}
      <StageButtons {...(onBack === undefined ? {} : { onBack })}>
        <button type="submit" class="strong">
          {say('create.next')}
        </button>
      </StageButtons>
    </form>
  );
}

interface StageButtonsProps {
  readonly onBack?: () => void;
  readonly children: ComponentChildren;
}

export function StageButtons({ onBack, children }: StageButtonsProps) {
  return (
    <div class="buttons">
      {onBack !== undefined && (
        <button type="button" onClick={onBack}>
          {say('create.back')}
        </button>
      )}
      {children}
    </div>
  );
}

interface PartProps {
  readonly title: string;
  readonly isMade?: boolean;
  readonly children: ComponentChildren;
}

/** Fields that belong together; what is made already is shown and stays. */
export function Part({ title, isMade = false, children }: PartProps) {
  return (
    <fieldset class="part" disabled={isMade}>
      <legend>{title}</legend>
      {isMade && <p class="fine">{say('create.isMade')}</p>}
      {children}
    </fieldset>
  );
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A new one, or one of those that are there. */
export function existingChoices(known: readonly Named[] | undefined, chosen: Named | null) {
  const all = known ?? [];
  const isThere = chosen === null || all.some(({ id }) => id === chosen.id);
  const shown = isThere ? all : [chosen, ...all];
  return [{ value: '', name: say('create.new') }, ...shown.map(({ id, name }) => ({ value: id, name }))];
}
