import { language, say, speak } from '../words/said.ts';

/** Speaks the other language. */
export function LanguageButton() {
  const other = language.value === 'zh' ? 'en' : 'zh';
  return (
    <button type="button" class="quiet" lang={other} onClick={() => void speak(other)}>
      {say('nav.language')}
    </button>
  );
}
