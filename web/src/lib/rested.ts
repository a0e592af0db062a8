import { useEffect, useState } from "react";

/** The text once typing rests. */
export function useRested(text: string, pause = 150): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), pause);
    return () => clearTimeout(timer);
  }, [text, pause]);
  return rested;
}
