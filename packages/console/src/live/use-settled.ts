import { useEffect, useState } from 'preact/hooks';

const quietMs = 250;

interface Asked {
  readonly text: string;
  readonly offset: number;
}

/** What is asked of the service while somebody types: the text only once it rests, another page of it at once. */
export function useSettled(asked: Asked): Asked {
  const [settled, settle] = useState(asked);
  const { text, offset } = asked;
  useEffect(() => {
    const timer = setTimeout(() => settle({ text, offset }), quietMs);
    return () => clearTimeout(timer);
  }, [text, offset]);
  return settled.text === text ? asked : settled;
}
