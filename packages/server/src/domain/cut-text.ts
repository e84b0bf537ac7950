/** At most so many UTF-16 units: where some are left out an ellipsis is the last, and no character is cut in two. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const kept = text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept}…`;
}
