/** What the wire calls a meaning; the first word where there are several. */
export function wordFor<Word extends string, Meaning>(
  meanings: Readonly<Record<Word, Meaning>>,
  meaning: Meaning,
): Word {
  const words = Object.keys(meanings) as Word[];
  const found = words.find((word) => meanings[word] === meaning);
  if (found === undefined) throw new Error(`the wire has no word for ${String(meaning)}`);
  return found;
}
