import { signal } from '@preact/signals';
import type { WordKey } from './words.ts';

export type Language = 'en' | 'zh';

/** What a file of words holds (scripts/console/words.ts). */
export interface WordFile {
  readonly console: Readonly<Record<WordKey, string>>;
  /** What an Action does, by its name. */
  readonly actions: Readonly<Record<string, string>>;
}

const kept = 'landbridge-language';

export const language = signal<Language>(usualLanguage());
const loaded = signal<WordFile | null>(null);

/** As X-TC-Language has it. */
export function wireLanguage(): 'zh-CN' | 'en-US' {
  return language.value === 'zh' ? 'zh-CN' : 'en-US';
}

/** Loads the words of a language, and speaks it from then on. */
export async function speak(wanted: Language): Promise<void> {
  const file = document.documentElement.dataset[wanted === 'zh' ? 'wordsZh' : 'wordsEn'] ?? '';
  const reply = await fetch(file);
  if (!reply.ok) throw new Error(`${file}: HTTP status ${reply.status}`);
  loaded.value = (await reply.json()) as WordFile;
  language.value = wanted;
  document.documentElement.lang = wanted === 'zh' ? 'zh-CN' : 'en';
  localStorage.setItem(kept, wanted);
}

/** In the language of now, with what belongs into its braces. */
export function say(key: WordKey, values: Readonly<Record<string, string | number>> = {}): string {
  const template = loaded.value?.console[key] ?? '';
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

function usualLanguage(): Language {
  const wanted = localStorage.getItem(kept) ?? navigator.language;
  return wanted.startsWith('zh') ? 'zh' : 'en';
}
