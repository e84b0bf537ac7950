/** What every device and every file format takes, without quotes around it. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** 190 bits. */
const length = 32;
/** Numbers from here on would make the first letters likelier. */
const fairBelow = 256 - (256 % alphabet.length);

/** A pre-shared key that nobody has had before. */
export function freshKey(): string {
  let key = '';
  while (key.length < length) {
    for (const number of crypto.getRandomValues(new Uint8Array(length))) {
      if (number < fairBelow && key.length < length) key += alphabet.charAt(number % alphabet.length);
    }
  }
  return key;
}
