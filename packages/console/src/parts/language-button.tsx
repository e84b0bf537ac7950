import { askAnew } from '../live/stream.ts';
import { language, say, speak } from '../words/said.ts';

/** Speaks the other language, and so does the service. */
export function LanguageButton() {
  const other = language.value === 'zh' ? 'en' : 'zh';
  return (
    <button type="button" class="quiet" lang={other} onClick={() => void speak(other).then(askAnew)}>
      {say('nav.language')}
    </button>
  );
}
