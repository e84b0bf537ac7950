/** As configuration-text.ts sets the name of each file before it. */
const fileName = /^\S+ ===== (\S+)$/;

/** The text of several files without those that are scripts for a shell; every line stays at its place. */
export function withoutScripts(text: string): string {
  let isScript = false;
  const lines = text.split('\n').map((line) => {
    const name = fileName.exec(line)?.[1];
    if (name !== undefined) isScript = name.endsWith('.sh');
    return isScript ? '' : line;
  });
  return lines.join('\n');
}
