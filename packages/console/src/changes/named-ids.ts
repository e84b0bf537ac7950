/** Ids of objects in the words of the service, each once. */
export function idsIn(message: string): readonly string[] {
  return [...new Set(message.match(/\b[a-z]+-[0-9a-z]{8}\b/g) ?? [])];
}
