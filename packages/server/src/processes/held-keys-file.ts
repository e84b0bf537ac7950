/** Where the agent keeps the pre-shared keys that it was told. @param folder of the seam, on tmpfs. */
export function heldKeysFile(folder: string): string {
  return `${folder}/keys.json`;
}
